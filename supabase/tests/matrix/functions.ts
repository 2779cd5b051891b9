import { members, predicates, service } from '../api.ts';
import type { Database } from '../database.ts';
import { attempt, type Case, type Person, type Row } from './case.ts';
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
        for (const { name: who, caller } of callers) {
          const done = await attempt(connection, caller, call);
          if (done !== '42501') faults.push(`${who} calls it`);
        }
        if (schema === 'public' && service.includes(name)) {
          const done = await attempt(connection, 'service', call);
          if (done === '42501') faults.push('the service is refused');
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
  const calls = await Promise.all(
    tenants.map(async (of) => {
      const given = Object.entries((await args?.(of.first, database)) ?? {});
      const names = given.map(([key], index) => `${key} => $${index + 1}`);
      return {
        of,
        statement: `select to_jsonb(a) as answer from public.${name}(${names.join(', ')}) a`,
        values: given.map(([, value]) => value as unknown),
      };
    }),
  );
  return {
    name: `${name}: answers ${by.join(', ')} of its tenant and nobody else`,
    faults: async (connection) => {
      const faults: string[] = [];
      for (const { of, statement, values } of calls) {
        for (const person of people) {
          const done = await attempt(connection, person.caller, statement, values);
          const meant =
            person.of === of &&
            person.role !== null &&
            by.includes(person.role) &&
            (person.own === undefined || person.own === of.first);
          if (person.caller === 'anon' ? done !== '42501' : answered(done) !== meant)
            faults.push(
              `${person.name} ${meant ? 'is refused' : 'is answered'}: ${JSON.stringify(done)}`,
            );
        }
      }
      return faults;
    },
  };
}

function answered(done: Row[] | string): boolean {
  if (typeof done === 'string') return false;
  const [answer] = done.map((row) => row['answer']);
  return answer !== undefined && answer !== null && !Object.hasOwn(answer, 'error');
}
