import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * How large the functions are, and how long a cold one takes: `npm run bench:functions -w supabase`. Cold is a new process
 * of Deno, with its code compiled before, as far as its first answer; the hosted runtime begins from a packed bundle.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const functions = join(root, 'supabase', 'functions');
const names = readdirSync(functions, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map(({ name }) => name);
const STARTS = 15;
const PORT = 47_990;
const POLL_MS = 2;
const environment = {
  DENO_DIR: join(tmpdir(), 'interview-bench-deno'),
  DENO_NO_UPDATE_CHECK: '1',
  DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${PORT}`,
  PROXY_URL: 'http://127.0.0.1:1',
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_SECRET_KEY: 'sb_secret_0123456789abcdef',
  JWT_SECRET: 'a secret of more than thirty-two bytes',
};

console.log('function               files   code KB  packed KB   first answer ms: p50 / p95');
for (const name of names) {
  const { files, code, packed } = await size(name);
  await coldStart(name);
  const took: number[] = [];
  for (let n = 0; n < STARTS; n += 1) took.push(await coldStart(name));
  took.sort((a, b) => a - b);
  const at = (share: number) => (took[Math.ceil(STARTS * share) - 1] ?? NaN).toFixed(0);
  console.log(
    [
      name.padEnd(22),
      String(files).padStart(5),
      (code / 1024).toFixed(1).padStart(9),
      (packed / 1024).toFixed(1).padStart(10),
      `${at(0.5)} / ${at(0.95)}`.padStart(26),
    ].join(' '),
  );
}

/** Of the whole import graph, with what it takes from npm, as one minified file. */
async function size(name: string): Promise<{ files: number; code: number; packed: number }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(functions, name, 'index.ts')],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    conditions: ['source', 'import'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    files: Object.keys(metafile.inputs).length,
    code: contents.length,
    packed: brotliCompressSync(contents).length,
  };
}

/** From the process's beginning to its first refusal of an empty request, milliseconds. */
async function coldStart(name: string): Promise<number> {
  const { runInstall } = createRequire(join(root, 'package.json'))('deno/install_api.cjs') as {
    runInstall: () => string;
  };
  const began = performance.now();
  const process = spawn(
    runInstall(),
    [
      ...['run', '--quiet', '--no-lock', '--node-modules-dir=manual', '--allow-all'],
      ...['--config', join(functions, 'deno.json'), join(functions, name, 'index.ts')],
    ],
    { env: environment, stdio: 'ignore' },
  );
  try {
    await firstAnswer(process);
    return performance.now() - began;
  } finally {
    process.kill('SIGKILL');
    if (process.exitCode === null) await once(process, 'exit');
  }
}

async function firstAnswer(process: ChildProcess): Promise<void> {
  while (process.exitCode === null) {
    const reply = await fetch(`http://127.0.0.1:${PORT}/`, { method: 'POST' }).catch(() => null);
    await reply?.body?.cancel();
    if (reply) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Deno ended with ${process.exitCode}.`);
}
