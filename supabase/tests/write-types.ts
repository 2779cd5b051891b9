import { writeFileSync } from 'node:fs';
import { projectStatements } from './database.ts';
import { typesFile, typesOf } from './database-types.ts';
import { findCli, openTarget } from './supabase-cli.ts';

/** Writes `database.types.ts` anew: `npm run types -w supabase`. */
const cli = findCli();
const target = await openTarget(projectStatements());
if (cli === null || target === null) throw new Error('This takes the Supabase CLI and a Postgres.');
try {
  writeFileSync(typesFile, await typesOf(cli, target.url));
} finally {
  await target.close();
}
