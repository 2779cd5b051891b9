import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root, runCli } from './supabase-cli.ts';

/** Where the types of the database are kept. */
export const typesFile = join(root, 'supabase', 'database.types.ts');

/** The types of the database at `url`, as the CLI writes them, in the format of this repository. */
export async function typesOf(cli: string, url: string): Promise<string> {
  const made = await runCli(cli, ['gen', 'types', '--schema', 'public', `--remote=${url}`]);
  if (made.code !== 0) throw new Error(made.output);
  const head = '// Made by `npm run types -w supabase` from the migrations; never edited.\n';
  return format(head + made.stdout, { ...(await resolveConfig(typesFile)), parser: 'typescript' });
}
