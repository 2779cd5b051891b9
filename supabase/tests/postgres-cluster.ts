import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** A Postgres that runs for as long as it is wanted. */
export interface Cluster {
  /** Where its socket lies. */
  folder: string;
  stop: () => Promise<void>;
}

/** The account of every database in a cluster. */
export const superuser = 'postgres';
/** The database that those of tests are copied from. */
export const template = 'project';

/** Where packages for Linux and macOS put the programs of Postgres, newest first behind the one that is asked for. */
const usual = [
  '/usr/lib/postgresql/15/bin',
  '/usr/pgsql-15/bin',
  '/opt/homebrew/opt/postgresql@15/bin',
  '/usr/local/opt/postgresql@15/bin',
  '/Applications/Postgres.app/Contents/Versions/15/bin',
  '/usr/local/pgsql/bin',
];

/** Where the programs of Postgres 15 are, or of a later one where there is none; null where there is none at all. */
export function findPostgres(): string | null {
  const debian = '/usr/lib/postgresql';
  const later = existsSync(debian)
    ? readdirSync(debian)
        .filter((version) => Number(version) > 15)
        .map((version) => join(debian, version, 'bin'))
    : [];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const complete = [...usual, ...onPath, ...later].filter((folder) =>
    ['initdb', 'pg_ctl', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
  return complete[0] ?? null;
}

/**
 * Starts a cluster with a template of all migrations. Null where no Postgres is installed.
 *
 * @param port of loopback, for programs that know no sockets; else it listens nowhere but at its socket
 */
export async function startCluster(
  statements: readonly string[],
  port?: number,
): Promise<Cluster | null> {
  const programs = findPostgres();
  if (programs === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'interview-sql-'));
  // Postgres refuses to run as root, so root lends its folder to the account that came with it.
  const account = process.getuid?.() === 0 ? accountOf('postgres') : null;
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const ctl = (...args: string[]) =>
    run(join(programs, 'pg_ctl'), ['-D', data, '-w', ...args], { ...account });
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', superuser, '-A', 'trust', '-N', '-E', 'UTF8', '--no-locale'],
    { ...account },
  );
  const addresses = port === undefined ? `''` : `127.0.0.1 -p ${port}`;
  const settings = `-k ${folder} -c listen_addresses=${addresses} -c fsync=off -c max_connections=200`;
  await ctl('start', '-l', join(folder, 'log'), '-o', settings);
  const stop = async () => {
    await ctl('stop', '-m', 'immediate');
    rmSync(folder, { recursive: true });
  };
  try {
    await fill(folder, port, statements);
  } catch (error) {
    await stop();
    throw error;
  }
  return { folder, stop };
}

async function fill(
  folder: string,
  port = 5432,
  statements: readonly string[] = [],
): Promise<void> {
  const at = { host: folder, port, user: superuser };
  const first = new pg.Client({ ...at, database: 'postgres' });
  await first.connect();
  await first.query(`create database ${template}`);
  await first.end();
  const client = new pg.Client({ ...at, database: template });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function accountOf(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`There is no account ${name}.`);
  return { uid: Number(uid), gid: Number(gid) };
}
