import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { plan } from '../../../supabase/tests/world.ts';
import { TestDatabase } from '../testing/database.ts';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import { Provider, type ProviderCall } from '../testing/provider.ts';
import {
  newWriter,
  pageOrigin,
  secret,
  TestPage,
  tokenFor,
  type Message,
} from '../testing/proxy.ts';
import { callTool, hear, play, says } from '../testing/speech.ts';

// Two real processes, one of which is killed, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What is longer than this is dead air, milliseconds. */
const DEAD_AIR_MS = 8_000;
const server = fileURLToPath(new URL('../server.ts', import.meta.url));

let database: TestDatabase;
let provider: Provider;
let first: Machine;
let second: Machine;

interface Machine {
  url: string;
  /** Ends it as a power cut would. */
  kill: () => void;
  process: ChildProcess;
}

async function startMachine(): Promise<Machine> {
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    HOST: '127.0.0.1',
    JWT_SECRET: secret,
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: provider.url,
    ...database.env,
  };
  const child = spawn(process.execPath, ['--conditions=source', server], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const address = /Server listening at (http:[^"]+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stdout.resume();
    return { url: address, process: child, kill: () => void child.kill('SIGKILL') };
  }
  throw new Error('The proxy ended before it listened.');
}

beforeAll(async () => {
  database = await TestDatabase.start();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.anew();
  provider = new Provider();
  await provider.listen();
  [first, second] = await Promise.all([startMachine(), startMachine()]);
});
afterEach(async () => {
  for (const { process: child, kill } of [first, second]) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    kill();
    await gone;
  }
  await provider.close();
});

const writer = newWriter();
async function join({ url }: Machine): Promise<TestPage> {
  const address = `${url.replace('http', 'ws')}/ws?writer_id=${writer}`;
  const page = new TestPage(address, await tokenFor(database.session), { origin: pageOrigin });
  await page.next('ready');
  return page;
}

/** A talk on the first machine in which the greeting was said, and answered. */
async function talk(): Promise<{ page: TestPage; call: ProviderCall }> {
  const page = await join(first);
  const answer = await page.ask({ type: 'offer', writer_id: writer, sdp: offer, reason: 'start' });
  const call = provider.call('rtc_1');
  call.keepsItems = true;
  await call.untilAttached();
  await page.ask({ type: 'connected', call_id: answer['call_id'] });
  await call.next(({ type }) => type === 'response.create');
  play(call, 'a0', plan.greeting, null);
  hear(call, 'u0', 'a0', 900);
  // The turn is answered by us.
  await eventually(() => responsesOf(call).length).toBe(2);
  return { page, call };
}

const itemOf = (event: Message): Message | undefined => event['item'] as Message | undefined;
const outputsOf = (call: ProviderCall): Message[] =>
  call.received.filter((event) => itemOf(event)?.type === 'function_call_output');
const responsesOf = (call: ProviderCall): Message[] =>
  call.received.filter(({ type }) => type === 'response.create');
const savesReply = (name: string, args: Record<string, unknown>): boolean =>
  name === 'save_reducer' && JSON.stringify(args['p_state']).includes('"type":"reply"');
/** The candidate's page goes to the machine that is left. */
const comeBack = async (page: TestPage): Promise<TestPage> => {
  await page.closed;
  return join(second);
};

it.each([
  ['before it has saved the answer', 'before'],
  ['when it has saved the answer, and before it gives it', 'after'],
])('a tool call is answered once where the proxy dies %s', async (_name, when) => {
  const { page, call } = await talk();
  database[when === 'before' ? 'before' : 'after'] = (name, args) => {
    if (!savesReply(name, args)) return undefined;
    database.before = database.after = () => undefined;
    first.kill();
    // Nothing comes of it any more, as where the request was lost.
    return when === 'before' ? new Promise(() => undefined) : undefined;
  };
  const asked = responsesOf(call).length;
  const toolCall = callTool(call, 'next_question', { from: 'opening', reason: 'answered' });
  const back = await comeBack(page);
  const since = Date.now();
  await eventually(() => outputsOf(call).length).toBe(1);
  await eventually(() => responsesOf(call).length).toBe(asked + 1);
  expect(Date.now() - since).toBeLessThan(DEAD_AIR_MS);
  expect(itemOf(outputsOf(call)[0] ?? { type: '' })).toMatchObject({ call_id: toolCall });
  expect(await back.until((one) => one['question'] === 1)).toMatchObject({ type: 'progress' });
  await goesOn(call, back);
});

it('a tool call is answered once where the proxy dies when it has given the answer', async () => {
  const { page, call } = await talk();
  const asked = responsesOf(call).length;
  callTool(call, 'next_question', { from: 'opening', reason: 'answered' });
  await call.next((event) => itemOf(event)?.type === 'function_call_output');
  await eventually(() => responsesOf(call).length).toBe(asked + 1);
  first.kill();
  play(call, 'a1', plan.questions[0]?.text ?? '', 'u0');
  const back = await comeBack(page);
  await back.until((one) => one['question'] === 1);
  await settled();
  expect(outputsOf(call)).toHaveLength(1);
  expect(responsesOf(call)).toHaveLength(asked + 1);
  await goesOn(call, back);
});

it('the candidate is answered where the proxy and the response died with each other', async () => {
  const { page, call } = await talk();
  const asked = responsesOf(call).length;
  callTool(call, 'next_question', { from: 'opening', reason: 'answered' });
  await eventually(() => responsesOf(call).length).toBe(asked + 1);
  first.kill();
  const back = await comeBack(page);
  await eventually(() => responsesOf(call).length).toBe(asked + 2);
  expect(outputsOf(call)).toHaveLength(1);
  await goesOn(call, back);
});

it('the words of a button are said once where the proxy dies before it says them', async () => {
  const { page, call } = await talk();
  database.after = (name, args) => {
    if (name === 'save_reducer' && JSON.stringify(args).includes('"type":"steer"')) first.kill();
  };
  page.send({ type: 'action', id: 'skip', kind: 'skip' });
  const back = await comeBack(page);
  await call.next(says(plan.questions[0]?.text ?? ''));
  await settled();
  expect(call.received.filter(says(plan.questions[0]?.text ?? ''))).toHaveLength(1);
  await goesOn(call, back);
});

it('a call of which no page tells is taken up all the same', async () => {
  const headers = {
    authorization: `Bearer ${await tokenFor(database.session)}`,
    origin: pageOrigin,
    'content-type': 'application/sdp',
  };
  const answer = await fetch(`${first.url}/v1/calls`, { method: 'POST', headers, body: offer });
  expect(answer.status).toBe(201);
  const call = provider.call('rtc_1');
  call.keepsItems = true;
  await call.next(({ type }) => type === 'response.create');
  await eventually(async () => {
    const connected = 'session_id = $1 and connected_at is not null';
    return database.sql(`select 1 from public.session_calls where ${connected}`, database.session);
  }).toHaveLength(1);
  play(call, 'a0', plan.greeting, null);
  first.kill();
  await expect.poll(() => call.attached, { timeout: 5_000 }).toBe(false);
  // The lease of the dead one lasts ten seconds, and the next look comes within five.
  await expect.poll(() => call.attached, { timeout: 20_000 }).toBe(true);
  hear(call, 'u0', 'a0', 900);
  const toolCall = callTool(call, 'next_question', { from: 'opening', reason: 'answered' });
  await call.next((event) => itemOf(event)?.['call_id'] === toolCall);
});

/**
 * That the one who took over says nothing more can't be awaited. By its first renewal, 3 s after it took the lease, it has
 * listened for as long as it does before it speaks.
 */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    database.after = (name, args) => {
      if (name === 'renew_lease' && args['p_epoch'] === 2) resolve();
    };
  });
}

/** The interview goes on with the next question. */
async function goesOn(call: ProviderCall, page: TestPage): Promise<void> {
  play(call, 'a2', plan.questions[0]?.text ?? '', null);
  hear(call, 'u2', 'a2', 9_000);
  callTool(call, 'next_question', { from: 'first', reason: 'answered' });
  await page.until((one) => one['question'] === 2);
}
