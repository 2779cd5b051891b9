import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { WriterId } from '@interview/protocol';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../app.ts';
import { TestDatabase } from '../testing/database.ts';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import { Provider, type ProviderCall } from '../testing/provider.ts';
import { pageOrigin, testConfig, TestPage, tokenFor, type Message } from '../testing/proxy.ts';
import { callTool, hear, play } from '../testing/speech.ts';
import { plan } from '../../../supabase/tests/world.ts';

// Real sockets, timers and Postgres on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let database: TestDatabase;
let provider: Provider;
let proxies: { app: FastifyInstance; url: string }[];

beforeAll(async () => {
  database = await TestDatabase.start();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.anew();
  provider = new Provider();
  const OPENAI_BASE_URL = await provider.listen();
  proxies = await Promise.all(
    [0, 1].map(async () => {
      const app = await buildApp({ config: testConfig({ OPENAI_BASE_URL, ...database.env }) });
      return { app, url: await app.listen({ port: 0, host: '127.0.0.1' }) };
    }),
  );
});
afterEach(async () => {
  await Promise.all(proxies.map(({ app }) => app.close()));
  await provider.close();
});

const urlOf = (proxy: number): string => proxies[proxy]?.url ?? '';

/** A page on one of the proxies: a new one, or the page load of that name. */
async function join(proxy: number, writer?: WriterId): Promise<TestPage & { name: WriterId }> {
  const token = await tokenFor(database.session);
  const own = new Proxied(urlOf(proxy), token, writer);
  await own.next('ready');
  return own;
}

class Proxied extends TestPage {
  readonly name: WriterId;

  constructor(url: string, token: string, writer?: WriterId) {
    const name = writer ?? (`b_${randomUUID().replaceAll('-', '')}` as WriterId);
    super(`${url.replace('http', 'ws')}/ws?writer_id=${name}`, token, { origin: pageOrigin });
    this.name = name;
  }
}

const offerOf = (page: { name: WriterId }, reason = 'start'): Message => ({
  type: 'offer',
  id: reason,
  writer_id: page.name,
  sdp: offer,
  reason,
});

/** A talk on the first proxy, in which the greeting was said. */
async function talk(): Promise<{ page: TestPage & { name: WriterId }; call: ProviderCall }> {
  const page = await join(0);
  const answer = await page.ask(offerOf(page));
  const call = provider.call('rtc_1');
  call.keepsItems = true;
  await call.untilAttached();
  await page.ask({ type: 'connected', call_id: answer['call_id'] });
  await call.next(({ type }) => type === 'response.create');
  play(call, 'a0', plan.greeting, null);
  return { page, call };
}

const answersTo = (call: ProviderCall, toolCall: string): Message[] =>
  call.received.filter((event) => (event['item'] as Message | undefined)?.['call_id'] === toolCall);

describe('the supervisor', () => {
  it('follows the page to another machine, and the former one says nothing more', async () => {
    const { page, call } = await talk();
    const back = await join(1, page.name);
    await back.next('progress');
    await eventually(() => database.epoch()).toBe(2);
    // The former one learns of it by what the next one does in the call.
    await eventually(() => provider.call('rtc_1').sockets).toBe(1);
    hear(call, 'u0', 'a0', 900);
    const toolCall = callTool(call, 'next_question', { from: 'opening', reason: 'answered' });
    expect(await back.until((one) => one['question'] === 1)).toMatchObject({
      text: plan.questions[0]?.text,
    });
    await eventually(() => answersTo(call, toolCall).length).toBe(1);
    expect(answersTo(call, toolCall)).toHaveLength(1);
    // The greeting, an answer to the turn, and one to the tool.
    await eventually(
      () => call.received.filter(({ type }) => type === 'response.create').length,
    ).toBe(3);
    expect(page.received.some(({ type }) => type === 'end')).toBe(false);
    expect(provider.hangups).toEqual([]);
  });

  it('comes back with the page, also before its first machine has noticed', async () => {
    const { page, call } = await talk();
    const away = await join(1, page.name);
    await eventually(() => database.epoch()).toBe(2);
    away.socket.close();
    const back = await join(0, page.name);
    await eventually(() => database.epoch()).toBe(3);
    await eventually(() => call.sockets).toBe(1);
    expect(await back.ask({ type: 'action', kind: 'repeat' })).toMatchObject({ type: 'ok' });
    expect(provider.hangups).toEqual([]);
  });

  it('stays where it is for another page of the candidate', async () => {
    const { page } = await talk();
    await join(1);
    expect(await page.ask({ type: 'action', kind: 'repeat' })).toMatchObject({ type: 'ok' });
    expect(await database.epoch()).toBe(1);
  });

  it('may end the call only while it has it', async () => {
    const { page, call } = await talk();
    const before = (name: string): Promise<void> | undefined =>
      name === 'renew_lease' ? new Promise(() => undefined) : undefined;
    // The former one does not notice.
    database.before = before;
    const back = await join(1, page.name);
    await eventually(() => database.epoch()).toBe(2);
    await fetch(`${urlOf(0)}/v1/calls/${await callId()}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${await tokenFor(database.session)}`, origin: pageOrigin },
    });
    expect(provider.hangups).toEqual([]);
    expect(await back.ask({ type: 'action', kind: 'repeat' })).toMatchObject({ type: 'ok' });
    expect(call.attached).toBe(true);
  });
});

async function callId(): Promise<string> {
  const [call] = await database.sql(
    'select id from public.session_calls where session_id = $1 order by ordinal desc',
    database.session,
  );
  return String(call?.['id']);
}

describe('a request that reaches another machine', () => {
  const post = async (message: object): Promise<Message> => {
    const response = await fetch(`${urlOf(1)}/v1/messages`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenFor(database.session)}`,
        'content-type': 'application/json',
        origin: pageOrigin,
      },
      body: JSON.stringify(message),
    });
    return (await response.json()) as Message;
  };

  it('is done where the supervisor is, and answered', async () => {
    const { page, call } = await talk();
    expect(await post({ type: 'action', id: 'r', kind: 'skip' })).toEqual({ type: 'ok', id: 'r' });
    await page.until((one) => one['question'] === 1);
    await call.next(
      ({ type }) => type === 'response.cancel' || type === 'output_audio_buffer.clear',
    );
    expect(await database.epoch()).toBe(1);
    const complete = {
      type: 'complete',
      id: 'c',
      reason: 'candidate_ended',
      writers: {},
      lost: [],
    };
    expect(await post(complete)).toMatchObject({ type: 'completed', id: 'c' });
    expect(await database.sql('select 1 from public.call_commands')).toEqual([]);
  });

  it('is refused with the reason of the supervisor', async () => {
    const page = await join(0);
    await page.ask(offerOf(page));
    await provider.call('rtc_1').untilAttached();
    await eventually(() => database.epoch()).toBe(1);
    expect(await post({ type: 'pause', id: 'r' })).toMatchObject({
      error: { code: 'not_connected' },
    });
  });

  it('tells a page that asks again and again how the interview stands, and that the candidate is there', async () => {
    const { page } = await talk();
    const answered: unknown[] = [];
    database.after = (name, { p_reply: reply }) => {
      if (name === 'answer_command') answered.push(reply);
    };
    const response = await fetch(`${urlOf(1)}/v1/session?writer_id=${page.name}`, {
      headers: { authorization: `Bearer ${await tokenFor(database.session)}`, origin: pageOrigin },
    });
    const { messages } = (await response.json()) as { messages: Message[] };
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'progress', 'time']);
    await eventually(() => answered).toEqual([{ message: { type: 'pong', id: 'present' } }]);
    expect(await database.sql('select 1 from public.call_commands')).toEqual([]);
    expect(await database.epoch()).toBe(1);
  });
});

describe('a newer offer on another machine', () => {
  it('hangs up the former call, and tells the older page', async () => {
    const { page } = await talk();
    const other = await join(1);
    expect(await other.ask(offerOf(other))).toMatchObject({ type: 'answer', ordinal: 2 });
    expect(await page.next('end')).toMatchObject({ reason: 'taken_over' });
    expect(provider.hangups).toEqual(['rtc_1']);
  });

  it('of the same page takes nothing over', async () => {
    const { page } = await talk();
    const back = await join(1, page.name);
    expect(await back.ask(offerOf(back, 'reconnect'))).toMatchObject({ type: 'answer' });
    await eventually(() => provider.hangups).toEqual(['rtc_1']);
    await eventually(() => provider.call('rtc_1').attached).toBe(false);
    expect(page.received.some(({ type }) => type === 'end')).toBe(false);
  });

  it('lets the former one be hung up when its answer comes only then', async () => {
    const page = await join(0);
    const held = new Promise<ServerResponse>((asked) => {
      const { reply } = provider;
      provider.reply = (_request, response) => {
        provider.reply = reply;
        asked(response);
      };
    });
    const asked = page.ask(offerOf(page));
    const response = await held;
    const other = await join(1);
    expect(await other.ask(offerOf(other))).toMatchObject({ type: 'answer', ordinal: 2 });
    provider.answer(response);
    await asked;
    await eventually(() => provider.hangups).toEqual(['rtc_2']);
    expect(await page.next('end')).toMatchObject({ reason: 'taken_over' });
    await provider.call('rtc_1').untilAttached();
  });
});
