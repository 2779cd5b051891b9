import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Connection, Engine } from './database.ts';

const binaries = '/usr/lib/postgresql/15/bin';
const run = promisify(execFile);
// Ours are counts and milliseconds, which PGlite and the API give as numbers too.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A cluster of its own, and where others reach it. */
export interface PostgresEngine extends Engine {
  /** Over TCP on this machine; null where it only has a socket. */
  url: string | null;
}

/**
 * An own cluster of the Postgres that is installed, or null where none is.
 *
 * @param port where it listens on loopback besides, for tools that know no sockets
 */
export async function openPostgres(port?: number): Promise<PostgresEngine | null> {
  if (!existsSync(join(binaries, 'initdb'))) {
    console.warn(`There is no Postgres in ${binaries}; the tests run on PGlite.`);
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'interview-sql-'));
  // Postgres refuses to run as root, so root lends its folder to the account that came with it.
  const account = process.getuid?.() === 0 ? accountOf('postgres') : null;
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const ctl = (...args: string[]) =>
    run(join(binaries, 'pg_ctl'), ['-D', data, '-w', ...args], { ...account });
  await run(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N'], {
    ...account,
  });
  const tcp = port === undefined ? `-c listen_addresses=''` : `-c listen_addresses=127.0.0.1`;
  const settings = `-k ${folder} -p ${port ?? 5432} ${tcp} -c fsync=off`;
  await ctl('start', '-l', join(folder, 'log'), '-o', settings);
  const at = { host: folder, port: port ?? 5432, user: 'postgres', database: 'postgres' };
  const pool = new pg.Pool({ ...at, max: 20 });
  return {
    name: 'postgres',
    url: port === undefined ? null : `postgresql://postgres@127.0.0.1:${port}/postgres`,
    ...connectionOf(pool),
    transaction: (work) => inTransaction(pool, work),
    close: async () => {
      await pool.end();
      await ctl('stop', '-m', 'immediate');
      rmSync(folder, { recursive: true });
    },
  };
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(connectionOf(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

function connectionOf(client: pg.Pool | pg.PoolClient): Connection {
  return {
    query: async (statement, values) =>
      (await client.query<Record<string, unknown>>(statement, [...values])).rows,
    execute: async (statements) => {
      await client.query(statements);
    },
  };
}

function accountOf(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`There is no account ${name}.`);
  return { uid: Number(uid), gid: Number(gid) };
}
