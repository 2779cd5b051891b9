import type { Database } from '../tests/database.ts';

/** Makes Postgres wait for the disk at each commit or not, and writes what is outstanding, so that it costs nobody. */
export async function settleDisk({ sql }: Database, fsync: boolean): Promise<void> {
  await sql(`alter system set fsync = ${fsync ? 'on' : 'off'}`);
  await sql('select pg_reload_conf()');
  await sql('checkpoint');
}
