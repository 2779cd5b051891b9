import { relations } from '../api.ts';
import type { Database } from '../database.ts';
import { attempt, type Case, type Person, type Row } from './case.ts';
import type { Shape } from './shape.ts';
import type { Populated } from './whole-tenant.ts';

const texts = (rows: Row[]) => rows.map((row) => JSON.stringify(row['row'])).sort();
const same = (a: string[], b: string[]) => JSON.stringify(a) === JSON.stringify(b);

/** Who reads which rows of a relation. */
export async function reading(
  { sql }: Database,
  people: readonly Person[],
  tenants: readonly Populated[],
  relation: string,
  { shown, tenant, candidate }: Shape,
): Promise<Case> {
  const { readers = [] } = relations[relation] ?? {};
  const select = `select to_jsonb(t) as row from (select ${shown} from public.${relation}) t`;
  const owned = (condition: string, id: string) =>
    sql(
      `select to_jsonb(t) as row from (select ${shown} from public.${relation} where ${condition}) t`,
      id,
    ).then(texts);
  const meant = new Map<Person, string[]>();
  for (const person of people) {
    const reads = person.of !== null && person.role !== null && readers.includes(person.role);
    const whose = person.own?.session ?? person.of?.tenant.id ?? '';
    meant.set(
      person,
      reads ? await owned(person.role === 'candidate' ? candidate : tenant, whose) : [],
    );
  }
  const all = await Promise.all(tenants.map((of) => owned(tenant, of.tenant.id)));
  return {
    name: `${relation}: each reads their own rows and no other`,
    faults: async (connection) => {
      const faults = all.flatMap((rows, index) =>
        rows.length > 0 ? [] : [`tenant ${index} has no row, which proves nothing`],
      );
      const callers = [...people.map(({ caller }) => caller), 'service' as const];
      const outcomes = await attempt(
        connection,
        callers.map((caller) => ({ caller, statement: select, reads: true })),
      );
      const served = outcomes.pop() ?? '';
      for (const [index, person] of people.entries()) {
        const seen = outcomes[index] ?? '';
        const wanted = meant.get(person) ?? [];
        // Whoever reads nothing may be refused, and anon must be.
        if (seen === '42501' && same(wanted, [])) continue;
        if (typeof seen === 'string') faults.push(`${person.name} is refused (${seen})`);
        else if (person.caller === 'anon') faults.push('anon is let in');
        else if (!same(texts(seen), wanted))
          faults.push(`${person.name} reads ${seen.length} rows of ${wanted.length}`);
      }
      if (typeof served === 'string' || served.length < all.flat().length)
        faults.push('the service does not read all');
      return faults;
    },
  };
}
