import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type DefaultAppConfig } from '@supabase/lite';
import { applyPendingMigrations } from '@supabase/lite/cli';
import { createPgliteConnection, type PgliteConnection } from '@supabase/lite/pglite';
import { root } from './folders.ts';
import type { Mailbox } from './mailbox.ts';
import type { Keys } from './settings.ts';
import { StackError } from './stack-error.ts';

/** Postgres in this process, with Supabase's REST and Auth on it. */
export interface Database {
  /** Answers a request to `/rest/v1` or `/auth/v1`. */
  fetch: (request: Request) => Promise<Response>;
  /** Runs one statement as the owner of the database. Parameters are `$1`, `$2` … */
  sql: <Row>(statement: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  /** True where this start made the tables. */
  fresh: boolean;
  close: () => Promise<void>;
}

/**
 * Opens the database, brings it up to date and seeds it once.
 *
 * @param folder Where Postgres keeps its files; null keeps everything in memory.
 * @param mailbox Takes the codes that Auth sends.
 * @throws StackError where a migration fails, or was edited after it was applied.
 */
export async function openDatabase(
  folder: string | null,
  keys: Keys,
  mailbox: Mailbox,
): Promise<Database> {
  const connection = await createPgliteConnection({ url: folder ?? 'memory://' });
  const app = new App<DefaultAppConfig>(appConfig(keys, connection, mailbox));
  const oneAtATime = serially();
  const sql = <Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
    oneAtATime(async () => (await connection.driver.query<Row>(statement, [...parameters])).rows);
  try {
    const fresh = await migrate(app);
    await app.init();
    await refuseEdited(sql);
    if (await seedOnce(connection, sql)) await app.connection.clearSchemaCache();
    return {
      sql,
      fresh,
      fetch: (request) => oneAtATime(() => app.fetch(request, { peerAddress: null })),
      close: () => oneAtATime(() => connection.close()),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function appConfig(keys: Keys, connection: PgliteConnection, mailbox: Mailbox): DefaultAppConfig {
  const config = {
    connection,
    auth: {
      enabled: true,
      jwt_secret: keys.authJwtSecret,
      enable_signup: true,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      email: { enable_signup: true, enable_confirmations: false },
    },
    // Admin mode would answer requests without a key as the service.
    options: { server: { admin: false }, drivers: { email: mailbox } },
  };
  // lite's own type of a config demands every default; its constructor fills them in.
  return config;
}

/**
 * Runs tasks in the order in which they come. lite begins its transactions on PGlite's only connection without a lock:
 * two requests at once would run under each other's role.
 */
function serially(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

async function migrate(app: App): Promise<boolean> {
  const before = process.cwd();
  // lite looks for `supabase/migrations` in the working directory and can't be told another.
  process.chdir(root);
  try {
    const { skipped } = await applyPendingMigrations(app);
    return skipped.length === 0;
  } catch (error) {
    throw new StackError(`A migration failed. ${messageOf(error)}`, { cause: error });
  } finally {
    process.chdir(before);
  }
}

/** A migration that changes after it was applied leaves tables that no longer fit the code: better said than met later. */
async function refuseEdited(sql: Database['sql']): Promise<void> {
  await sql(`create table if not exists supabase_migrations.migration_hashes (
    name text primary key, hash text not null)`);
  const folder = join(root, 'supabase', 'migrations');
  const known = await sql<{ name: string; hash: string }>(
    'select name, hash from supabase_migrations.migration_hashes',
  );
  const hashes = new Map(known.map(({ name, hash }) => [name, hash]));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sql'))) {
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    const applied = hashes.get(name);
    if (applied === undefined) {
      await sql('insert into supabase_migrations.migration_hashes values ($1, $2)', [name, hash]);
    } else if (applied !== hash) {
      throw new StackError(
        `supabase/migrations/${name} was edited after it was applied to the local data. ` +
          'Begin anew with: npm start -- --reset',
      );
    }
  }
}

async function seedOnce(connection: PgliteConnection, sql: Database['sql']): Promise<boolean> {
  const [seeded] = await sql('select 1 from supabase_migrations.seed_files where path = $1', [
    'supabase/seed.sql',
  ]);
  if (seeded) return false;
  const text = readFileSync(join(root, 'supabase', 'seed.sql'), 'utf8');
  try {
    await connection.driver.transaction(async (transaction) => {
      await transaction.exec(text);
      await transaction.query('insert into supabase_migrations.seed_files values ($1, $2)', [
        'supabase/seed.sql',
        createHash('sha256').update(text).digest('hex'),
      ]);
    });
  } catch (error) {
    throw new StackError(`supabase/seed.sql failed. ${messageOf(error)}`, { cause: error });
  }
  return true;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
