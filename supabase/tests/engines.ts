import { findPostgres } from './postgres-cluster.ts';

/** Says once a run where the SQL tests run. */
export default function engines(): void {
  const programs = findPostgres();
  console.log(
    programs === null
      ? 'SQL tests run on PGlite only: no Postgres (initdb, pg_ctl, postgres) was found on PATH or where packages put it.'
      : `SQL tests run on PGlite, and those of access and of many at once on the Postgres in ${programs} too.`,
  );
}
