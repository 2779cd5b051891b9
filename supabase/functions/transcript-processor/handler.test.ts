import { InterviewReport } from '@interview/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase, type Database } from '../../tests/database.ts';
import { post, refused, settings } from '../../tests/functions.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  plan,
  row,
  sha256,
  startSession,
  type Tenant,
} from '../../tests/world.ts';
import type { Rpc } from '../_shared/database.ts';
import { Refusal } from '../_shared/refusal.ts';
import { processorHandler } from './handler.ts';

const service = { apikey: 'sb_secret_0123456789' };
let database: Database;
let tenant: Tenant;
let session: string;
let call: string;
let writer: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
  writer = newWriter();
  await database.rpc('call_connected', { p_call: call });
});

const make = (rpc: Rpc, log: (line: unknown) => void = () => undefined) =>
  processorHandler({ ...settings, rpc, now: Date.now, log });
const tick = async (rpc: Rpc = database.rpc) =>
  (await make(rpc)(post({ action: 'tick' }, service))).json() as Promise<unknown>;
const complete = (writers: Record<string, number> = {}) =>
  database.rpc('complete_session', {
    p_session: session,
    p_reason: 'completed',
    p_writers: writers,
    p_lost: [],
    p_force: true,
  });
async function stored(): Promise<{ report: InterviewReport; revision: unknown; hash: unknown }> {
  const [found] = await database.sql(
    'select * from public.interview_reports where session_id = $1',
    session,
  );
  return {
    report: InterviewReport.parse(found?.['report']),
    revision: found?.['revision'],
    hash: found?.['transcript_sha256'],
  };
}

const talk = () => [
  row(writer, 1, call, 'greeting', { role: 'interviewer', text: plan.greeting }),
  row(writer, 2, call, 'q1', {
    role: 'interviewer',
    text: 'Thank you. What did you design last year?',
  }),
  row(writer, 3, call, 'a1', { text: 'A ticket machine.' }),
  row(writer, 4, call, 'a2', { text: '', status: 'inaudible' }),
];

describe('tick', () => {
  it('settles a conversation into a report', async () => {
    await deliver(database, session, writer, talk());
    await complete({ [writer]: 6 });
    expect(await tick()).toEqual({ processed: 1, failed: 0, remaining: 0, dead: 0 });
    const { report, hash } = await stored();
    expect(report).toMatchObject({
      session_id: session,
      end_reason: 'completed',
      questions: [
        { id: 'first', status: 'asked' },
        { id: 'second', status: 'not_asked' },
      ],
      counts: { utterances: 4, candidate: 2, interviewer: 2, inaudible: 1, gaps: 1 },
    });
    expect(report.utterances.map(({ text }) => text)).toEqual(talk().map(({ text }) => text));
    expect(report.duration_s).toBeGreaterThanOrEqual(0);
    // Reckoned here anew, from the rows as they were sent.
    const lines = talk().map((r) => [
      r['entry_id'],
      r['role'],
      r['text'],
      r['status'],
      1,
      r['started_ms'],
      r['ended_ms'],
    ]);
    expect(hash).toBe(sha256(JSON.stringify(lines)));
    expect(report.transcript_sha256).toBe(hash);
  });

  it('tells which calls nobody supervised, of those in which somebody talked', async () => {
    const event = { p_session: session, p_kind: 'unsupervised', p_detail: {} };
    await database.rpc('record_event', { ...event, p_call: call });
    await complete();
    await tick();
    expect((await stored()).report.unsupervised_calls).toEqual([1]);
    session = await startSession(database, tenant);
    const refused = await openCall(database, session);
    await database.rpc('record_event', { ...event, p_session: session, p_call: refused });
    await complete();
    await tick();
    expect((await stored()).report.unsupervised_calls).toEqual([]);
  });

  it('does nothing twice', async () => {
    await complete();
    await tick();
    expect(await tick()).toEqual({ processed: 0, failed: 0, remaining: 0, dead: 0 });
    expect((await stored()).revision).toBe(1);
  });

  it('settles anew when late rows came, and closes the gap that they fill', async () => {
    await deliver(database, session, writer, talk().slice(0, 2));
    await complete({ [writer]: 4 });
    await tick();
    expect((await stored()).report.counts.gaps).toBe(1);
    await deliver(database, session, writer, talk().slice(2));
    expect(await tick()).toMatchObject({ processed: 1 });
    const { report, revision } = await stored();
    expect([report.counts.gaps, report.counts.utterances, revision]).toEqual([0, 4, 2]);
    const [closed] = await database.sql(
      'select gaps from public.interview_sessions where id = $1',
      session,
    );
    expect(closed).toEqual({ gaps: [] });
  });

  it('ends sessions that nobody ended, and settles them at once', async () => {
    await database.sql(
      `update public.interview_sessions set started_at = now() - interval '2 hours', deadline_at = now() - interval '1 hour' where id = $1`,
      session,
    );
    expect(await tick()).toMatchObject({ processed: 1 });
    expect((await stored()).report.end_reason).toBe('absent');
  });

  it('shares the work with ticks that run at the same time', async () => {
    await complete();
    const ticks = await Promise.all([tick(), tick(), tick()]);
    const processed = ticks.map((result) => (result as { processed: number }).processed);
    expect(processed.sort()).toEqual([0, 0, 1]);
  });

  it('begins no job after 15 s, and says what waits for the next tick', async () => {
    await complete();
    const other = await startSession(database, tenant);
    await database.rpc('call_connected', { p_call: await openCall(database, other) });
    const late = { p_reason: 'completed', p_writers: {}, p_lost: [], p_force: true };
    await database.rpc('complete_session', { p_session: other, ...late });
    let now = 0;
    const slow: Rpc = (name, args) => {
      if (name === 'store_report') now += 15_000;
      return database.rpc(name, args);
    };
    const handle = processorHandler({
      ...settings,
      rpc: slow,
      now: () => now,
      log: () => undefined,
    });
    const first = await handle(post({ action: 'tick' }, service));
    expect(await first.json()).toEqual({ processed: 1, failed: 0, remaining: 1, dead: 0 });
    expect(await tick()).toMatchObject({ processed: 1, remaining: 0 });
  });

  it('keeps the lock of a job that takes longer than that', async () => {
    await complete();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const renewals: unknown[] = [];
    const slow: Rpc = async (name, args) => {
      if (name === 'renew_job') renewals.push(await database.rpc(name, args));
      else if (name === 'store_report') {
        // As if its time were over: two renewals, of which each brings it back.
        await database.sql(
          'update public.jobs set locked_until = now() where session_id = $1',
          session,
        );
        await vi.advanceTimersByTimeAsync(45_000);
        await vi.waitFor(() => expect(renewals).toEqual([{ ok: true }, { ok: true }]));
        expect(await tick()).toMatchObject({ processed: 0, remaining: 0 });
      }
      return database.rpc(name, args);
    };
    expect(await tick(slow)).toMatchObject({ processed: 1, failed: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(renewals).toHaveLength(2);
    vi.useRealTimers();
  });

  it('puts a job back that fails, and goes on with others', async () => {
    await complete();
    const broken: Rpc = (name, args) =>
      name === 'store_report' ? Promise.reject(new Error('no room')) : database.rpc(name, args);
    expect(await tick(broken)).toEqual({ processed: 0, failed: 1, remaining: 0, dead: 0 });
    const [job] = await database.sql('select * from public.jobs where session_id = $1', session);
    expect(job).toMatchObject({ failures: 1, last_error: 'no room', locked_until: null, done: 0 });
    await database.sql('update public.jobs set run_at = now()');
    expect(await tick()).toMatchObject({ processed: 1 });
  });

  it('leaves a kind of work that it doesn’t know to those who do', async () => {
    await database.sql(
      `select private.want_job($1::uuid, null, 'retain', 'transcript', now() - interval '1 h')`,
      tenant.id,
    );
    await database.sql(`alter table public.jobs drop constraint jobs_kind_check`);
    await database.sql(`update public.jobs set kind = 'guess' where subject = 'transcript'`);
    await complete();
    expect(await tick()).toEqual({ processed: 1, failed: 0, remaining: 1, dead: 0 });
    const [job] = await database.sql(`delete from public.jobs where kind = 'guess' returning *`);
    expect(job).toMatchObject({ attempts: 0, failures: 0 });
  });

  it('says so when the database is gone in the middle, and another tick takes over', async () => {
    await complete();
    const gone: Rpc = (name, args) =>
      name === 'report_source'
        ? Promise.reject(new Refusal('storage_unavailable'))
        : database.rpc(name, args);
    await refused(await make(gone)(post({ action: 'tick' }, service)), 503, 'storage_unavailable');
    await database.sql(`update public.jobs set locked_until = now() - interval '1 s'`);
    expect(await tick()).toMatchObject({ processed: 1 });
  });
});

describe('anybody else', () => {
  it('is refused', async () => {
    const handle = make(database.rpc);
    await refused(await handle(post({ action: 'tick' })), 401, 'token_missing');
    const key = { authorization: `Bearer ${service.apikey}` };
    await refused(await handle(post({ action: 'tick' }, key)), 401, 'token_missing');
    await refused(await handle(post({ action: 'erase' }, service)), 400, 'bad_request');
  });
});
