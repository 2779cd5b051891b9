import {
  ConnectionState,
  ConsentRequest,
  EndReason,
  EntryStatus,
  InterviewMode,
  InterviewPhase,
  InterviewPlan,
  OfferReason,
  SessionStatus,
  Speaker,
  WebhookType,
} from '@interview/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { members, predicates, relations } from './api.ts';
import { openDatabase, seed, type Database } from './database.ts';
import { sha256 } from './world.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const column = async (statement: string) =>
  (await database.sql(statement)).map((row) => Object.values(row)[0]);

describe('the one vocabulary', () => {
  it.each([
    ['interview_sessions_status_check', SessionStatus.options],
    ['interview_sessions_phase_check', InterviewPhase.options],
    ['interview_sessions_mode_check', InterviewMode.options],
    ['interview_sessions_end_reason_check', EndReason.options],
    ['session_calls_reason_check', OfferReason.options],
    ['interview_sessions_connection_state_check', ConnectionState.options],
    ['session_calls_connection_state_check', ConnectionState.options],
    ['transcript_entries_role_check', Speaker.options],
    ['transcript_entries_status_check', EntryStatus.options],
    ['webhook_endpoints_types_check', WebhookType.options],
  ])('%s allows what the protocol names', async (constraint, words) => {
    const [row] = await database.sql(
      'select pg_get_constraintdef(oid) as definition from pg_constraint where conname = $1',
      constraint,
    );
    const allowed = [...String(row?.['definition']).matchAll(/'([a-z_.]+)'::text/g)].map(
      ([, word]) => word,
    );
    expect(allowed.sort()).toEqual([...words].sort());
  });
});

describe('every table', () => {
  it('has row level security', async () => {
    const open = await column(`
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relrowsecurity`);
    expect(open).toEqual([]);
  });

  it('gives anon nothing, and authenticated reading at most', async () => {
    const granted = await column(`
      select table_name || ' ' || privilege_type || ' to ' || grantee
      from information_schema.role_table_grants
      where table_schema in ('public', 'private')
        and (grantee in ('anon', 'PUBLIC') or grantee = 'authenticated' and privilege_type <> 'SELECT')`);
    expect(granted).toEqual([]);
  });

  it('whose rows change by functions only is closed to writing for the service too', async () => {
    const writable = await column(`
      select distinct table_name from information_schema.role_table_grants
      where table_schema = 'public' and grantee = 'service_role' and privilege_type <> 'SELECT'`);
    const meant = Object.entries(relations).filter(([, { serviceWrites }]) => serviceWrites);
    expect(writable.sort()).toEqual(meant.map(([name]) => name).sort());
  });

  it('has policies for signed-in readers only, each named as a sentence', async () => {
    const odd = await column(`
      select policyname from pg_policies where schemaname = 'public'
        and (roles <> '{authenticated}' or cmd <> 'SELECT' or policyname !~ '^[A-Z][a-z]+ .* .*')`);
    expect(odd).toEqual([]);
  });

  it('asks who reads once a statement, not once a row', async () => {
    const slow = await column(`
      select tablename || ': ' || qual from pg_policies where schemaname = 'public'
        and qual !~ '^\\(?\\w+ = (ANY )?\\(*\\s*SELECT (private|auth)\\.'`);
    expect(slow).toEqual([]);
  });

  it('has an index for each foreign key that deletions follow', async () => {
    const slow = await column(`
      select c.conrelid::regclass || ' ' || c.conname
      from pg_constraint c
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confdeltype in ('c', 'n')
        and not exists (
          select from pg_index i
          where i.indrelid = c.conrelid and (i.indkey::int2[])[0] = c.conkey[1]
        )`);
    expect(slow).toEqual([]);
  });
});

describe('every function', () => {
  it('names no schema by the search path', async () => {
    const open = await column(`
      select p.proname from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and not coalesce(p.proconfig, '{}') && array['search_path=""', 'search_path=']`);
    expect(open).toEqual([]);
  });

  it('of the API is open to the service, and to others only where they are meant', async () => {
    const open = await database.sql(`
      select p.proname as name,
        has_function_privilege('anon', p.oid, 'execute') as anon,
        has_function_privilege('authenticated', p.oid, 'execute') as authenticated
      from pg_proc p
      where p.pronamespace = 'public'::regnamespace and (
        has_function_privilege('anon', p.oid, 'execute')
        or has_function_privilege('authenticated', p.oid, 'execute'))
      order by 1`);
    const names = Object.keys(members).sort();
    expect(open).toEqual(names.map((name) => ({ name, anon: false, authenticated: true })));
  });

  it('behind the API is out of reach but for predicates of policies, and what members ask for', async () => {
    const open = await column(`
      select p.proname from pg_proc p
      where p.pronamespace = 'private'::regnamespace
        and has_function_privilege('authenticated', p.oid, 'execute') order by 1`);
    const known = new Set([...predicates, ...Object.keys(members)]);
    expect(open.filter((name) => !known.has(String(name)))).toEqual([]);
  });

  it('of the API that members call runs with their own rights', async () => {
    const definers = await column(`
      select proname from pg_proc
      where pronamespace = 'public'::regnamespace and prosecdef
        and has_function_privilege('authenticated', oid, 'execute')`);
    expect(definers).toEqual([]);
  });

  it('reads views with the rights of the reader', async () => {
    const definers = await column(`
      select relname from pg_class
      where relkind = 'v' and relnamespace = 'public'::regnamespace
        and not coalesce(reloptions, '{}') @> '{security_invoker=true}'`);
    expect(definers).toEqual([]);
  });
});

describe('the demonstration', () => {
  it('can be seeded twice and starts the session of the documentation', async () => {
    await database.undone(async (connection) => {
      await connection.execute(seed() + seed());
      const rows = await connection.query(
        'select public.start_for_tenant($1, $2, $3, null, null, null, null, null) as result',
        [sha256('ik_local_demo_key_0000000000000000000000000000'), 'test-tenant', 'test-session'],
      );
      expect(rows[0]?.['result']).toMatchObject({ session: { status: 'created' } });
    });
  });

  it('is an interview as the protocol wants it, in sentences that can be spoken', async () => {
    await database.undone(async (connection) => {
      await connection.execute(seed());
      const [row] = await connection.query(
        'select plan, consents, modes from public.interviews',
        [],
      );
      const plan = InterviewPlan.parse(row?.['plan']);
      expect(plan.questions).toHaveLength(5);
      for (const { text } of plan.questions) expect(text.split(' ').length).toBeLessThanOrEqual(30);
      expect(row?.['modes']).toEqual(['voice', 'text']);
      const asked = z.array(ConsentRequest).parse(row?.['consents']);
      expect(asked.map(({ required }) => required)).toEqual([true, false]);
    });
  });
});
