import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations, openDatabase, type Connection, type Database } from './database.ts';
import { lints, type Lint } from './lints.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

async function found({ query }: Lint, before?: string): Promise<unknown[]> {
  let names: unknown[] = [];
  await database.undone(async (connection: Connection) => {
    // As the API is set up: without it several rules find nothing.
    await connection.execute(`set local pgrst.db_schemas = 'public, graphql_public'`);
    if (before !== undefined) await connection.execute(before);
    names = (await connection.query(query, [])).map((row) => Object.values(row)[0]);
  });
  return names;
}

describe.each(lints.map((lint) => [`${lint.level} ${lint.name}`, lint] as const))(
  'of Supabase’s linter, %s',
  (_name, lint) => {
    it('finds nothing', async () => {
      expect(await found(lint)).toEqual([]);
    });

    it('would find it', async () => {
      expect(await found(lint, lint.mistake)).not.toEqual([]);
    });
  },
);

it('is spared the whole schema over GraphQL, which projects have and nothing here asks (0026, 0027)', () => {
  expect(migrations().join('\n')).toMatch(/^drop extension if exists pg_graphql;/m);
});
