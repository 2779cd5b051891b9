import { continueText, InterviewReport } from '@interview/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processorHandler } from '../functions/transcript-processor/handler.ts';
import { openDatabase, type Database } from './database.ts';
import { post, settings } from './functions.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  plan,
  row,
  startSession,
  type Tenant,
} from './world.ts';

let database: Database;
let tenant: Tenant;
let session: string;
let call: string;
let page: string;
let server: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
  await database.rpc('call_connected', { p_call: call });
  page = newWriter();
  server = `s_${call}_1`;
});

async function settle(writers: Record<string, number> = {}): Promise<void> {
  await database.rpc('complete_session', {
    p_session: session,
    p_reason: 'completed',
    p_writers: writers,
    p_lost: [],
    p_force: true,
  });
  const handle = processorHandler({
    ...settings,
    rpc: database.rpc,
    now: Date.now,
    log: () => undefined,
  });
  const reply = await handle(post({ action: 'tick' }, { apikey: settings.secretKeys[0] ?? '' }));
  expect(await reply.json()).toEqual({ processed: 1, failed: 0, remaining: 0, dead: 0 });
}

async function versions(): Promise<InterviewReport[]> {
  const rows = await database.sql(
    'select report from public.interview_report_versions where session_id = $1 order by revision',
    session,
  );
  return rows.map(({ report }) => InterviewReport.parse(report));
}

async function newest(): Promise<InterviewReport> {
  const all = await versions();
  const last = all.at(-1);
  if (last === undefined) throw new Error('There is no version.');
  const [current] = await database.sql(
    'select report, revision from public.interview_reports where session_id = $1',
    session,
  );
  expect(current).toMatchObject({ revision: all.length, report: last });
  return last;
}

const events = () =>
  database.sql(
    `select detail from public.integrity_events where session_id = $1 and kind = 'copies_differ' order by id`,
    session,
  );

describe('a report', () => {
  it('stands as it was when late rows make a newer one', async () => {
    await deliver(database, session, page, [row(page, 1, call, 'a')]);
    await settle({ [page]: 2 });
    await deliver(database, session, page, [row(page, 2, call, 'b')]);
    await settle();
    await newest();
    const [first, second] = await versions();
    expect(first).toMatchObject({
      rows: 1,
      counts: { utterances: 1, gaps: 1 },
      missing: [{ source: 'browser', rows: 1, lost: false, after: `${call}.a` }],
    });
    expect(second).toMatchObject({ rows: 2, counts: { utterances: 2, gaps: 0 }, missing: [] });
    expect(second?.transcript_sha256).not.toBe(first?.transcript_sha256);
  });

  it('made of fewer rows comes too late to take the place of one made of more', async () => {
    await deliver(database, session, page, [row(page, 1, call, 'a')]);
    await settle();
    const early = await newest();
    await deliver(database, session, page, [row(page, 2, call, 'b')]);
    await settle();
    const overtaken = { p_session: session, p_report: { ...early, ended_at: null } };
    expect(await database.rpc('store_report', overtaken)).toEqual({ changed: false });
    expect((await newest()).rows).toBe(2);
  });

  it('has an utterance of several rows in one piece', async () => {
    const long = 'Ünd "dann" 🚂 '.repeat(4000);
    const pieces = continueText(long);
    const rows = pieces.map((text, index) =>
      row(server, index + 1, call, index === 0 ? 'a' : `a~${index + 1}`, { text }),
    );
    for (const one of rows) await deliver(database, session, server, [one]);
    await settle();
    const { utterances } = await newest();
    expect(pieces.length).toBeGreaterThan(1);
    expect(utterances.map(({ text }) => text)).toEqual([long]);
  });

  it('says where the talk was about which question, and how it went', async () => {
    const [first] = plan.questions;
    await deliver(database, session, page, [
      row(page, 1, call, 'greeting', { role: 'interviewer', text: plan.greeting }),
      row(page, 2, call, 'q', { role: 'interviewer', text: first?.text }),
      row(page, 3, call, 'a', { text: 'A ticket machine.' }),
    ]);
    await settle();
    const { questions, utterances, diagnostics, calls } = await newest();
    expect(questions.map(({ ranges }) => ranges)).toEqual([[{ first: 1, last: 2 }], []]);
    expect(utterances.map(({ question_id }) => question_id)).toEqual([null, 'first', 'first']);
    expect(calls).toEqual([{ ordinal: 1, offset_ms: 0 }]);
    expect(diagnostics).toMatchObject({
      asked_share: { value: 0.5, n: 2 },
      answered_share: { value: 1, n: 1 },
      candidate_latency_median_ms: { value: 500, n: 1, reliability: 'low' },
    });
  });
});

describe('copies of page and server', () => {
  it('that agree leave no difference', async () => {
    await deliver(database, session, server, [row(server, 1, call, 'a')]);
    await deliver(database, session, page, [row(page, 1, call, 'a', { position: 7 })]);
    await settle();
    expect((await newest()).differences).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it('that differ are told in the report, and once as an event without words', async () => {
    await deliver(database, session, server, [
      row(server, 1, call, 'a', { text: 'I built it.' }),
      row(server, 2, call, 'c'),
    ]);
    await deliver(database, session, page, [
      row(page, 1, call, 'a', { text: 'I led it.' }),
      row(page, 2, call, 'b'),
    ]);
    await settle();
    const differences = [
      { entry_id: `${call}.a`, kind: 'text', trusted: 'server', other: 'I led it.' },
      { entry_id: `${call}.b`, kind: 'browser_only', trusted: 'browser', other: null },
      { entry_id: `${call}.c`, kind: 'server_only', trusted: 'server', other: null },
    ];
    const report = await newest();
    expect(report.differences).toEqual(differences);
    expect(report.utterances[0]).toMatchObject({ text: 'I built it.', source: 'server' });
    expect(await events()).toEqual([{ detail: { revision: 1, text: 1, browser_only: 1 } }]);
    // The page catches up with one line: a new version, in which nothing more contradicts.
    await deliver(database, session, page, [row(page, 3, call, 'c')]);
    await settle();
    expect((await newest()).differences).toEqual(differences.slice(0, 2));
    expect(await events()).toHaveLength(1);
  });
});
