import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processorHandler } from '../functions/transcript-processor/handler.ts';
import { openDatabase, type Database } from './database.ts';
import { post, settings } from './functions.ts';
import {
  deliver,
  makeTenant,
  newKey,
  newWriter,
  openCall,
  redeem,
  row,
  sessionOf,
  sha256,
  type Tenant,
} from './world.ts';

let database: Database;
let tenant: Tenant;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
});

const asOwner = (name: string, args: Record<string, unknown>) =>
  database.rpcAs({ user: tenant.owner }, name, args) as Promise<Record<string, unknown>>;
const tick = async () =>
  (
    await processorHandler({
      ...settings,
      rpc: database.rpc,
      now: Date.now,
      log: () => undefined,
    })(post({ action: 'tick' }, { apikey: 'sb_secret_0123456789' }))
  ).json() as Promise<unknown>;
/** Ends a session so many days ago. */
const age = (session: string, days: number) =>
  database.sql(
    `update public.interview_sessions set ended_at = now() - make_interval(days => $2) where id = $1`,
    session,
    days,
  );

interface Person {
  /** Stands wherever words may stand. */
  canary: string;
  candidate: string;
  session: string;
  /** All ids and texts that are about the person. */
  traces: string[];
}

/** A whole interview of somebody. */
async function interview(): Promise<Person> {
  const { rpc, sql } = database;
  const canary = `CANARY-${randomUUID()}`;
  const made = (await database.rpcAs({ user: tenant.recruiter }, 'create_invitation', {
    p_interview: tenant.interview,
    p_note: canary,
  })) as { id: string; token: string };
  const key = newKey();
  const asking = { p_invitation_hash: sha256(made.token), p_device_hash: sha256(key) };
  await rpc('ask_before_start', { ...asking, p_kind: 'human', p_note: canary, p_origin: null });
  // Whoever opened the link first on another device and never connected leaves a session too.
  await redeem(database, made.token);
  await database.rpcAs({ user: tenant.recruiter }, 'decide_adjustment', {
    p_multiplier: '1.25',
    p_invitation: made.id,
  });
  const session = sessionOf(await redeem(database, made.token, { key }));
  const [found] = await sql('select * from public.interview_sessions where id = $1', session);
  const candidate = String(found?.['candidate_id']);
  await sql(`update public.candidates set name = $2, email = $2 where id = $1`, candidate, canary);
  const call = await openCall(database, session);
  await rpc('call_connected', { p_call: call });
  await rpc('take_lease', { p_call: call, p_holder: 'proxy', p_seconds: 30 });
  const state = { said: canary };
  await rpc('save_reducer', { p_call: call, p_epoch: 1, p_state: state, p_phase: 'question' });
  await rpc('send_command', { p_session: session, p_message: { type: 'say', text: canary } });
  const event = { p_kind: 'seen', p_detail: { said: canary } };
  await rpc('record_event', { p_session: session, p_call: call, ...event });
  const writer = newWriter();
  await deliver(database, session, writer, [row(writer, 1, call, 'a', { text: canary })]);
  const line = { p_entry_id: `${call}.a`, p_text: `${canary}, mine` };
  await rpc('store_correction', { p_session: session, ...line });
  await rpc('store_feedback', { p_session: session, p_rating: 4, p_text: canary });
  await rpc('ask_in_session', { p_session: session, p_kind: 'help', p_note: canary });
  await rpc('complete_session', {
    p_session: session,
    p_reason: 'completed',
    p_writers: { [writer]: 1 },
    p_lost: [],
    p_force: true,
  });
  await tick();
  await sql(`update public.jobs set last_error = $2 where session_id = $1`, session, canary);
  return {
    canary,
    candidate,
    session,
    traces: [canary, candidate, session, call, made.id, writer],
  };
}

/** Which tables hold a text anywhere in a row. */
async function holding(traces: string[]): Promise<string[]> {
  const tables = await database.sql(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'private', 'auth') and c.relkind in ('r', 'p')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.sql(
      `select from ${String(name)} t where exists (
         select from unnest($1::text[]) trace where strpos(to_jsonb(t)::text, trace) > 0)`,
      traces,
    );
    if (rows.length > 0) found.push(String(name));
  }
  return found.sort();
}

describe('erasing a candidate', () => {
  it('leaves no row of any table with an id or a word of theirs', async () => {
    await database.as(
      { user: tenant.owner },
      `select public.create_webhook($1, 'https://hooks.example/', array['session.completed'])`,
      tenant.id,
    );
    const { candidate, session, traces } = await interview();
    // Or it would prove nothing.
    expect((await holding(traces)).length).toBeGreaterThan(16);
    const erased = await asOwner('erase_candidate', { p_candidate: candidate });
    expect(erased).toMatchObject({ erased: true, user_id: null });
    expect(erased['session_ids']).toContain(session);
    expect(await holding([...traces, ...(erased['session_ids'] as string[])])).toEqual([]);
    const [kept] = await database.sql(
      'select * from public.erasures where tenant_id = $1',
      tenant.id,
    );
    expect(kept).toMatchObject({ sessions: 2, erased_by: tenant.owner });
  });

  it('touches nobody else', async () => {
    const { candidate } = await interview();
    const other = await interview();
    const before = await asOwner('export_candidate', { p_candidate: other.candidate });
    await asOwner('erase_candidate', { p_candidate: candidate });
    const after = await asOwner('export_candidate', { p_candidate: other.candidate });
    expect({ ...after, exported_at: null }).toEqual({ ...before, exported_at: null });
  });

  it('waits for a hold to be released', async () => {
    const { candidate } = await interview();
    const hold = await asOwner('place_hold', { p_candidate: candidate, p_reason: 'A complaint.' });
    expect(await asOwner('erase_candidate', { p_candidate: candidate })).toEqual({ erased: false });
    await asOwner('release_hold', { p_hold: hold['id'] });
    expect(await asOwner('erase_candidate', { p_candidate: candidate })).toMatchObject({
      erased: true,
    });
  });

  it('is an owner’s of that tenant, like holds, periods and exports', async () => {
    const { candidate } = await interview();
    const stranger = await makeTenant(database, 'contoso');
    const { id } = await asOwner('place_hold', {
      p_candidate: candidate,
      p_reason: 'A complaint.',
    });
    for (const user of [tenant.recruiter, tenant.reviewer, stranger.owner]) {
      for (const [name, args] of [
        ['erase_candidate', { p_candidate: candidate }],
        ['export_candidate', { p_candidate: candidate }],
        ['place_hold', { p_candidate: candidate, p_reason: 'x' }],
        ['release_hold', { p_hold: id }],
        ['set_retention', { p_tenant: tenant.id, p_class: 'report', p_days: 30 }],
      ] as const) {
        expect(await database.rpcAs({ user }, name, args), name).toEqual({ error: 'forbidden' });
      }
    }
  });
});

describe('an export', () => {
  it('holds the candidate’s words from every table that keeps them', async () => {
    const { canary, candidate } = await interview();
    const document = await asOwner('export_candidate', { p_candidate: candidate });
    const places = Object.entries(document)
      .filter(([, rows]) => JSON.stringify(rows).includes(canary))
      .map(([name]) => name);
    expect(places.sort()).toEqual([
      'adjustments',
      'candidate',
      'feedback',
      'integrity_events',
      'interview_report_versions',
      'interview_reports',
      'invitations',
      'sessions',
      'transcript_corrections',
      'transcript_entries',
    ]);
    // Of the device that never connected too.
    expect(document['consents']).toHaveLength(4);
    expect(JSON.stringify(document)).not.toMatch(/device_hash|token_hash/);
  });
});

describe('retention', () => {
  const keep = (p_class: string, p_days: number | null) =>
    asOwner('set_retention', { p_tenant: tenant.id, p_class, p_days });

  it.each([
    [
      'transcript',
      [
        'call_commands',
        'session_states',
        'transcript_corrections',
        'transcript_entries',
        'transcript_writers',
      ],
    ],
    ['report', ['feedback', 'interview_reports']],
    ['integrity', ['integrity_events']],
  ])('of %s deletes that and nothing else, once its days are over', async (name, tables) => {
    const { session } = await interview();
    const before = (await holding([session])).map((table) => table.replace('public.', ''));
    const days = name === 'integrity' ? 200 : 30;
    await keep(name, days);
    await age(session, days - 1);
    await tick();
    const unchanged = (await holding([session])).map((table) => table.replace('public.', ''));
    expect(unchanged).toEqual(before);
    await age(session, days + 1);
    await database.sql(`update public.jobs set run_at = now() where kind = 'retain'`);
    await tick();
    const after = (await holding([session])).map((table) => table.replace('public.', ''));
    const gone = before.filter((table) => !after.includes(table));
    // The job of a transcript goes with it, so that no empty report takes the settled one's place.
    const versions = gone.filter(
      (table) => table !== 'jobs' && table !== 'interview_report_versions',
    );
    expect(versions).toEqual(tables);
  });

  it('of the record forgets a candidate with their last interview', async () => {
    const { session, traces } = await interview();
    await database.sql(
      `update public.interview_sessions set ended_at = now() - interval '200 days' where tenant_id = $1`,
      tenant.id,
    );
    await keep('record', 184);
    await tick();
    expect(await holding([session, ...traces])).toEqual([]);
  });

  it('gives way to a hold, and comes again the next day', async () => {
    const { candidate, session } = await interview();
    const hold = await asOwner('place_hold', { p_candidate: candidate, p_reason: 'A complaint.' });
    await age(session, 31);
    await keep('transcript', 30);
    await tick();
    expect(await holding([session])).toContain('transcript_entries');
    const [job] = await database.sql(
      `select extract(epoch from run_at - now())::float as wait, done < wanted as due
       from public.jobs where kind = 'retain' and tenant_id = $1`,
      tenant.id,
    );
    expect(job?.['due']).toBe(true);
    expect(Number(job?.['wait'])).toBeGreaterThan(86_000);
    await asOwner('release_hold', { p_hold: hold['id'] });
    await database.sql(`update public.jobs set run_at = now() where kind = 'retain'`);
    await tick();
    expect(await holding([session])).not.toContain('transcript_entries');
  });

  it('is refused where it is shorter than the law allows, or of a class there isn’t', async () => {
    expect(await keep('integrity', 30)).toEqual({ error: 'bad_request' });
    expect(await keep('record', 183)).toEqual({ error: 'bad_request' });
    expect(await keep('transcript', 1)).toEqual({ error: 'bad_request' });
    expect(await keep('audio', 30)).toEqual({ error: 'bad_request' });
  });
});

it('PRIVACY.md names every table', async () => {
  const text = readFileSync(fileURLToPath(new URL('../PRIVACY.md', import.meta.url)), 'utf8');
  const tables = await database.sql(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const missing = tables
    .map(({ relname }) => `\`${String(relname)}\``)
    .filter((name) => !text.includes(name));
  expect(missing).toEqual([]);
});
