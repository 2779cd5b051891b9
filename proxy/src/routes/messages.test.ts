import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Supervisor } from '../supervision/supervisor.ts';
import { answerSdp, offer } from '../testing/interview.ts';
import {
  newWriter,
  pageOrigin,
  startProxy,
  TestPage,
  tokenFor,
  type Message,
  type TestProxy,
} from '../testing/proxy.ts';
import { eventually } from '../testing/eventually.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
let token: string;

beforeEach(async () => {
  proxy = await startProxy();
  token = await tokenFor(proxy.session);
});
afterEach(() => proxy.close());

const post = (
  message: object | string,
  headers: Record<string, string> = {},
  url = '/v1/messages',
) =>
  proxy.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    payload: typeof message === 'string' ? message : JSON.stringify(message),
  });

const offerOf = (more: object = {}): Message => ({
  type: 'offer',
  id: 'o1',
  writer_id: newWriter(),
  sdp: offer,
  reason: 'start',
  ...more,
});

const completeOf = (more: object): string =>
  JSON.stringify({
    type: 'complete',
    id: 'c',
    reason: 'technical',
    writers: {},
    lost: [],
    ...more,
  });

/** How many sockets the proxy sees; requests of these tests have none. */
const connections = (): Promise<number> =>
  new Promise((resolve) => proxy.app.server.getConnections((_, count) => resolve(count)));

const entry = (writer: string, sequence: number): object => ({
  entry_id: `5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab.item_${sequence}`,
  writer_id: writer,
  sequence,
  revision: 0,
  role: 'candidate',
  text: 'Yes.',
  status: 'final',
  call_id: '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab',
  item_id: `item_${sequence}`,
  previous_item_id: null,
  position: 1024 * sequence,
  started_ms: 0,
  ended_ms: 10,
  heard_ms: null,
  language: null,
});

describe('POST /v1/messages', () => {
  it('answers as the socket does', async () => {
    const reply = await post({ type: 'ping', id: 'p1' }, { origin: pageOrigin });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(reply.headers['access-control-allow-origin']).toBe(pageOrigin);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.json()).toEqual({ type: 'pong', id: 'p1' });

    const answer = (await post(offerOf())).json<Message>();
    expect(answer).toMatchObject({ type: 'answer', id: 'o1', sdp: answerSdp, ordinal: 1 });
    await proxy.provider.call('rtc_1').untilAttached();
    const connected = { type: 'connected', id: 'c1', call_id: answer['call_id'] };
    expect((await post(connected)).json()).toEqual({ type: 'ok', id: 'c1' });

    const writer = newWriter();
    const rows = { type: 'transcript', id: 't1', writer_id: writer, entries: [entry(writer, 1)] };
    expect((await post(rows)).json()).toMatchObject({ type: 'ack', id: 't1', last_sequence: 1 });
  });

  it.each([
    { type: 'quality', rtt_ms: 20 },
    { type: 'trouble', call_id: '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab', since: 0 },
  ])('says nothing to what needs no answer: $type', async (message) => {
    const reply = await post(message);
    expect({ status: reply.statusCode, body: reply.body }).toEqual({ status: 204, body: '' });
  });

  it('takes what is answered with nothing: a microphone that is off', async () => {
    const mute = vi.spyOn(Supervisor.prototype, 'mute');
    const { call_id } = (await post(offerOf())).json<{ call_id: string }>();
    const reply = await post({ type: 'muted', call_id, muted: true });
    expect({ status: reply.statusCode, body: reply.body }).toEqual({ status: 204, body: '' });
    expect(mute.mock.calls).toEqual([[true]]);
    mute.mockRestore();
  });

  it('writes down how a page’s connection is, and waits for nobody to do so', async () => {
    const report = { rtt_ms: 20, jitter_ms: 3.5, loss: 0, concealed: 1, rating: 4, warnings: [] };
    expect((await post({ type: 'quality', ...report })).statusCode).toBe(204);
    expect(proxy.storage.qualities).toEqual([report]);
    proxy.storage.down = true;
    expect((await post({ type: 'quality', ...report })).statusCode).toBe(204);
  });

  it.each([
    ['rtt_ms', -1],
    ['rtt_ms', '1e400'],
    ['jitter_ms', 60_001],
    ['loss', 1.5],
    ['concealed', '"0"'],
    ['rating', 0],
    ['rating', 3.5],
    ['warnings', '["Words that were said."]'],
    ['warnings', '[{}]'],
  ])('refuses a report in which %s is %s', async (figure, value) => {
    const refused = await post(`{"type":"quality","${figure}":${value}}`);
    expect(refused.json()).toMatchObject({ error: { code: 'bad_request' } });
    expect(refused.statusCode).toBe(400);
    expect(proxy.storage.qualities).toEqual([]);
  });

  it('renews the token', async () => {
    const { token: renewed, ...rest } = (await post({ type: 'refresh' })).json<Message>();
    expect(rest).toEqual({ type: 'token', expires_at: expect.any(Number) as number });
    token = String(renewed);
    expect((await post({ type: 'ping', id: 'p' })).statusCode).toBe(200);
  });

  it('asks the page’s own machine for the preflight only', async () => {
    const reply = await proxy.app.inject({
      method: 'OPTIONS',
      url: '/v1/messages',
      headers: {
        origin: pageOrigin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(reply.statusCode).toBe(204);
    expect(reply.headers['access-control-allow-origin']).toBe(pageOrigin);
    expect(reply.headers['access-control-allow-headers']).toContain('authorization');
  });

  it('takes deliveries by a token past its expiry, and nothing else', async () => {
    const now = Math.floor(Date.now() / 1000);
    token = await tokenFor(proxy.session, { claims: { iat: now - 4200, exp: now - 3600 } });
    const writer = newWriter();
    const rows = { type: 'transcript', id: 't1', writer_id: writer, entries: [entry(writer, 1)] };
    expect((await post(rows)).json()).toMatchObject({ type: 'ack', last_sequence: 1 });
    for (const message of [offerOf(), { type: 'refresh' }, { type: 'text', id: 'x', text: 'a' }]) {
      const reply = await post(message);
      expect(reply.statusCode).toBe(401);
      expect(reply.json()).toMatchObject({ error: { code: 'token_expired', retryable: false } });
    }
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('says when to come again', async () => {
    proxy.provider.reply = (_request, response) => {
      response.writeHead(429, { 'retry-after': '9' }).end('{}');
    };
    const reply = await post(offerOf());
    expect(reply.statusCode).toBe(503);
    expect(reply.headers['retry-after']).toBe('9');
    expect(reply.json()).toMatchObject({
      error: { code: 'upstream_rate_limited', retryable: true },
    });
  });

  it('works on so many requests of a session at a time, and no more', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const store = proxy.storage.storeEntries;
    proxy.storage.storeEntries = async (...args) => {
      await held;
      return store(...args);
    };
    const writer = newWriter();
    const many = Array.from({ length: 32 }, (_, index) =>
      post({
        type: 'transcript',
        id: `t${index}`,
        writer_id: writer,
        entries: [entry(writer, index + 1)],
      }),
    );
    const refused = async (): Promise<unknown> => (await post({ type: 'ping', id: 'p' })).json();
    await eventually(refused).toMatchObject({ error: { code: 'rate_limited', retryable: true } });
    release();
    for (const reply of await Promise.all(many)) expect(reply.statusCode).toBe(200);
    expect(await refused()).toEqual({ type: 'pong', id: 'p' });
  });
});

describe('an offer that is sent again by the other door', () => {
  it('gets the same answer, and makes no second call', async () => {
    const page = await TestPage.join(proxy);
    const message = offerOf({ id: 'same', writer_id: page.writer });
    page.send(message);
    const second = post(message);
    const first = await page.next('answer');
    expect((await second).json()).toEqual(first);
    page.socket.terminate();
    await eventually(connections).toBe(0);
    expect((await post(message)).json()).toEqual(first);
    expect(proxy.provider.offers).toHaveLength(1);
    expect(proxy.storage.calls).toHaveLength(1);
  });

  it('also when its first connection is gone before the provider has answered', async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      proxy.provider.reply = (_request, response) => {
        answer = () => proxy.provider.answer(response);
        resolve();
      };
    });
    const page = await TestPage.join(proxy);
    const message = offerOf({ id: 'slow', writer_id: page.writer });
    page.send(message);
    await asked;
    page.socket.terminate();
    await eventually(connections).toBe(0);
    const again = post(message);
    answer();
    expect((await again).json()).toMatchObject({ type: 'answer', id: 'slow', ordinal: 1 });
    expect(proxy.storage.calls).toHaveLength(1);
  });
});

describe('what may not come in', () => {
  const padded = (bytes: number): string => {
    const text = JSON.stringify({ type: 'ping', id: 'big', pad: '' });
    return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
  };

  it.each<[string, string, Record<string, string>, number, string]>([
    ['no token', '{"type":"ping","id":"p"}', { authorization: '' }, 401, 'token_missing'],
    [
      'a forged token',
      '{"type":"ping","id":"p"}',
      { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
      401,
      'token_invalid',
    ],
    [
      'a foreign page',
      '{"type":"ping","id":"p"}',
      { origin: 'https://evil.example' },
      403,
      'origin_not_allowed',
    ],
    [
      'an origin that hides',
      '{"type":"ping","id":"p"}',
      { origin: 'null' },
      403,
      'origin_not_allowed',
    ],
    [
      'another type',
      '{"type":"ping","id":"p"}',
      { 'content-type': 'text/plain' },
      415,
      'unsupported_media_type',
    ],
    [
      'a form',
      'type=ping',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['nothing', '', {}, 400, 'invalid_json'],
    ['not JSON', '{"type":', {}, 400, 'invalid_json'],
    ['no object', '[]', {}, 400, 'bad_request'],
    ['an unknown type', '{"type":"dance","id":"a"}', {}, 400, 'unknown_message'],
    ['a type of Object', '{"type":"constructor","id":"a"}', {}, 400, 'unknown_message'],
    ['a token in the body', '{"type":"authenticate","token":"t"}', {}, 400, 'bad_request'],
    ['too much', padded(64 * 1024 + 1), {}, 413, 'payload_too_large'],
    [
      'an offer in the name of the server',
      JSON.stringify(offerOf({ writer_id: 's_5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab_1' })),
      {},
      403,
      'session_mismatch',
    ],
    [
      'rows in the name of the server',
      JSON.stringify({
        type: 'transcript',
        id: 't',
        writer_id: 's_5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab_1',
        entries: [{}],
      }),
      {},
      403,
      'session_mismatch',
    ],
    [
      'a count of the server’s rows',
      completeOf({ writers: { 's_5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab_1': 1 } }),
      {},
      403,
      'session_mismatch',
    ],
    [
      'a loss of the server’s rows',
      completeOf({
        lost: [{ writer_id: 's_5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab_1', from: 1, to: 9 }],
      }),
      {},
      403,
      'session_mismatch',
    ],
  ])(
    '%s is refused in the one shape, and nothing goes upstream',
    async (_, text, headers, status, code) => {
      const reply = await post(text, headers);
      expect(reply.statusCode).toBe(status);
      const body = reply.json<{ error: object }>();
      expect(Object.keys(body)).toEqual(['error']);
      expect(body.error).toEqual({
        code,
        message: expect.any(String) as string,
        retryable: false,
        request_id: reply.headers['x-request-id'],
      });
      expect(proxy.provider.requests).toHaveLength(0);
      expect(({} as { x?: unknown }).x).toBeUndefined();
    },
  );

  it('64 KiB come in', async () => {
    expect((await post(padded(64 * 1024))).json()).toEqual({ type: 'pong', id: 'big' });
  });

  it.each(['s_5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab_1', 'b_short', '../etc', ''])(
    'a page that calls itself %j is told so',
    async (name) => {
      const url = `/v1/messages?writer_id=${encodeURIComponent(name)}`;
      const reply = await post({ type: 'ping', id: 'p' }, {}, url);
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toMatchObject({ error: { code: 'bad_request' } });
      const socket = new TestPage(`${proxy.url}?writer_id=${encodeURIComponent(name)}`, token);
      expect(await socket.closed).toMatchObject({ code: 1006 });
      expect(socket.received).toEqual([]);
    },
  );

  it('a database that is away is told as something that passes', async () => {
    proxy.storage.down = true;
    const writer = newWriter();
    const rows = { type: 'transcript', id: 't', writer_id: writer, entries: [entry(writer, 1)] };
    const reply = await post(rows);
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({
      error: { code: 'storage_unavailable', retryable: true },
    });
  });
});
