import { members, predicates, service } from '../api.ts';
import type { Database } from '../database.ts';
import { attempt, literal, type Case, type Person, type Row } from './case.ts';
import type { Populated } from './whole-tenant.ts';

/** For each function of ours, by its signature: which roles may call it at all. */
export async function reaching(
  { sql }: Database,
  people: readonly Person[],
): Promise<ReadonlyMap<string, Case>> {
  const functions = await sql(
    `select p.oid::regprocedure::text as signature, n.nspname as schema, p.proname as name, p.proisstrict as strict,
       format('select %s(%s)', p.oid::regproc, (
         select string_agg('null::' || format_type(t, null), ', ' order by o)
         from unnest(p.proargtypes) with ordinality a (t, o)
       )) as call
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('public', 'private') order by 1`,
  );
  const cases = new Map<string, Case>();
  for (const row of functions) {
    const [signature, schema, name, call] = ['signature', 'schema', 'name', 'call'].map((key) =>
      String(row[key]),
    ) as [string, string, string, string];
    const signedIn = name in members || (schema === 'private' && predicates.includes(name));
    cases.set(signature, {
      name: `${signature}: reached by ${signedIn ? 'people who signed in' : 'the service only'}`,
      faults: async (connection) => {
        const faults: string[] = [];
        const [rights] = await connection.query(
          `select has_function_privilege('anon', $1, 'execute') as anon,
             has_function_privilege('authenticated', $1, 'execute') as authenticated`,
          [signature],
        );
        if (rights?.['anon'] !== false) faults.push('anon has the right to call it');
        if (rights?.['authenticated'] !== signedIn)
          faults.push(`authenticated ${signedIn ? 'has no' : 'has the'} right to call it`);
        // What is null where an argument is null is never called, so that nobody is refused.
        const callers = row['strict'] === true ? [] : signedIn ? people.slice(0, 1) : people;
        const outcomes = await attempt(
          connection,
          [...callers.map(({ caller }) => caller), 'service' as const].map((caller) => ({
            caller,
            statement: call,
            reads: false,
          })),
        );
        if (outcomes.pop() === '42501' && schema === 'public' && service.includes(name))
          faults.push('the service is refused');
        for (const [index, { name: who }] of callers.entries()) {
          if (outcomes[index] !== '42501') faults.push(`${who} calls it`);
        }
        return faults;
      },
    });
  }
  return cases;
}

/** Whom a function answers that signed-in people call, asked about an interview of each tenant. */
export async function answering(
  database: Database,
  people: readonly Person[],
  tenants: readonly Populated[],
  name: string,
): Promise<Case> {
  const { by = [], args } = members[name] ?? {};
  const statements = await Promise.all(
    tenants.map(async (of) => {
      const given = Object.entries((await args?.(of.first, database)) ?? {});
      const named = given.map(([key, value]) => `${key} => ${literal(value)}`);
      const statement = `select to_jsonb(a) as answer from public.${name}(${named.join(', ')}) a`;
      return people.map((person) => ({
        person,
        caller: person.caller,
        statement,
        reads: true,
        meant:
          person.of === of &&
          person.role !== null &&
          by.includes(person.role) &&
          (person.own === undefined || person.own === of.first),
      }));
    }),
  );
  const tries = statements.flat();
  return {
    name: `${name}: answers ${by.join(', ')} of its tenant and nobody else`,
    faults: async (connection) => {
      const outcomes = await attempt(connection, tries);
      return tries.flatMap(({ person, meant }, index) => {
        const outcome = outcomes[index] ?? '';
        if (person.caller === 'anon' ? outcome === '42501' : answered(outcome) === meant) return [];
        return [
          `${person.name} ${meant ? 'is refused' : 'is answered'}: ${JSON.stringify(outcome)}`,
        ];
      });
    },
  };
}

function answered(outcome: Row[] | string): boolean {
  if (typeof outcome === 'string') return false;
  const [answer] = outcome.map((row) => row['answer']);
  return answer !== undefined && answer !== null && !Object.hasOwn(answer, 'error');
}
