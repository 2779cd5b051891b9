import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallId, InterviewPlan } from '@interview/protocol';
import { supabaseStorage } from '../storage/supabase.ts';
import { TestDatabase } from '../testing/database.ts';
import { newWriter } from '../testing/proxy.ts';
import { Director } from './director.ts';
import type { Happening } from './interview-events.ts';

vi.setConfig({ hookTimeout: 60_000 });

let database: TestDatabase;
let call: CallId;
let plan: InterviewPlan;
let director: Director;
let keys = 0;

const storage = () => supabaseStorage({ url: database.url, secretKey: database.secretKey });
beforeAll(async () => {
  database = await TestDatabase.start();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.anew();
  const brief = await storage().sessionBrief(database.session);
  if (!brief) throw new Error('There is no session.');
  ({ plan } = brief.interview);
  await conduct('offer_1', null);
});

/** The real director and the real save, in a new call. */
async function conduct(offerId: string, saved: unknown): Promise<void> {
  const { session } = database;
  const wanted = {
    session,
    offerId,
    writer: newWriter(),
    reason: 'start',
    provider: 'openai',
  } as const;
  call = (await storage().openCall(wanted)).call_id;
  await storage().callConnected(call);
  const { epoch } = await storage().takeLease(call, 'proxy', 30, true);
  director = new Director({
    plan,
    saved,
    newKey: () => `key_${(keys += 1)}`,
    save: (state, { phase }) =>
      storage().saveReducer(call, epoch, { state, phase, deadline: null }),
    perform: () => undefined,
    fenced: () => {
      throw new Error('fenced');
    },
    log: pino({ level: 'silent' }),
  });
  await happens({ type: 'began', deadline: Date.now() + 600_000, call });
}

const happens = (happening: Happening) => director.input({ now: Date.now(), ...happening });
const answered = async (step: string) => {
  await happens({ type: 'spoke', step, ms: 9_000, words: 20 });
};
const next = (toolCall: string, from: string, reason: 'answered' | 'skip' = 'answered') =>
  happens({ type: 'next_question', toolCall, from, reason });
const heard = (index: number) =>
  happens({ type: 'heard', text: plan.questions[index]?.text ?? '' });
const questions = () =>
  database.sql(
    `select *, delivered_at is not null as delivered, left_at is not null as gone
     from public.question_states where session_id = $1 order by position`,
    database.session,
  );
const toolCalls = () =>
  database.sql(
    `select tool_call_id, step, answer, code from public.tool_calls
     where session_id = $1 order by answered_at, tool_call_id`,
    database.session,
  );

describe('what the supervisor saves', () => {
  it('tells how each question went', async () => {
    expect(await questions()).toEqual([]);
    await answered('opening');
    await next('t1', 'opening');
    expect(await questions()).toMatchObject([
      { question_id: 'first', position: 1, status: 'asked', restates: 0, gone: false },
    ]);
    await heard(0);
    await answered('first');
    await next('t2', 'first');
    expect(await questions()).toMatchObject([
      { status: 'left', outcome: 'answered', delivered: true, answer_ms: 9_000, answer_words: 20 },
      { question_id: 'second', position: 2, status: 'asked', outcome: null },
    ]);
    await happens({ type: 'action', kind: 'repeat' });
    await happens({ type: 'action', kind: 'repeat' });
    await happens({ type: 'action', kind: 'skip' });
    expect((await questions())[1]).toMatchObject({
      status: 'left',
      outcome: 'skip',
      delivered: false,
      restates: 2,
    });
  });

  it('tells that a question was asked again in another call, and that the interview ended in it', async () => {
    await answered('opening');
    await next('t1', 'opening');
    const brief = await storage().sessionBrief(database.session);
    await director.stop();
    await conduct('offer_2', brief?.session.reducer);
    expect(await questions()).toMatchObject([{ question_id: 'first', restates: 1, gone: false }]);
    await happens({ type: 'action', kind: 'withdraw' });
    expect(await questions()).toMatchObject([{ status: 'left', outcome: null, restates: 1 }]);
  });

  it('tells what each tool call was answered, once', async () => {
    await answered('opening');
    await next('t1', 'opening');
    await next('t2', 'first');
    await happens({ type: 'wait', toolCall: 't3', why: 'thinking', hold_s: 30 });
    await heard(0);
    await answered('first');
    await next('t4', 'opening');
    await next('t5', 'first', 'skip');
    await next('t5', 'second');
    await happens({ type: 'end_interview', toolCall: 't6', reason: 'withdrawn', confirmed: true });
    expect(await toolCalls()).toEqual([
      { tool_call_id: 't1', step: 'opening', answer: 'question', code: null },
      { tool_call_id: 't2', step: 'first', answer: 'refused', code: 'not_delivered' },
      { tool_call_id: 't3', step: 'first', answer: 'waited', code: null },
      { tool_call_id: 't4', step: 'first', answer: 'refused', code: 'stale' },
      { tool_call_id: 't5', step: 'first', answer: 'question', code: null },
      { tool_call_id: 't6', step: 'second', answer: 'ended', code: null },
    ]);
  });

  it.each([
    ['a text', '"said"'],
    ['no object', []],
    ['an odd index', { phase: 'question', index: 'first' }],
    ['outcomes that are none', { phase: 'question', index: 0, outcomes: { id: 1 } }],
    [
      'a reply of another kind',
      { decision: { key: 'k', effects: [{ type: 'reply', output: 7 }] } },
    ],
  ])('is kept also where it can not be read: %s', async (_what, state) => {
    const saved = { state, phase: 'question', deadline: null } as const;
    expect(await storage().saveReducer(call, 1, saved)).toBe(true);
    const brief = await storage().sessionBrief(database.session);
    expect(brief?.session.reducer).toEqual(state === '"said"' ? 'said' : state);
    expect(await questions()).toEqual([]);
  });
});

it('a settled transcript adds what only it tells: further turns, and the share that was played', async () => {
  await answered('opening');
  await next('t1', 'opening');
  const line = (role: string, more: object) => ({
    role,
    status: 'final',
    question_id: 'first',
    ...more,
  });
  const report = {
    schema: 'interview-report/1',
    transcript_sha256: 'a'.repeat(64),
    utterances: [
      line('interviewer', { started_ms: 1000, ended_ms: 5000, heard_ms: 3000 }),
      line('candidate', { started_ms: 6000, ended_ms: 9000, heard_ms: null }),
      line('interviewer', { started_ms: 9500, ended_ms: 9900, heard_ms: null }),
      { ...line('interviewer', { started_ms: 1, ended_ms: 2, heard_ms: null }), question_id: null },
    ],
  };
  await database.sql(
    `select public.store_report($1, $2)`,
    database.session,
    JSON.stringify(report),
  );
  expect(await questions()).toMatchObject([{ follow_ups: 1, heard_share: 0.75 }]);
});
