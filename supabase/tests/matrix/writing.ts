import { relations } from '../api.ts';
import type { Database } from '../database.ts';
import { attempt, type Case, type Person } from './case.ts';
import type { Shape } from './shape.ts';
import type { Populated } from './whole-tenant.ts';

/** Who writes a relation past the functions: with rows of another tenant, to another tenant, and away. */
export async function writing(
  { sql }: Database,
  people: readonly Person[],
  tenants: readonly Populated[],
  relation: string,
  { tenant, tenantColumn, settable }: Shape,
): Promise<Case> {
  const columns = (
    await sql(
      `select attname from pg_attribute where attrelid = ('public.' || $1)::regclass and attnum > 0
         and not attisdropped and attidentity = '' and attgenerated = ''`,
      relation,
    )
  ).map(({ attname }) => String(attname));
  const rowOf = async (of: Populated) => {
    const [found] = await sql(
      `select to_jsonb(t) as row from public.${relation} t where ${tenant} limit 1`,
      of.tenant.id,
    );
    return JSON.stringify(found?.['row']);
  };
  const moved = tenantColumn === null ? `${settable} = ${settable}` : `${tenantColumn} = $2`;
  const tries: [string, (own: Populated, other: Populated) => Promise<[string, unknown[]]>][] = [
    [
      'inserts a row of another tenant',
      async (_own, other) => [
        `insert into public.${relation} (${columns.join(', ')})
         select ${columns.join(', ')} from jsonb_populate_record(null::public.${relation}, $1::jsonb)`,
        [await rowOf(other)],
      ],
    ],
    [
      'moves rows to another tenant',
      (own, other) =>
        Promise.resolve([
          `update public.${relation} set ${moved} where ${tenant}`,
          tenantColumn === null ? [own.tenant.id] : [own.tenant.id, other.tenant.id],
        ]),
    ],
    [
      'deletes rows of another tenant',
      (_own, other) =>
        Promise.resolve([`delete from public.${relation} where ${tenant}`, [other.tenant.id]]),
    ],
    [
      'deletes rows of their own',
      (own) => Promise.resolve([`delete from public.${relation} where ${tenant}`, [own.tenant.id]]),
    ],
  ];
  const statements: [string, Populated, [string, unknown[]]][] = [];
  for (const own of tenants) {
    const other = tenants.find((of) => of !== own) ?? own;
    for (const [what, make] of tries) statements.push([what, own, await make(own, other)]);
  }
  const serviceWrites = relations[relation]?.serviceWrites ?? false;
  return {
    name: `${relation}: nobody writes past the functions`,
    faults: async (connection) => {
      const faults: string[] = [];
      for (const [what, own, [statement, values]] of statements) {
        for (const person of people) {
          if (person.of !== null && person.of !== own) continue;
          const done = await attempt(connection, person.caller, statement, values);
          // 55000: a view that nobody can write to, with or without a right to.
          if (done !== '42501' && done !== '55000') faults.push(`${person.name} ${what}`);
        }
        const served = await attempt(connection, 'service', statement, values);
        const refused = served === '42501' || served === '55000';
        if (refused === serviceWrites)
          faults.push(`the service ${refused ? 'is refused' : 'may'}: ${what}`);
      }
      return faults;
    },
  };
}
