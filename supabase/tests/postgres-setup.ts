import { projectStatements } from './database.ts';
import { startCluster } from './postgres-cluster.ts';

/** One cluster for all test files of a run: each gets a copy of its template. */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startCluster(projectStatements());
  if (cluster === null) throw new Error('There is no Postgres; these tests run on PGlite only.');
  // Read by openPostgres in the processes of the tests.
  process.env['SQL_CLUSTER'] = cluster.folder;
  return async () => {
    delete process.env['SQL_CLUSTER'];
    await cluster.stop();
  };
}
