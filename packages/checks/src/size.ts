import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { root } from './imports.ts';

/** Marks of the product: brotli 11, bytes, everything included. */
const KB = 1000;

interface Part {
  name: string;
  code: Uint8Array;
}

/** Bundles and shortens what `contents` loads at once; `onDemand` is told of each module that it loads later. */
async function bundle(contents: string, onDemand: (path: string) => void): Promise<Uint8Array> {
  const later: Plugin = {
    name: 'on-demand',
    setup(builder) {
      builder.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return null;
        onDemand(resolve(resolveDir, path));
        return { path, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${root}packages/checks`, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['source', 'browser'],
    plugins: [later],
  });
  const code = outputFiles[0]?.text ?? '';
  // Statements repeat each other better than a chain of commas does.
  const compress = { passes: 3, inline: 0, sequences: false };
  const short = await minify(code, {
    module: true,
    ecma: 2020,
    compress,
    format: { comments: false },
  });
  return new TextEncoder().encode(short.code);
}

/** What a page loads to hold an interview, first, then what it loads only when that is asked for. */
async function sdk(): Promise<Part[]> {
  const later = new Set<string>();
  const entry = `export { InterviewSession, InterviewError } from '@interview/rtc';`;
  const parts = [{ name: 'entry', code: await bundle(entry, (path) => later.add(path)) }];
  for (const path of later) {
    const code = await bundle(`export * from ${JSON.stringify(path)};`, (more) => later.add(more));
    parts.push({ name: basename(path, '.ts'), code });
  }
  return parts;
}

/** The file of the script tag, first, then what lies beside it. */
function scriptTag(): Part[] {
  const dist = `${root}packages/room/dist/`;
  if (!existsSync(`${dist}ai-interview-room.js`)) throw new Error('Run npm run build first.');
  return readdirSync(dist)
    .filter((file) => /^ai-interview-room(\.[a-z-]+)?\.js$/.test(file))
    .map((name) => ({ name, code: readFileSync(dist + name) }))
    .sort((a, b) => b.code.length - a.code.length);
}

const marks = [
  { name: '@interview/rtc with its dependencies', limit: 20 * KB, parts: await sdk() },
  { name: 'ai-interview-room.js with Lit and the SDK', limit: 40 * KB, parts: scriptTag() },
];

function brotli(code: Uint8Array): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

const kilobytes = (bytes: number): string => `${(bytes / KB).toFixed(1)} KB`;

let tooLarge = false;
for (const { name, limit, parts } of marks) {
  const [bytes = 0, ...others] = parts.map(({ code }) => brotli(code));
  const fits = bytes <= limit;
  tooLarge ||= !fits;
  console.log(
    `${fits ? 'ok  ' : 'FAIL'}  ${name}: ${kilobytes(bytes)} of ${kilobytes(limit)} (brotli)`,
  );
  for (const [index, size] of others.entries()) {
    console.log(`      on demand: ${parts[index + 1]?.name ?? ''} ${kilobytes(size)}`);
  }
}
process.exit(tooLarge ? 1 : 0);
