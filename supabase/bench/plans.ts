import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { members, service } from '../tests/api.ts';
import { become, project, projectStatements, type Caller } from '../tests/database.ts';
import { literal } from '../tests/matrix/case.ts';
import { populate } from '../tests/matrix/whole-tenant.ts';
import { connectionOf, openPostgres } from '../tests/postgres.ts';
import { fill, id, LINES, SESSIONS, TENANTS } from './fill.ts';

/**
 * Which plans Postgres makes for what the product asks, in a database with a million transcript rows: every statement that
 * runs, those inside of functions and of foreign keys too, by auto_explain. Fails where one reads a big table from end to
 * end. `node --conditions=source bench/plans.ts`.
 */
const BIG = 10_000;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  'Actual Loops'?: number;
  Plans?: Plan[];
}

const engine = await openPostgres(projectStatements());
if (engine === null) throw new Error('This needs a real Postgres; install version 15.');
const client = new pg.Client(engine.address);
await client.connect();
const connection = connectionOf(client);
const database = project({
  name: 'postgres',
  ...connection,
  close: () => client.end(),
  transaction: async (work) => {
    await connection.execute('begin');
    try {
      const result = await work(connection);
      await connection.execute('commit');
      return result;
    } catch (error) {
      await connection.execute('rollback');
      throw error;
    }
  },
});

/** What is asked at the moment; each scan from end to end under it. */
let asking = '';
let plans = 0;
const asked = new Set<string>();
const scans = new Map<string, string>();
let big = new Set<string>();

function look(query: string, plan: Plan): void {
  const table = plan['Relation Name'] ?? '';
  const looked = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0);
  // An index that is walked from end to end is no better.
  const all = plan['Node Type'] === 'Seq Scan' || looked * (plan['Actual Loops'] ?? 1) >= BIG;
  if (all && big.has(table))
    scans.set(`${asking}: ${table}`, query.replace(/\s+/g, ' ').slice(0, 300));
  for (const part of plan.Plans ?? []) look(query, part);
}

client.on('notice', ({ message = '' }) => {
  const json = /plan:\s*(\{.*)$/s.exec(message)?.[1];
  if (json === undefined) return;
  const explained = JSON.parse(json) as { 'Query Text': string; Plan: Plan };
  plans += 1;
  for (const [, name] of explained['Query Text'].matchAll(/public\.([a-z_]+)\(/g))
    asked.add(name ?? '');
  look(explained['Query Text'], explained.Plan);
});

async function watch(on: boolean): Promise<void> {
  await connection.execute(`
    load 'auto_explain';
    set auto_explain.log_min_duration = ${on ? 0 : -1};
    set auto_explain.log_analyze = on;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json;
    set auto_explain.log_level = notice`);
}

/** Asks something as somebody, or as the owner of the database, and prints how long it took at the third time. */
async function ask(what: string, caller: Caller | null, statement: string): Promise<void> {
  let took = 0;
  let rows = 0;
  for (const turn of [1, 2, 3]) {
    await watch(turn === 1);
    asking = what;
    await database.undone(async () => {
      if (caller !== null) await become(connection, caller);
      const began = performance.now();
      rows = (await connection.query(statement, [])).length;
      took = performance.now() - began;
    });
  }
  console.log(
    `${what.padEnd(52)} ${String(rows).padStart(6)} rows ${took.toFixed(1).padStart(8)} ms`,
  );
}

/** Whether a scan is seen where there must be one. */
async function proves(): Promise<void> {
  await database.undone(async () => {
    await watch(true);
    asking = 'proof';
    await connection.execute('drop index public.interview_sessions_invitation');
    await connection.query(
      `select 1 from public.interview_sessions where invitation_id = ${id('4', 1)} order by id`,
      [],
    );
  });
  if (!scans.delete('proof: interview_sessions')) throw new Error('Scans are not seen.');
}

/** What the desk and the pages read over the API, as PostgREST writes it. */
async function readers(member: Caller, candidate: Caller): Promise<void> {
  const session = id('5', 0);
  await ask(
    'the desk: newest sessions of a tenant',
    member,
    `select s.id, s.status, s.end_reason, s.created_at, s.started_at, i.title, c.name, c.email, v.note
     from public.interview_sessions s
     left join lateral (select title from public.interviews i
       where i.id = s.interview_id and i.tenant_id = s.tenant_id) i on true
     left join lateral (select name, email from public.candidates c
       where c.id = s.candidate_id and c.tenant_id = s.tenant_id) c on true
     left join lateral (select note from public.interview_invitations v
       where v.id = s.invitation_id and v.tenant_id = s.tenant_id) v on true
     order by s.created_at desc limit 50`,
  );
  await ask(
    'the desk: interviews',
    member,
    'select id, title from public.interviews order by title',
  );
  await ask(
    'the desk: a transcript',
    member,
    `select entry_id, role, text, status, started_ms, call_ordinal from public.transcript_current
     where session_id = ${session} order by ordinal`,
  );
  await ask(
    'the desk: a report',
    member,
    `select report from public.interview_reports where session_id = ${session}`,
  );
  for (const table of ['interview_invitations', 'candidates', 'webhook_deliveries']) {
    await ask(
      `a member: newest ${table}`,
      member,
      `select * from public.${table} order by created_at desc limit 50`,
    );
  }
  for (const table of ['consents', 'integrity_events', 'adjustments', 'feedback']) {
    await ask(
      `a member: ${table} of a session`,
      member,
      `select * from public.${table} where session_id = ${session} order by id`,
    );
  }
  for (const table of [
    'transcript_entries',
    'transcript_corrections',
    'interview_report_versions',
    'session_calls',
  ]) {
    await ask(`a member: all ${table}, unfiltered`, member, `select * from public.${table}`);
    if (table !== 'interview_report_versions')
      await ask(
        `a candidate: all ${table}, unfiltered`,
        candidate,
        `select * from public.${table}`,
      );
  }
  await ask('a candidate: their sessions', candidate, 'select * from public.interview_sessions');
  await ask('a candidate: their consents', candidate, 'select * from public.consents');
}

/** What the service does without an interview of its own. */
async function chores(): Promise<void> {
  const hash = `repeat('3', 64)`;
  const key = `${hash}, 'tenant-3', 'new'`;
  await database.sql(
    `insert into public.tenant_api_keys (tenant_id, name, key_hash, scopes)
     values (${id('1', 3)}, 'Key', ${hash}, '{sessions:start,invitations:write}')`,
  );
  for (const [what, call] of Object.entries({
    'tick: ends what nobody ended': 'public.expire_sessions()',
    'tick: claims jobs': 'public.claim_jobs(10, 60)',
    'tick: jobs that remain': 'public.jobs_remaining()',
    'tick: retention, transcripts of a tenant': `public.retain(${id('1', 1)}, 'transcript')`,
    'tick: retention, whole sessions of a tenant': `public.retain(${id('1', 2)}, 'record')`,
    'proxy: calls that nobody looks after': `public.claim_calls('proxy', 30)`,
    'proxy: commands': `public.take_commands('proxy')`,
    'page: a glance at a session': `public.session_glance(${id('5', 0)})`,
    'proxy: a session taken up': `public.session_brief(${id('5', 0)})`,
    'processor: what a report is made of': `public.report_source(${id('5', 0)})`,
    'page: looks at an invitation': `public.look_at_invitation(encode(sha256('7'), 'hex'), repeat('1', 64), null, null)`,
    'backend: starts a session': `public.start_for_tenant(${key}, null, null, '{"id": "sam"}', null, null, null)`,
    'backend: looks at a session': `public.look_for_tenant(${key}, null, null)`,
    'backend: withdraws': `public.withdraw_for_tenant(${key}, '["other_roles"]', null)`,
    'backend: asks for a person': `public.ask_for_tenant(${key}, 'human', 'Call me.', null)`,
    'backend: invites': `public.invite_for_tenant(${hash}, 'tenant-3', 'designer', '[{"id": "a"}]')`,
    'proxy: a token renewed': `public.renew_allowed(${id('5', 0)})`,
    'proxy: hang-ups that are owed': `public.claim_hangups()`,
    'webhook: what is sent': `public.webhook_delivery(d.id) from public.webhook_deliveries d where d.session_id = ${id('5', 0)}`,
    'webhook: how it went': `public.record_delivery(d.id, 1, 200, null) from public.webhook_deliveries d where d.session_id = ${id('5', 0)}`,
  })) {
    await ask(what, 'service', `select ${call}`);
  }
}

try {
  console.log(`${SESSIONS} sessions of ${TENANTS} tenants, ${LINES} transcript rows each …`);
  await fill(connection);
  const [{ names } = { names: [] }] = await database.sql(
    `select array_agg(relname::text) as names from pg_class where relkind = 'r' and reltuples >= ${BIG}`,
  );
  big = new Set(names as string[]);
  console.log(`Big, which nothing may read from end to end: ${[...big].sort().join(', ')}.`);
  await proves();
  const [accounts] = await database.sql(
    `with people as (insert into auth.users (email) values ('m@example.test'), ('c@example.test') returning id, email),
     member as (insert into public.tenant_members (tenant_id, user_id, role)
       select ${id('1', 0)}, id, 'owner' from people where email like 'm%'),
     candidate as (update public.candidates set user_id = (select id from people where email like 'c%')
       where id = ${id('3', 0)})
     select (select id from people where email like 'm%') as member, (select id from people where email like 'c%') as candidate`,
  );
  await database.sql(
    `insert into public.retention_periods (tenant_id, class, days)
     values (${id('1', 1)}, 'transcript', 30), (${id('1', 2)}, 'record', 184)`,
  );
  await readers({ user: String(accounts?.['member']) }, { user: String(accounts?.['candidate']) });
  await chores();
  for (const name of ['member', 'candidate']) {
    const account = `(select '${String(accounts?.[name])}'::uuid)`;
    await ask(
      `Auth: deletes the account of a ${name}`,
      null,
      `delete from auth.users where id = ${account}`,
    );
  }

  // Whole interviews, by all functions that there are.
  await watch(true);
  asking = 'whole interviews';
  const { tenant, first } = await populate(database, 'northwind');
  for (const [name, { args }] of Object.entries(members)) {
    const given = Object.entries({ ...(await args(first, database)) });
    const named = given.map(([key, value]) => `${key} => ${literal(value)}`).join(', ');
    await ask(`an owner: ${name}`, { user: tenant.owner }, `select public.${name}(${named})`);
  }
  console.log(`${plans} plans were looked at.`);
  const never = [...service, ...Object.keys(members)].filter((name) => !asked.has(name));
  if (never.length > 0) console.log(`Never called here: ${never.join(', ')}.`);
  for (const [where, query] of scans) console.error(`From end to end: ${where}\n  ${query}`);
  if (scans.size > 0) process.exitCode = 1;
} finally {
  await client.end();
  await engine.close();
}
