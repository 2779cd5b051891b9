import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Connection, Engine } from './database.ts';
import { startCluster, superuser, template, type Cluster } from './postgres-cluster.ts';

/** One that more connections can be made to. */
export interface PostgresEngine extends Engine {
  address: { host: string; user: string; database: string };
}

// Ours are counts and milliseconds, which PGlite and the API give as numbers too.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A database of its own with `statements` applied, in the cluster whose socket lies in SQL_CLUSTER, which has them
 * already, or in a cluster of its own. Null where no Postgres is installed.
 */
export async function openPostgres(statements: readonly string[]): Promise<PostgresEngine | null> {
  const running = process.env['SQL_CLUSTER'];
  const cluster: Cluster | null =
    running === undefined
      ? await startCluster(statements)
      : { folder: running, stop: () => Promise.resolve() };
  if (cluster === null) return null;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const first = new pg.Client({ host: cluster.folder, user: superuser, database: 'postgres' });
  await first.connect();
  await first.query(`create database ${name} template ${template}`);
  await first.end();
  const address = { host: cluster.folder, user: superuser, database: name };
  const pool = new pg.Pool({ ...address, max: 20 });
  return {
    name: 'postgres',
    address,
    ...connectionOf(pool),
    transaction: (work) => inTransaction(pool, work),
    close: async () => {
      await pool.end();
      await cluster.stop();
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

export function connectionOf(client: pg.Pool | pg.ClientBase): Connection {
  return {
    query: async (statement, values) =>
      (await client.query<Record<string, unknown>>(statement, [...values])).rows,
    execute: async (statements) => {
      await client.query(statements);
    },
  };
}
