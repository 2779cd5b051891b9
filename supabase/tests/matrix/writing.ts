import { relations } from '../api.ts';
import type { Database } from '../database.ts';
import { attempt, literal, type Case, type Person, type Try } from './case.ts';
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
    return literal(found?.['row']);
  };
  const of = ({ tenant: { id } }: Populated) => tenant.replaceAll('$1', literal(id));
  const statementsOf = async (own: Populated, other: Populated): Promise<[string, string][]> => [
    [
      'inserts a row of another tenant',
      `insert into public.${relation} (${columns.join(', ')})
       select ${columns.join(', ')} from jsonb_populate_record(null::public.${relation}, ${await rowOf(other)})`,
    ],
    [
      'moves rows to another tenant',
      `update public.${relation} set ${
        tenantColumn === null
          ? `${settable} = ${settable}`
          : `${tenantColumn} = ${literal(other.tenant.id)}`
      } where ${of(own)}`,
    ],
    ['deletes rows of another tenant', `delete from public.${relation} where ${of(other)}`],
    ['deletes rows of their own', `delete from public.${relation} where ${of(own)}`],
  ];
  const tries: (Try & { who: string; what: string })[] = [];
  for (const own of tenants) {
    const other = tenants.find((one) => one !== own) ?? own;
    const some = people.filter((person) => person.of === null || person.of === own);
    for (const [what, statement] of await statementsOf(own, other)) {
      const tried = { what, statement, reads: false };
      tries.push({ ...tried, who: 'the service', caller: 'service' });
      for (const { name, caller } of some) tries.push({ ...tried, who: name, caller });
    }
  }
  const serviceWrites = relations[relation]?.serviceWrites ?? false;
  return {
    name: `${relation}: nobody writes past the functions`,
    faults: async (connection) => {
      const outcomes = await attempt(connection, tries);
      return tries.flatMap(({ caller, who, what }, index) => {
        // 55000: a view that nobody can write to, with or without a right to.
        const refused = outcomes[index] === '42501' || outcomes[index] === '55000';
        if (refused === !(caller === 'service' && serviceWrites)) return [];
        return [`${who} ${refused ? 'is refused what they may' : 'may'}: ${what}`];
      });
    },
  };
}
