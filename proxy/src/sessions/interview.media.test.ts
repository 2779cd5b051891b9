import { startSimulator, type CallRecord, type Simulator } from '@interview/simulator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Candidate } from '../../../packages/simulator/src/testing/candidate.ts';
import { toneFrames } from '../../../packages/simulator/src/voice/tone.ts';
import { plan } from '../testing/interview.ts';
import { eventually } from '../testing/eventually.ts';
import { heardOut } from '../testing/heard-out.ts';
import { doorThrough } from '../testing/door-through.ts';
import { buildApp } from '../app.ts';
import {
  newWriter,
  pageOrigin,
  startProxy,
  testConfig,
  TestPage,
  tokenFor,
  type TestProxy,
} from '../testing/proxy.ts';

const answers = [
  'Yes, I am ready.',
  'I led the redesign of the checkout and halved the errors of our customers.',
  'We disagreed about the search and tried both ways for a week.',
  'No, thank you.',
];

let simulator: Simulator;
let proxy: TestProxy;

beforeEach(async () => {
  simulator = await startSimulator({
    scenario: {
      turns: answers.map((text) => ({ text })),
      speech: 'tone',
      tone_chars_per_s: 120,
      hangover_ms: 400,
      transcription_delay_ms: 50,
      response_delay_ms: 200,
    },
  });
  proxy = await startProxy({ SIMULATION_MODE: 'true', SIMULATOR_URL: simulator.url });
  proxy.storage.interviewPlan = { ...plan, questions: plan.questions.slice(0, 2) };
});
afterEach(async () => {
  await proxy.close();
  await simulator.close();
});

/** What was truly said, once the call was hung up. */
async function truthOfEndedCall(): Promise<CallRecord> {
  const id = proxy.storage.calls[0]?.provider_call_id ?? '';
  const truth = async (): Promise<CallRecord> =>
    (await (await fetch(new URL(`/simulator/calls/${id}`, simulator.url))).json()) as CallRecord;
  await eventually(async () => (await truth()).ended_at).not.toBeNull();
  return truth();
}

it('holds a whole interview over real media, and keeps every word in order', async () => {
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });

  let from = 0;
  for (const [index] of answers.entries()) {
    from = await heardOut(candidate.events, from);
    candidate.speak(toneFrames(index === 1 || index === 2 ? 3.5 : 0.8));
  }
  const end = await page.until((message) => message.type === 'end', 15_000);
  expect(end).toMatchObject({ reason: 'completed' });
  const done = await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
  expect(done).toMatchObject({ type: 'completed' });
  expect(page.received.filter((message) => message.type === 'error')).toEqual([]);

  const { utterances } = await truthOfEndedCall();
  const rows = proxy.storage.serverRows();
  expect(rows.map(({ item_id, role, text, status }) => ({ item_id, role, text, status }))).toEqual(
    utterances.map(({ item_id, role, text, status }) => ({ item_id, role, text, status })),
  );
  const spoken = rows.filter((row) => row.role === 'candidate').map((row) => row.text);
  expect(spoken).toEqual(answers);
  expect(rows.at(-1)?.text).toBe(plan.closing_text);
  candidate.leave();
  server.close();
}, 60_000);

it('holds a whole interview in writing, with a pause, and keeps every word in order', async () => {
  proxy.storage.mode = 'text';
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });

  let from = 0;
  const read = async (): Promise<void> => {
    const written = await candidate.events.next('response.output_text.done', from);
    await candidate.events.next('response.done', candidate.events.all.indexOf(written));
    from = candidate.events.all.length;
  };
  await read();
  expect(await page.ask({ type: 'pause' })).toMatchObject({ type: 'ok' });
  await page.until((message) => message['paused'] === true);
  expect(await page.ask({ type: 'unpause' })).toMatchObject({ type: 'ok' });
  for (const text of answers) {
    await read();
    expect(await page.ask({ type: 'text', text })).toMatchObject({ type: 'ok' });
  }
  const end = await page.until((message) => message.type === 'end', 15_000);
  expect(end).toMatchObject({ reason: 'completed' });
  const done = await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
  expect(done).toMatchObject({ type: 'completed' });
  expect(page.received.filter((message) => message.type === 'error')).toEqual([]);

  const { utterances, session } = await truthOfEndedCall();
  expect(session).toMatchObject({ output_modalities: ['text'] });
  const rows = proxy.storage.serverRows();
  expect(rows.map(({ item_id, role, text, status }) => ({ item_id, role, text, status }))).toEqual(
    utterances.map(({ item_id, role, text, status }) => ({ item_id, role, text, status })),
  );
  const questions = plan.questions.slice(0, 2).map((question) => `Thank you. ${question.text}`);
  expect(rows.map((row) => row.text)).toEqual([
    plan.greeting,
    'Are you ready?',
    answers[0],
    questions[0],
    answers[1],
    questions[1],
    answers[2],
    plan.candidate_qa_text,
    answers[3],
    plan.closing_text,
  ]);
  expect(candidate.events.types.filter((type) => type.includes('output_audio'))).toEqual([]);
  candidate.leave();
  server.close();
}, 60_000);

it('meets a silent candidate step by step, hangs up, and goes on when they come back', async () => {
  await proxy.close();
  const names = ['offer_repeat', 'offer_skip', 'check_line', 'pause', 'absent'] as const;
  const silence = names.map((step, index) => ({ step, after: 2_500 * (index + 1) }));
  proxy = await startProxy({ SIMULATION_MODE: 'true', SIMULATOR_URL: simulator.url }, { silence });
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });

  await page.until((message) => message['paused'] === true, 30_000);
  const end = await page.until((message) => message.type === 'end', 15_000);
  expect(end).toMatchObject({ reason: 'absent' });
  const { utterances } = await truthOfEndedCall();
  // The greeting, and three times a word about the silence.
  expect(utterances.map(({ role }) => role)).toEqual(Array(4).fill('interviewer'));
  expect(proxy.storage.calls[0]?.closed_at).not.toBeNull();
  expect(proxy.storage.status).toBe('active');
  candidate.leave();
  server.close();
  page.socket.terminate();

  const back = await TestPage.join(proxy);
  const door = await doorThrough(proxy, back);
  const again = new Candidate();
  await again.join(door.url, {});
  await back.ask({ type: 'connected', call_id: proxy.storage.calls[1]?.id });
  await heardOut(again.events);
  const said = (): string[] => proxy.storage.serverRows().map((row) => row.text);
  await eventually(said).toContain('Are you ready?');
  expect(said().filter((text) => text === plan.greeting)).toHaveLength(1);
  await back.until((message) => message['paused'] === false, 10_000);
  expect(proxy.storage.calls).toHaveLength(2);
  again.leave();
  door.server.close();
}, 60_000);

it('goes on while its page moves from proxy to proxy, one of which is stopped, and loses no word', async () => {
  const config = testConfig({ SIMULATION_MODE: 'true', SIMULATOR_URL: simulator.url });
  const other = await buildApp({ config, storage: proxy.storage });
  const address = await other.listen({ port: 0, host: '127.0.0.1' });
  const urls = [proxy.url, `${address.replace('http', 'ws')}/ws`];
  const writer = newWriter();
  const join = async (url = ''): Promise<TestPage> => {
    const token = await tokenFor(proxy.session);
    const page = new TestPage(`${url}?writer_id=${writer}`, token, { origin: pageOrigin });
    await page.next('progress');
    return page;
  };
  const first = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, Object.assign(first, { writer }));
  const candidate = new Candidate();
  await candidate.join(url, {});
  await first.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });

  let page = first;
  let from = 0;
  for (const [index] of answers.entries()) {
    from = await heardOut(candidate.events, from);
    page.socket.terminate();
    page = await join(urls[(index + 1) % 2]);
    candidate.speak(toneFrames(index === 1 || index === 2 ? 3.5 : 0.8));
    if (index === 2) void other.close();
    if (index === 2) await page.next('drain').catch(() => undefined);
  }
  const end = await page.until((message) => message.type === 'end', 20_000);
  expect(end).toMatchObject({ reason: 'completed' });
  await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
  const { utterances } = await truthOfEndedCall();
  const rows = proxy.storage.serverRows();
  expect(rows.map(({ item_id, role, text, status }) => ({ item_id, role, text, status }))).toEqual(
    utterances.map(({ item_id, role, text, status }) => ({ item_id, role, text, status })),
  );
  expect(rows.filter((row) => row.role === 'candidate').map((row) => row.text)).toEqual(answers);
  expect(proxy.storage.calls).toHaveLength(1);
  candidate.leave();
  server.close();
}, 90_000);
