import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { findCli, root, runCli } from './supabase-cli.ts';

/** What the Management API is sent of a function: https://api.supabase.com/api/v1, deploy a function. */
const Metadata = z.object({
  name: z.string(),
  entrypoint_path: z.string(),
  import_map_path: z.string(),
  verify_jwt: z.boolean(),
});
type Deployed = z.infer<typeof Metadata> & { files: Map<string, Uint8Array> };

const cli = findCli();
const names = readdirSync(join(root, 'supabase', 'functions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map(({ name }) => name)
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'supabase-deploy-'));
const run = promisify(execFile);
let deployed: Deployed[] = [];

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(cli === null)('supabase functions deploy', () => {
  beforeAll(async () => {
    deployed = await deploy();
    for (const { files } of deployed) {
      for (const [path, content] of files) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
    }
  }, 60_000);

  it('uploads each function, which authenticates for itself, with its import map', () => {
    const told = deployed.map(({ files: _, ...metadata }) => metadata);
    expect(told.sort((a, b) => a.name.localeCompare(b.name))).toEqual(
      names.map((name) => ({
        name,
        entrypoint_path: `supabase/functions/${name}/index.ts`,
        import_map_path: 'supabase/functions/deno.json',
        verify_jwt: false,
      })),
    );
  });

  it('packs the protocol with each, and no test', () => {
    for (const { files } of deployed) {
      const paths = [...files.keys()];
      expect(paths).toEqual(
        expect.arrayContaining([
          'packages/protocol/src/index.ts',
          'packages/protocol/src/session.ts',
        ]),
      );
      expect(paths.filter((path) => /\.test\.|\/tests\//.test(path))).toEqual([]);
    }
  });

  it('uploads all that Deno needs to check the types and to start them', async () => {
    installModules();
    const entries = names.map((name) => join(folder, 'supabase', 'functions', name, 'index.ts'));
    await deno('check', ...entries);
    // Without its variables a function ends at once, and says so: everything it imports was there.
    const starts = entries.map((entry) =>
      deno('run', '--allow-env', '--allow-net', entry).catch(
        (error: unknown) => (error as { stderr: string }).stderr,
      ),
    );
    for (const told of await Promise.all(starts)) expect(told).toContain('PROXY_URL is not set');
  }, 60_000);
});

/** Lets the CLI deploy to an API on this machine. */
async function deploy(): Promise<Deployed[]> {
  const taken: Deployed[] = [];
  const api = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        const slug = url.searchParams.get('slug');
        if (slug !== null) taken.push(await read(request.headers['content-type'], chunks));
        const one = { id: crypto.randomUUID(), slug, name: slug, status: 'ACTIVE', version: 1 };
        const reply = slug === null ? {} : { ...one, created_at: 1, updated_at: 1 };
        response.writeHead(slug === null ? 200 : 201, { 'content-type': 'application/json' });
        response.end(JSON.stringify(reply));
      })();
    });
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const profile = join(folder, 'profile.yaml');
  writeFileSync(
    profile,
    `name: test\napi_url: ${address}\ndashboard_url: ${address}\ndocs_url: ${address}\nproject_host: project.test\npooler_host: pooler.test\n`,
  );
  const made = await runCli(
    cli ?? '',
    ['functions', 'deploy', '--use-api', '--remote=abcdefghijklmnopqrst', '--profile', profile],
    { SUPABASE_ACCESS_TOKEN: `sbp_${'0'.repeat(40)}` },
  );
  api.close();
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('Deployed Functions')]);
  return taken;
}

async function read(type: string | undefined, body: Buffer[]): Promise<Deployed> {
  const form = await new Response(Buffer.concat(body), {
    headers: { 'content-type': type ?? '' },
  }).formData();
  const metadata = form.get('metadata');
  const text = typeof metadata === 'string' ? metadata : await metadata?.text();
  const files = new Map<string, Uint8Array>();
  for (const file of form.getAll('file')) {
    if (typeof file !== 'string') files.set(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  return { ...Metadata.parse(JSON.parse(text ?? '')), files };
}

/** Gives the uploaded files what npm installed, since a test downloads nothing. */
function installModules(): void {
  const functions = join(folder, 'supabase', 'functions');
  const { imports } = z
    .object({ imports: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(functions, 'deno.json'), 'utf8')));
  const versions = Object.values(imports).flatMap((target) => {
    const [, name, version] = /^npm:(@?[^@]+)@([^/]+)/.exec(target) ?? [];
    return name !== undefined && version !== undefined ? [[name, version] as const] : [];
  });
  const own = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  // Deno's types of node: modules; the hosted check fetches them.
  const types = ['@types/node', own.devDependencies['@types/node'] ?? ''] as const;
  const dependencies = Object.fromEntries([...versions, types]);
  writeFileSync(join(functions, 'package.json'), JSON.stringify({ dependencies }));
  symlinkSync(join(root, 'node_modules'), join(functions, 'node_modules'));
}

async function deno(command: string, ...args: string[]): Promise<string> {
  const { runInstall } = createRequire(join(root, 'package.json'))('deno/install_api.cjs') as {
    runInstall: () => string;
  };
  const { stdout } = await run(
    runInstall(),
    [
      command,
      ...['--quiet', '--no-lock', '--cached-only', '--node-modules-dir=manual'],
      ...['--config', join(folder, 'supabase', 'functions', 'deno.json')],
      ...args,
    ],
    {
      cwd: folder,
      env: { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
    },
  );
  return stdout;
}
