import { writeFileSync } from 'node:fs';
import { migrations, platform } from './database.ts';
import { typesFile, typesOf } from './database-types.ts';
import { openPostgres } from './postgres.ts';
import { findCli, freePort } from './supabase-cli.ts';

/** Writes `database.types.ts` anew: `npm run types -w supabase`. */
const cli = findCli();
const postgres = await openPostgres(await freePort());
if (cli === null || !postgres?.url) throw new Error('This takes the Supabase CLI and Postgres 15.');
try {
  for (const statement of [platform, ...migrations()]) await postgres.execute(statement);
  writeFileSync(typesFile, await typesOf(cli, postgres.url));
} finally {
  await postgres.close();
}
