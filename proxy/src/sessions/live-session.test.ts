import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../app.ts';
import { Supervisor } from '../supervision/supervisor.ts';
import { offer, answerSdp, plan } from '../testing/interview.ts';
import { eventually } from '../testing/eventually.ts';
import type { ProviderCall } from '../testing/provider.ts';
import { callTool, hear, play, says, transcribe } from '../testing/speech.ts';
import {
  newWriter,
  pageOrigin,
  startProxy,
  testConfig,
  TestPage,
  tokenFor,
  type Message,
  type TestProxy,
} from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
let page: TestPage;

beforeEach(async () => {
  proxy = await startProxy();
  page = await TestPage.join(proxy);
});
afterEach(() => proxy.close());

const offerOf = (one: TestPage, more: object = {}): Message => ({
  type: 'offer',
  writer_id: one.writer,
  sdp: offer,
  reason: 'start',
  ...more,
});

/** A call whose interviewer has been asked to greet. */
async function talk(): Promise<{ call: ProviderCall; callId: string }> {
  const answer = await page.ask(offerOf(page));
  expect(answer).toMatchObject({ type: 'answer', ordinal: 1 });
  const call = proxy.provider.call('rtc_1');
  await call.untilAttached();
  const callId = String(answer['call_id']);
  await page.ask({ type: 'connected', call_id: callId });
  await call.next(says(plan.greeting));
  return { call, callId };
}

/** The model calls a tool; resolves with the supervisor’s answer to it. */
async function useTool(call: ProviderCall, name: string, args: object): Promise<unknown> {
  const toolCall = callTool(call, name, args);
  const answer = await call.next(
    (event) => (event['item'] as { call_id?: string } | undefined)?.call_id === toolCall,
  );
  return JSON.parse((answer['item'] as { output: string }).output) as unknown;
}

describe('an offer', () => {
  it('is answered with the provider’s answer, byte for byte, and with what the call can do', async () => {
    const answer = await page.ask(offerOf(page));
    expect(answer).toMatchObject({
      type: 'answer',
      sdp: answerSdp,
      ordinal: 1,
      provider: 'openai-realtime',
      capabilities: { supervision: 'sideband', pause: true },
    });
    expect(answer['call_id']).toBe(proxy.storage.calls[0]?.id);
  });

  it('that comes with the opening of a socket is placed meanwhile, and answered after the greeting', async () => {
    const { storage } = proxy;
    const read = vi.spyOn(storage, 'sessionBrief').mockImplementationOnce(async (session) => {
      await eventually(() => storage.calls.length).toBe(1);
      return storage.sessionBrief(session);
    });
    const early = new TestPage(proxy.url, await tokenFor(proxy.session), { origin: pageOrigin });
    await once(early.socket, 'open');
    const asked = [early.ask(offerOf(early)), early.ask({ type: 'ping' })];
    expect(await Promise.all(asked)).toMatchObject([
      { type: 'answer', ordinal: 1 },
      { type: 'pong' },
    ]);
    expect(early.received[0]).toMatchObject({ type: 'ready' });
    // The greeting's look serves the first call as well; the mock itself makes the second.
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('that comes with the opening of a socket to no session ends with the refusal', async () => {
    const { storage } = proxy;
    vi.spyOn(storage, 'sessionBrief').mockResolvedValue(null);
    const early = new TestPage(proxy.url, await tokenFor(proxy.session), { origin: pageOrigin });
    await once(early.socket, 'open');
    early.send({ ...offerOf(early), id: 'early' });
    expect(await early.closed).toMatchObject({ reason: 'session_ended' });
    expect(early.received).toEqual([expect.objectContaining({ code: 'session_ended' })]);
  });

  it('makes one call however often it is sent, also on a second socket of the page', async () => {
    const again = await TestPage.join(proxy);
    const message = offerOf(page, { id: 'same' });
    const [one, two] = await Promise.all([page.ask(message), again.ask(message)]);
    expect(two['call_id']).toBe(one['call_id']);
    expect(proxy.provider.offers).toHaveLength(1);
  });

  it('that the database knows and this process does not is never tried again', async () => {
    await proxy.storage.openCall({
      session: proxy.session,
      offerId: `${page.writer}.lost`,
      writer: page.writer,
      reason: 'start',
      provider: 'openai',
    });
    const answer = await page.ask(offerOf(page, { id: 'lost' }));
    expect(answer).toMatchObject({ type: 'error', code: 'call_unknown', retryable: true });
    expect(proxy.provider.offers).toHaveLength(0);
  });

  it('hangs up the former call, and tells the other page that it is taken over', async () => {
    await talk();
    const other = await TestPage.join(proxy);
    const answer = await other.ask(offerOf(other));
    expect(answer).toMatchObject({ type: 'answer', ordinal: 2 });
    expect(await page.next('end')).toMatchObject({ reason: 'taken_over' });
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
    expect(proxy.storage.calls[0]?.closeReason).toBe('superseded');
  });

  it('of the same page on a new socket takes nothing over', async () => {
    const { callId } = await talk();
    const again = await TestPage.join(proxy);
    await again.ask(offerOf(page, { id: 'second', reason: 'reconnect' }));
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
    expect(page.received.filter((one) => one.type === 'end')).toEqual([]);
    const stale = await page.ask({ type: 'connected', call_id: callId });
    expect(stale).toMatchObject({ type: 'error', code: 'call_not_found' });
  });

  it('whose page goes before the answer is hung up', async () => {
    let release: () => void = () => undefined;
    const asked = new Promise<void>((seen) => {
      proxy.provider.reply = (_request, response) => {
        release = () => proxy.provider.answer(response);
        seen();
      };
    });
    page.send({ id: 'o1', ...offerOf(page) });
    await asked;
    page.socket.close();
    await page.closed;
    release();
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
  });

  it('of a call that can not be supervised ends in an error, and the call is hung up', async () => {
    proxy.provider.refuseSideband = 404;
    await page.ask(offerOf(page));
    const error = await page.next('error');
    expect(error).toMatchObject({
      type: 'error',
      code: 'supervision_unavailable',
      retryable: true,
    });
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
  });

  it.each([
    [401, 'invalid_api_key', 'upstream_auth', false],
    [429, 'insufficient_quota', 'upstream_quota', false],
    [429, 'rate_limit_exceeded', 'upstream_rate_limited', true],
    [500, 'server_error', 'upstream_unavailable', true],
  ])(
    'that the provider refuses with %i %s tells %s and nothing of the provider',
    async (status, code, told, retryable) => {
      proxy.provider.reply = (_request, response) => {
        const error = { message: 'canary sk-canary-0123456789', type: 'error', param: null, code };
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' });
        response.end(JSON.stringify({ error }));
      };
      const answer = await page.ask(offerOf(page));
      expect(answer).toMatchObject({ type: 'error', code: told, retryable });
      expect(JSON.stringify(page.received)).not.toContain('canary');
      expect(proxy.storage.calls[0]?.closed_at).not.toBeNull();
      if (told === 'upstream_rate_limited') expect(answer['retry_after_ms']).toBe(7000);
    },
  );

  it('is not taken by a database that is down', async () => {
    proxy.storage.down = true;
    const answer = await page.ask(offerOf(page, { id: 'again' }));
    expect(answer).toMatchObject({ type: 'error', code: 'storage_unavailable', retryable: true });
    expect(proxy.provider.offers).toHaveLength(0);
    proxy.storage.down = false;
    page.received.length = 0;
    expect(await page.ask(offerOf(page, { id: 'again' }))).toMatchObject({ type: 'answer' });
  });
});

describe('an interview', () => {
  it('begins with the greeting once the call is attached and connected, not before', async () => {
    const answer = await page.ask(offerOf(page));
    const call = proxy.provider.call('rtc_1');
    await call.untilAttached();
    expect(call.received).toEqual([]);
    await page.ask({ type: 'connected', call_id: answer['call_id'] });
    const greeting = await call.next(says(plan.greeting));
    expect(greeting['response']).toMatchObject({ tool_choice: 'none' });
    expect(await page.next('progress')).toEqual({
      type: 'progress',
      question: 0,
      of: 3,
      text: null,
      phase: 'opening',
    });
    expect(await page.next('time')).toMatchObject({ remaining_s: 1200, paused: false });
  });

  it('goes through its questions by the tools and ends with the farewell', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    let previous = 'a0';
    let from = 'opening';
    for (const question of plan.questions) {
      hear(call, `u_${from}`, previous, 6000);
      transcribe(call, `u_${from}`, `An answer to ${from}.`);
      const answer = await useTool(call, 'next_question', { from, reason: 'answered' });
      expect(answer).toMatchObject({
        ok: true,
        phase: 'question',
        question: { id: question.id, text: question.text },
      });
      play(call, `a_${question.id}`, question.text, `u_${from}`);
      previous = `a_${question.id}`;
      from = question.id;
    }
    hear(call, 'u_last', previous, 6000);
    transcribe(call, 'u_last', 'The last answer.');
    const qa = await useTool(call, 'next_question', { from, reason: 'answered' });
    expect(qa).toEqual({ ok: true, phase: 'candidate_qa', say: plan.candidate_qa_text });
    play(call, 'a_qa', plan.candidate_qa_text, 'u_last');
    hear(call, 'u_qa', 'a_qa', 800);
    transcribe(call, 'u_qa', 'No.');
    const closing = await useTool(call, 'next_question', {
      from: 'candidate_qa',
      reason: 'answered',
    });
    expect(closing).toEqual({ ok: true, phase: 'closing' });
    const end = await useTool(call, 'end_interview', { reason: 'completed', confirmed: true });
    expect(end).toEqual({ ok: true, closing_text: plan.closing_text });
    await call.next(says(plan.closing_text));
    play(call, 'a_bye', plan.closing_text, 'u_qa');
    expect(await page.next('end')).toMatchObject({ reason: 'completed' });

    const done = await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
    expect(done).toMatchObject({ type: 'completed', status: 'completed' });
    expect(proxy.storage.endReason).toBe('completed');
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
    expect(proxy.storage.serverRows().map((row) => [row.role, row.text])).toEqual([
      ['interviewer', plan.greeting],
      ['candidate', 'An answer to opening.'],
      ['interviewer', plan.questions[0]?.text],
      ['candidate', 'An answer to project.'],
      ['interviewer', plan.questions[1]?.text],
      ['candidate', 'An answer to conflict.'],
      ['interviewer', plan.questions[2]?.text],
      ['candidate', 'The last answer.'],
      ['interviewer', plan.candidate_qa_text],
      ['candidate', 'No.'],
      ['interviewer', plan.closing_text],
    ]);
    expect(proxy.storage.ticks).toBe(1);
  });

  it('saves what it decides before it does it', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    hear(call, 'u0', 'a0', 900);
    const save = proxy.storage.saveReducer;
    const order: string[] = [];
    proxy.storage.saveReducer = async (...parameters) => {
      const answered = call.received.some((event) => event.type === 'conversation.item.create');
      order.push(answered ? 'answered first' : 'saved first');
      return save(...parameters);
    };
    await useTool(call, 'next_question', { from: 'opening', reason: 'answered' });
    expect(new Set(order)).toEqual(new Set(['saved first']));
  });

  it('answers no tool when another supervisor has the lease, and lets go', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    hear(call, 'u0', 'a0', 900);
    const first = proxy.storage.calls[0];
    if (first) first.lease = { holder: 'another', epoch: 2, until: Date.now() + 10_000 };
    const sent = call.received.length;
    callTool(call, 'next_question', { from: 'opening', reason: 'answered' });
    await eventually(() => call.attached).toBe(false);
    const types = call.received.slice(sent).map((event) => event.type);
    expect(types).not.toContain('conversation.item.create');
    expect(proxy.provider.hangups).toEqual([]);
  });

  it('refuses a tool that is not there without losing its place', async () => {
    const { call } = await talk();
    expect(await useTool(call, 'next_question', { from: 7 })).toEqual({
      ok: false,
      code: 'invalid',
      current: 'opening',
    });
  });

  it('goes on after a reconnect with the earlier turns and the current question, without a greeting', async () => {
    const { call, callId } = await talk();
    play(call, 'a0', plan.greeting, null);
    hear(call, 'u0', 'a0', 900);
    await useTool(call, 'next_question', { from: 'opening', reason: 'answered' });
    proxy.storage.transcript = [
      { role: 'interviewer', text: plan.greeting, status: 'final' },
      { role: 'candidate', text: 'Yes, I am.', status: 'final' },
      { role: 'candidate', text: '', status: 'inaudible' },
    ].map((row, index) => ({
      ...row,
      entry_id: `${callId}.i${index}`,
      call_id: callId,
      call_ordinal: 1,
      source: 'server',
      started_ms: null,
      ended_ms: null,
      heard_ms: null,
    })) as never;
    const answer = await page.ask(offerOf(page, { reason: 'reconnect' }));
    const second = proxy.provider.call('rtc_2');
    await second.untilAttached();
    await page.ask({ type: 'connected', call_id: answer['call_id'] });
    await second.next(says(plan.questions[0]?.text ?? ''));
    const replayed = second.received.filter((event) => event.type === 'conversation.item.create');
    expect(replayed.map((event) => event['item'])).toEqual([
      expect.objectContaining({
        role: 'assistant',
        content: [{ type: 'output_text', text: plan.greeting }],
      }),
      expect.objectContaining({
        role: 'user',
        content: [{ type: 'input_text', text: 'Yes, I am.' }],
      }),
    ]);
    expect(second.received.some(says(plan.greeting))).toBe(false);
  });

  it('is taken up by the proxy that follows, without a word twice', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    await proxy.app.close();
    expect(await page.next('drain')).toMatchObject({ retry_after_ms: 1000 });
    expect(await page.closed).toMatchObject({ code: 1012 });
    expect(proxy.provider.hangups).toEqual([]);

    const config = testConfig({ OPENAI_BASE_URL: proxy.provider.url });
    const app = await buildApp({ config, storage: proxy.storage });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const back = await TestPage.join({ ...proxy, url: `${address.replace('http', 'ws')}/ws` });
    await call.untilAttached();
    await back.next('progress');
    hear(call, 'u0', 'a0', 900);
    const answer = await useTool(call, 'next_question', { from: 'opening', reason: 'answered' });
    expect(answer).toMatchObject({ ok: true, question: { id: 'project' } });
    expect(await back.until((one) => one['question'] === 1)).toMatchObject({ phase: 'question' });
    expect(call.received.filter(says(plan.greeting))).toHaveLength(1);
    expect(proxy.storage.calls).toHaveLength(1);
    await app.close();
  });
});

describe('the page’s buttons', () => {
  it('skip: stops the voice, says the next question and tells the model', async () => {
    const { call } = await talk();
    expect(await page.ask({ type: 'action', kind: 'skip' })).toMatchObject({ type: 'ok' });
    play(call, 'a0', plan.greeting, null);
    await call.next(says(plan.questions[0]?.text ?? ''));
    expect(call.received.map((event) => event.type)).toEqual([
      'response.create',
      'response.cancel',
      'output_audio_buffer.clear',
      'conversation.item.create',
      'response.create',
    ]);
    expect(await page.until((one) => one['question'] === 1)).toMatchObject({
      text: plan.questions[0]?.text,
      phase: 'question',
    });
  });

  it('repeat: says the current words again', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    await page.ask({ type: 'action', kind: 'repeat' });
    await call.next((event, index) => index > 0 && says(plan.greeting)(event));
  });

  it('done: commits the speech that is open, and asks for a response', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    call.send({ type: 'input_audio_buffer.speech_started', item_id: 'u0', audio_start_ms: 100 });
    await page.ask({ type: 'ping' });
    await eventually(async () => {
      await page.ask({ type: 'action', kind: 'done' });
      return call.received.some((event) => event.type === 'input_audio_buffer.commit');
    }).toBe(true);
  });

  it('end: leaves at once, and the reason stands whatever the page says later', async () => {
    await talk();
    expect(await page.ask({ type: 'action', kind: 'end' })).toMatchObject({ type: 'ok' });
    expect(await page.next('end')).toMatchObject({ reason: 'candidate_ended' });
    const done = await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
    expect(done).toMatchObject({ type: 'completed' });
    expect(proxy.storage.endReason).toBe('candidate_ended');
  });

  it('pause and unpause: hold voice, ear and clock between them', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    expect(await page.ask({ type: 'pause' })).toMatchObject({ type: 'ok' });
    expect(await page.until((one) => one['paused'] === true)).toMatchObject({ type: 'time' });
    await call.next((event) => event.type === 'input_audio_buffer.clear');
    page.received.length = 0;
    expect(await page.ask({ type: 'unpause' })).toMatchObject({ type: 'ok' });
    expect(await page.next('time')).toMatchObject({ paused: false });
    await call.next(says('Are you ready?'));
    const detection = call.received.flatMap((event) =>
      event.type === 'session.update' ? [event['session']] : [],
    );
    expect(detection).toMatchObject([
      { audio: { input: { turn_detection: null } } },
      { audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'low' } } } },
    ]);
  });

  it('a pause that the call did not outlive goes on in the next one', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    await page.ask({ type: 'pause' });
    const answer = await page.ask(offerOf(page, { reason: 'reconnect' }));
    const second = proxy.provider.call('rtc_2');
    await second.untilAttached();
    page.received.length = 0;
    await page.ask({ type: 'connected', call_id: answer['call_id'] });
    expect(await page.next('time')).toMatchObject({ paused: true });
    expect(second.received.some((event) => event.type === 'response.create')).toBe(false);
    await page.ask({ type: 'unpause' });
    await second.next(says('Are you ready?'));
  });

  it('are refused without a call', async () => {
    const answer = await page.ask({ type: 'action', kind: 'skip' });
    expect(answer).toMatchObject({ type: 'error', code: 'not_connected', retryable: false });
  });

  it('text: is said to the model and stored as the candidate’s line', async () => {
    const { call } = await talk();
    play(call, 'a0', plan.greeting, null);
    expect(await page.ask({ type: 'text', text: 'I can type, too.' })).toMatchObject({
      type: 'ok',
    });
    const created = await call.next((event) => event.type === 'conversation.item.create');
    const item = created['item'] as { id: string };
    expect(item.id).toMatch(/^ivr_t_.{1,26}$/);
    call.send({
      type: 'conversation.item.added',
      previous_item_id: 'a0',
      item: { ...item, status: 'completed' },
    });
    await eventually(() =>
      proxy.storage.serverRows().map((row) => [row.role, row.text]),
    ).toContainEqual(['candidate', 'I can type, too.']);
  });
});

describe('media that are gone', () => {
  it('stop the clock until the page connects again, and are forgotten with their call', async () => {
    const { callId } = await talk();
    page.send({ type: 'trouble', call_id: callId, since: 0 });
    await page.until((one) => one['paused'] === true);
    expect(proxy.storage.troubles).toEqual([{ call: callId, sinceMs: 0 }]);
    page.received.length = 0;
    await page.ask({ type: 'connected', call_id: callId });
    expect(await page.next('time')).toMatchObject({ paused: false });
    page.received.length = 0;
    page.send({ type: 'trouble', call_id: '00000000-0000-4000-8000-000000000000', since: 0 });
    await page.ask({ type: 'ping' });
    expect(page.received).toEqual([expect.objectContaining({ type: 'pong' })]);
  });
});

describe('a microphone that is off', () => {
  it('is told to the supervisor of its own call', async () => {
    const mute = vi.spyOn(Supervisor.prototype, 'mute');
    const { callId } = await talk();
    page.send({ type: 'muted', call_id: '00000000-0000-4000-8000-000000000000', muted: true });
    page.send({ type: 'muted', call_id: callId, muted: true });
    page.send({ type: 'muted', call_id: callId, muted: false });
    await page.ask({ type: 'ping' });
    expect(mute.mock.calls).toEqual([[true], [false]]);
    expect(page.received.filter(({ type }) => type === 'error')).toEqual([]);
    mute.mockRestore();
  });
});

describe('what is said beside the interview', () => {
  it('is stored and answered: what is asked for, and what the candidate thinks of us', async () => {
    const ask = { type: 'ask', kind: 'help', note: 'I hear\0 nothing.' };
    expect(await page.ask(ask)).toMatchObject({ type: 'ok' });
    expect(proxy.storage.asked).toEqual([{ kind: 'help', note: 'I hear\uFFFD nothing.' }]);
    expect(await page.ask({ type: 'feedback', rating: 4 })).toMatchObject({ type: 'ok' });
    expect(await page.ask({ type: 'feedback', text: 'Kind.' })).toMatchObject({ type: 'ok' });
    expect(proxy.storage.feedback).toEqual([
      { rating: 4, text: null },
      { rating: null, text: 'Kind.' },
    ]);
    const nothing = await page.ask({ type: 'feedback' });
    expect(nothing).toMatchObject({ type: 'error', code: 'bad_request' });
  });

  it('a correction stands beside the candidate’s own line, also when the token has expired', async () => {
    const { call, callId } = await talk();
    play(call, 'a0', plan.greeting, null);
    hear(call, 'u0', 'a0', 900);
    transcribe(call, 'u0', 'Yes I am ruddy.');
    await eventually(() => proxy.storage.serverRows()).toHaveLength(2);
    const exp = Math.floor(Date.now() / 1000) - 3600;
    const late = await TestPage.join(proxy, { claims: { exp, iat: exp - 600 } });
    const correct = (item: string) =>
      late.ask({ type: 'correct', entry_id: `${callId}.${item}`, text: 'Yes, I am ready.' });
    expect(await correct('u0')).toMatchObject({ type: 'ok' });
    expect(proxy.storage.corrections.get(`${callId}.u0`)).toBe('Yes, I am ready.');
    expect(await correct('a0')).toMatchObject({ type: 'error', code: 'forbidden' });
    expect(await correct('u9')).toMatchObject({ type: 'error', code: 'not_found' });
    const asked = await late.ask({ type: 'feedback', rating: 1 });
    expect(asked).toMatchObject({ type: 'error', code: 'token_expired' });
    expect(proxy.storage.serverRows().map((row) => row.text)).toContain('Yes I am ruddy.');
  });
});

describe('an interview in writing', () => {
  it('asks the provider for text and no ear, and tells the page that there is no “done”', async () => {
    proxy.storage.mode = 'text';
    const answer = await page.ask(offerOf(page));
    expect(answer['capabilities']).toEqual({
      supervision: 'sideband',
      actions: ['skip', 'repeat', 'withdraw', 'end'],
      text: true,
      pause: true,
    });
    const body = proxy.provider.offers[0]?.body.toString() ?? '';
    expect(body).toContain('"output_modalities":["text"]');
    expect(body).toContain('"turn_detection":null');
    expect(body).toContain('Write English.');
  });
});

describe('rows and the end', () => {
  const row = (sequence: number, writer: string, callId: string): object => ({
    entry_id: `${callId}.i${sequence}`,
    writer_id: writer,
    sequence,
    revision: 0,
    role: 'candidate',
    text: `Line ${sequence}`,
    status: 'final',
    call_id: callId,
    item_id: `i${sequence}`,
    previous_item_id: null,
    position: 1024 * sequence,
    started_ms: null,
    ended_ms: null,
    heard_ms: null,
    language: null,
  });

  it('acknowledges what is committed, from any writer of the session', async () => {
    const { callId } = await talk();
    const writer = newWriter();
    const entries = [row(1, writer, callId), row(2, writer, callId)];
    const ack = await page.ask({ type: 'transcript', writer_id: writer, entries });
    expect(ack).toMatchObject({ type: 'ack', writer_id: writer, last_sequence: 2, stored: 2 });
    const again = await page.ask({ type: 'transcript', writer_id: writer, entries });
    expect(again).toMatchObject({ last_sequence: 2, stored: 0, duplicates: 2 });
  });

  it('acknowledges nothing while the database is away', async () => {
    proxy.storage.down = true;
    const entries = [row(1, page.writer, '00000000-0000-4000-8000-000000000000')];
    const answer = await page.ask({ type: 'transcript', writer_id: page.writer, entries });
    expect(answer).toMatchObject({ type: 'error', code: 'storage_unavailable', retryable: true });
  });

  it('lets no page write in the name of the server', async () => {
    const { callId } = await talk();
    const writer = `s_${callId}_1`;
    const answer = await page.ask({
      type: 'transcript',
      writer_id: writer,
      entries: [row(1, writer, callId)],
    });
    expect(answer).toMatchObject({ type: 'error', code: 'session_mismatch' });
  });

  it.each(['staff', 'abuse', 'absent', 'time_up', 'completed'])(
    'lets no page make up that an interview ended as %s',
    async (reason) => {
      const done = await page.ask({ type: 'complete', reason, writers: {}, lost: [] });
      expect(done).toMatchObject({ type: 'completed' });
      expect(proxy.storage.endReason).toBe('candidate_ended');
    },
  );

  it('tells what is missing, and completes once it came', async () => {
    const { callId } = await talk();
    const writers = { [page.writer]: 2 };
    const complete = { type: 'complete', reason: 'candidate_ended', writers, lost: [] };
    const first = await page.ask(complete);
    expect(first).toMatchObject({
      type: 'incomplete',
      missing: [{ writer_id: page.writer, from: 1, to: 2 }],
    });
    const entries = [row(1, page.writer, callId), row(2, page.writer, callId)];
    await page.ask({ type: 'transcript', writer_id: page.writer, entries });
    expect(await page.ask(complete)).toMatchObject({ type: 'completed', status: 'completed' });
  });

  it('tells a page that was away how it ended, before and after it is stored', async () => {
    await talk();
    await page.ask({ type: 'action', kind: 'withdraw' });
    await page.next('end');
    const end = { type: 'end', reason: 'withdrawn', close_in_ms: 0 };
    const back = await TestPage.join(proxy);
    expect(await back.next('end')).toEqual(end);
    await back.ask({ type: 'complete', reason: 'withdrawn', writers: {}, lost: [] });
    expect(proxy.storage.status).toBe('completed');
    const later = await TestPage.join(proxy);
    expect(await later.next('end')).toEqual(end);
    expect(later.received[0]).toMatchObject({ type: 'ready' });
  });

  it.each([
    ['a page that comes back', 0],
    ['one whose token has expired', -3600],
  ])('tells %s that it ended, and still takes its rows', async (_, age) => {
    const { callId } = await talk();
    const writers = { [page.writer]: 1 };
    const complete = { type: 'complete', reason: 'candidate_ended', writers, lost: [] };
    expect(await page.ask(complete)).toMatchObject({ type: 'incomplete' });
    page.socket.terminate();
    const now = Math.floor(Date.now() / 1000) + age;
    const back = await TestPage.join(proxy, { claims: { iat: now, exp: now + 600 } });
    expect(await back.next('end')).toMatchObject({ reason: 'candidate_ended', close_in_ms: 0 });
    const entries = [row(1, page.writer, callId)];
    const ack = await back.ask({ type: 'transcript', writer_id: page.writer, entries });
    expect(ack).toMatchObject({ type: 'ack', last_sequence: 1 });
    expect(await back.ask(complete)).toMatchObject({ type: 'completed', status: 'completed' });
  });
});
