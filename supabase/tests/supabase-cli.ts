import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startCluster, superuser, template } from './postgres-cluster.ts';

/** The repository's root, from which the CLI is run. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a run of the CLI left behind. */
export interface Run {
  code: number;
  stdout: string;
  /** With what it tells people beside its result. */
  output: string;
}

/** The Supabase CLI that npm installed, or null where there is none for this system. */
export function findCli(): string | null {
  const found = createRequire(import.meta.url);
  try {
    // The package itself is a door: its program comes in a package of its own for each system.
    const name = `@supabase/cli-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
    const program = join(found.resolve(`${name}/package.json`), '..', 'bin', 'supabase');
    if (existsSync(program)) return program;
  } catch {
    // Said below.
  }
  console.warn('npm has no Supabase CLI for this system; what it accepts is not tested.');
  return null;
}

/** Runs the CLI from the repository's root. It asks nobody for updates and tells nobody of its use. */
export function runCli(
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Run> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: mkdtempSync(join(tmpdir(), 'supabase-cli-')),
    DO_NOT_TRACK: '1',
    SUPABASE_NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    // A cluster of tests has no certificate.
    PGSSLMODE: 'disable',
    ...environment,
  };
  const options = { cwd: root, env, maxBuffer: 16 * 1024 * 1024, timeout: 50_000 };
  return new Promise((resolve) => {
    execFile(program, [...args, '--yes', '--agent', 'no'], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, output: stdout + stderr });
    });
  });
}

/** A Postgres that the CLI reaches. */
export interface Target {
  /** Of a database that was made as `statements` say. */
  url: string;
  execute: (statements: string) => Promise<void>;
  query: (statement: string) => Promise<unknown[]>;
  close: () => Promise<void>;
}

/** Starts one; null where no Postgres is installed. */
export async function openTarget(statements: readonly string[]): Promise<Target | null> {
  const port = await freePort();
  const cluster = await startCluster(statements, port);
  if (cluster === null) return null;
  const url = `postgresql://${superuser}@127.0.0.1:${port}/${template}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    execute: async (text) => {
      await client.query(text);
    },
    query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
    close: async () => {
      await client.end();
      await cluster.stop();
    },
  };
}

/** A port of this machine that nobody uses. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
