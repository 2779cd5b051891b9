import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { makeTenant, startSession, type Tenant } from './world.ts';

let database: Database;
let northwind: Tenant;
let contoso: Tenant;
let session: string;

beforeAll(async () => {
  database = await openDatabase();
  northwind = await makeTenant(database, 'northwind');
  contoso = await makeTenant(database, 'contoso');
  session = await startSession(database, northwind);
});
afterAll(() => database.close());

describe('nothing of one tenant hangs on another’s', () => {
  it('by the tables: each link between two that belong to tenants carries the tenant', async () => {
    // A link to a session by its writer, or to a call by its session, has the tenant by way of that.
    const bare = await database.sql(`
      select c.conrelid::regclass::text as child, c.conname as name
      from pg_constraint c
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace and cardinality(c.conkey) = 1
        and exists (select from pg_attribute a
          where a.attrelid = c.conrelid and a.attname = 'tenant_id')
        and exists (select from pg_attribute a
          where a.attrelid = c.confrelid and a.attname = 'tenant_id')
      order by 1, 2`);
    expect(bare).toEqual([]);
  });

  it('even for the owner of the database', async () => {
    for (const statement of [
      `update public.interview_sessions set tenant_id = $1 where id = $2`,
      `insert into public.feedback (tenant_id, session_id, rating) values ($1, $2, 5)`,
      `insert into public.integrity_events (tenant_id, session_id, kind) values ($1, $2, 'seen')`,
      `insert into public.adjustments (tenant_id, session_id, kind, note) values ($1, $2, 'help', 'Hm?')`,
      `insert into public.jobs (tenant_id, session_id, kind) values ($1, $2, 'process_transcript')`,
    ]) {
      await expect(database.sql(statement, contoso.id, session)).rejects.toMatchObject({
        code: '23503',
      });
    }
    await expect(
      database.sql(
        'update public.tenants set default_interview_id = $1 where id = $2',
        northwind.interview,
        contoso.id,
      ),
    ).rejects.toMatchObject({ code: '23503' });
  });
});

describe('a session’s status', () => {
  const states = ['created', 'active', 'ending', 'completed', 'abandoned', 'cancelled'];
  const next: Record<string, string[]> = {
    created: ['active', 'ending', 'completed', 'abandoned', 'cancelled'],
    active: ['ending', 'completed', 'abandoned', 'cancelled'],
    ending: ['completed', 'abandoned'],
  };
  const set = (status: string): string => `update public.interview_sessions
    set status = '${status}', started_at = now(), ending_at = now(), end_reason = 'completed',
      ended_at = case when '${status}' in ('completed', 'abandoned', 'cancelled') then now() end`;

  it.each(states.flatMap((from) => states.map((to) => [from, to] as const)))(
    'goes from %s to %s only where that is forward',
    async (from, to) => {
      await database.undone(async (connection) => {
        if (from !== 'created') await connection.execute(set(from));
        const moved = connection.execute(set(to));
        if (from === to || next[from]?.includes(to)) await moved;
        else await expect(moved).rejects.toMatchObject({ code: '23001' });
      });
    },
  );
});

it.each(['completed', 'abandoned'])('nothing is %s for no reason', async (status) => {
  await database.undone(async (connection) => {
    const ended = connection.execute(
      `update public.interview_sessions set status = '${status}', ended_at = now()`,
    );
    await expect(ended).rejects.toMatchObject({
      code: '23514',
      constraint: 'interview_sessions_why',
    });
  });
});

describe('what recruiters call over the API', () => {
  it('runs with their own rights', async () => {
    const definers = await database.sql(`
      select p.proname from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
        and (has_function_privilege('anon', p.oid, 'execute')
          or has_function_privilege('authenticated', p.oid, 'execute'))`);
    expect(definers).toEqual([]);
  });
});
