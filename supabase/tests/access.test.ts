import { afterAll, describe, expect, it } from 'vitest';
import { members, relations, service } from './api.ts';
import { openDatabase, type Connection } from './database.ts';
import type { Case } from './matrix/case.ts';
import { openMatrix } from './matrix/matrix.ts';

// Not in a hook, because the names of tests come from the catalog.
const database = await openDatabase();
const matrix = await openMatrix(database);
afterAll(() => database.close());

async function faultsOf(
  tried: Case | undefined,
  mutate?: (connection: Connection) => Promise<void>,
): Promise<string[]> {
  if (tried === undefined) throw new Error('There is no such case.');
  let faults: string[] = [];
  await database.undone(async (connection) => {
    await mutate?.(connection);
    faults = await tried.faults(connection);
  });
  return faults;
}

const named = (cases: ReadonlyMap<string, Case>) =>
  [...cases.values()].map((tried) => [tried.name, tried] as const);

describe('the registry in api/', () => {
  it('names every table and view of the API', async () => {
    const rows = await database.sql(
      `select relname from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`,
    );
    expect(rows.map(({ relname }) => relname).sort()).toEqual(Object.keys(relations).sort());
  });

  it('names every function of the API, of which no two have the same name', async () => {
    const rows = await database.sql(
      `select proname from pg_proc where pronamespace = 'public'::regnamespace`,
    );
    expect(rows.map(({ proname }) => proname).sort()).toEqual(
      [...service, ...Object.keys(members)].sort(),
    );
  });
});

describe('tables and views', () => {
  it.each([...named(matrix.reads), ...named(matrix.writes)])('%s', async (_name, tried) => {
    expect(await faultsOf(tried)).toEqual([]);
  });

  it.each(
    Object.entries(relations).flatMap(([name, { hidden = [] }]) =>
      hidden.map((column) => [name, column]),
    ),
  )('%s hides its %s even from owners', async (relation, column) => {
    await expect(
      database.as(
        { user: matrix.northwind.tenant.owner },
        `select ${column} from public.${relation}`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('functions', () => {
  it.each([...named(matrix.reach), ...named(matrix.answers)])('%s', async (_name, tried) => {
    expect(await faultsOf(tried)).toEqual([]);
  });
});

describe('rows that stand', () => {
  it.each(
    Object.entries(relations).flatMap(([name, { stands }]) => (stands ? [[name, stands]] : [])),
  )('%s: no %s is changed even by the owner of the database', async (relation, column) => {
    await expect(
      database.sql(`update public.${relation} set ${column} = ${column}`),
    ).rejects.toMatchObject({ code: '23001' });
  });

  it('a plan that was used stands too, a text that candidates agree to does not', async () => {
    const { interview } = matrix.northwind.tenant;
    await expect(
      database.sql('update public.interviews set duration_s = 61 where id = $1', interview),
    ).rejects.toMatchObject({ code: '23001' });
    await database.undone(async (connection) => {
      await connection.query(`update public.interviews set title = 'Lead' where id = $1`, [
        interview,
      ]);
    });
  });
});

// What would open the database, each made in a transaction of its own and found by a case from above.

const policies = (
  await database.sql(
    `select policyname, tablename from pg_policies where schemaname = 'public' order by 2, 1`,
  )
).map(({ policyname, tablename }) => [String(tablename), String(policyname)] as const);
const tables = (
  await database.sql(
    `select relname, has_table_privilege('authenticated', oid, 'select') as open from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
).map(({ relname, open }) => ({ name: String(relname), open: open === true }));
const views = (
  await database.sql(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'`,
  )
).map(({ relname }) => String(relname));
const definers = (
  await database.sql(
    `select oid::regprocedure::text as signature from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace) and prosecdef order by 1`,
  )
).map(({ signature }) => String(signature));

describe('mutants that are found', () => {
  it('are as many as there are policies, tables, views and functions with rights of their own', () => {
    expect(policies.length).toBeGreaterThan(25);
    expect(tables.length).toBeGreaterThan(25);
    expect(views).not.toEqual([]);
    expect(definers.length).toBeGreaterThan(55);
  });

  it.each(policies)('%s without “%s”: somebody reads too little', async (table, policy) => {
    const faults = await faultsOf(matrix.reads.get(table), (connection) =>
      connection.execute(`drop policy "${policy}" on public.${table}`),
    );
    expect(faults).toContainEqual(expect.stringMatching(/reads \d+ rows of [1-9]/));
  });

  it.each(policies)('%s with “%s” for all rows: a stranger reads', async (table, policy) => {
    const faults = await faultsOf(matrix.reads.get(table), (connection) =>
      connection.execute(
        `drop policy "${policy}" on public.${table};
         create policy "${policy}" on public.${table} to authenticated using (true) with check (true)`,
      ),
    );
    expect(faults).toContainEqual(expect.stringMatching(/^stranger reads \d+ rows of 0/));
  });

  it.each(tables.filter(({ open }) => open))(
    '$name without row level security: a stranger reads',
    async ({ name }) => {
      const faults = await faultsOf(matrix.reads.get(name), (connection) =>
        connection.execute(`alter table public.${name} disable row level security`),
      );
      expect(faults).toContainEqual(expect.stringMatching(/^stranger reads \d+ rows of 0/));
    },
  );

  it.each(tables.filter(({ open }) => !open))(
    '$name granted to everybody: still nobody reads, and without row level security somebody does',
    async ({ name }) => {
      const faults = await faultsOf(matrix.reads.get(name), (connection) =>
        connection.execute(`grant all on public.${name} to authenticated`),
      );
      expect(faults).toEqual([]);
      const open = await faultsOf(matrix.reads.get(name), (connection) =>
        connection.execute(
          `grant all on public.${name} to authenticated;
           alter table public.${name} disable row level security`,
        ),
      );
      expect(open).toContainEqual(expect.stringMatching(/^stranger reads \d+ rows of 0/));
    },
  );

  it.each(tables)('$name granted to everybody for writing: somebody writes', async ({ name }) => {
    const faults = await faultsOf(matrix.writes.get(name), (connection) =>
      connection.execute(`grant all on public.${name} to authenticated`),
    );
    expect(faults).toContainEqual(expect.stringMatching(/^owner of Northwind may: /));
  });

  it.each(views)('%s with the rights of its owner: a stranger reads', async (view) => {
    const faults = await faultsOf(matrix.reads.get(view), (connection) =>
      connection.execute(`alter view public.${view} reset (security_invoker)`),
    );
    expect(faults).toContainEqual(expect.stringMatching(/^stranger reads \d+ rows of 0/));
  });

  it.each(definers)('%s granted to public: anon reaches it', async (signature) => {
    const faults = await faultsOf(matrix.reach.get(signature), (connection) =>
      connection.execute(`grant execute on function ${signature} to public`),
    );
    expect(faults).toContain('anon has the right to call it');
    // What lies behind the API is out of reach by its schema too.
    expect(faults.includes('anon calls it')).toBe(!signature.startsWith('private.'));
  });
});
