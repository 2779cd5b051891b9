import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startSimulator, type Simulator } from './index.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const offer = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:1',
  'a=sctp-port:5000',
  '',
].join('\r\n');

interface Asked {
  method?: string;
  token?: string | null;
  type?: string;
  body?: string | FormData;
}

/** Asks an endpoint; a key is sent unless `token` is null. */
async function ask(path: string, asked: Asked = {}): Promise<Response> {
  const { method = 'POST', token = 'sk-test', type, body } = asked;
  return fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body }),
  });
}
const call = (asked: Asked = {}): Promise<Response> =>
  ask('/realtime/calls', { type: 'application/sdp', body: offer, ...asked });

function multipart(session: string): FormData {
  const form = new FormData();
  form.set('sdp', offer);
  form.set('session', session);
  return form;
}

async function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(new URL(`/simulator/${path}`, simulator.url), {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('an offer', () => {
  it('is answered with SDP and the address of the call', async () => {
    const response = await call();
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toMatch(/^application\/sdp/);
    expect(response.headers.get('location')).toMatch(/^\/v1\/realtime\/calls\/rtc_\w+$/);
    const answer = await response.text();
    expect(answer).toMatch(/^v=0\r\n/);
    expect(answer).toMatch(/\na=setup:active\r\n/);
    expect(answer).toMatch(/\na=candidate:.* typ host/);
    expect(answer).toMatch(/\nm=application /);
  });

  it('is taken with its session as multipart, and in the shape of the beta', async () => {
    const session = JSON.stringify({ type: 'realtime', instructions: 'Be kind.' });
    const response = await ask('/realtime/calls', { body: multipart(session) });
    expect(response.status).toBe(201);
    const id = response.headers.get('location')?.split('/').at(-1);
    const record: unknown = await (await control('GET', `calls/${id}`)).json();
    expect(record).toMatchObject({ call_id: id, session: { instructions: 'Be kind.' } });
    const beta = await ask('/realtime?model=x', { type: 'application/sdp', body: offer });
    expect(beta.status).toBe(201);
  });

  it.each<[string, Asked, number, string]>([
    ['no key', { token: null }, 401, 'invalid_api_key'],
    ['an unknown ephemeral key', { token: 'ek_unknown' }, 401, 'invalid_api_key'],
    ['no SDP', { body: 'hello' }, 400, 'invalid_offer'],
    [
      'SDP that no one can read',
      { body: offer.replace(/a=ice-.*\r\n/g, '') },
      400,
      'invalid_offer',
    ],
    [
      'a beta session',
      { body: multipart('{"type":"realtime","modalities":["audio"]}') },
      400,
      'unknown_parameter',
    ],
    ['a session that is no JSON', { body: multipart('{') }, 400, 'invalid_json'],
  ])('with %s is refused as the provider refuses it', async (_, asked, status, code) => {
    const type = asked.body instanceof FormData ? undefined : 'application/sdp';
    const response = await ask('/realtime/calls', {
      body: offer,
      ...asked,
      ...(type === undefined ? {} : { type }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect(Object.keys(error).toSorted()).toEqual(['code', 'message', 'param', 'type']);
    expect(error).toMatchObject({ code, type: 'invalid_request_error' });
  });
});

describe('an ephemeral key', () => {
  it('stands for its session', async () => {
    const made = await ask('/realtime/client_secrets', {
      type: 'application/json',
      body: JSON.stringify({ session: { type: 'realtime', instructions: 'From the key.' } }),
    });
    expect(made.status).toBe(200);
    const secret = (await made.json()) as { value: string; expires_at: number };
    expect(secret.value).toMatch(/^ek_/);
    expect(secret.expires_at).toBeGreaterThan(Date.now() / 1000 + 500);
    const response = await call({ token: secret.value });
    const id = response.headers.get('location')?.split('/').at(-1);
    const record: unknown = await (await control('GET', `calls/${id}`)).json();
    expect(record).toMatchObject({ session: { instructions: 'From the key.' } });
  });
});

describe('a call', () => {
  it('ends by hangup, once', async () => {
    const location = (await call()).headers.get('location') ?? '';
    const path = location.replace('/v1', '');
    expect((await ask(`${path}/hangup`)).status).toBe(200);
    const again = await ask(`${path}/hangup`);
    expect(again.status).toBe(404);
    expect(await again.json()).toMatchObject({ error: { code: 'call_id_not_found' } });
    const record: unknown = await (
      await control('GET', `calls/${location.split('/').at(-1) ?? ''}`)
    ).json();
    expect(record).not.toMatchObject({ ended_at: null });
  });

  it.each([
    ['without a key', {}, 'rtc_x', 401],
    ['for a call that is not there', { authorization: 'Bearer sk-test' }, 'rtc_x', 404],
    ['without a call', { authorization: 'Bearer sk-test' }, '', 400],
  ])('refuses a server %s before the upgrade', async (_, headers, id, status) => {
    const url = `${simulator.url.replace('http', 'ws')}/realtime?call_id=${id}`;
    const socket = new WebSocket(url, { headers });
    const refused = await new Promise<number | undefined>((resolve) => {
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
        response.destroy();
      });
    });
    expect(refused).toBe(status);
  });
});

describe('a scenario', () => {
  it('lets the first call fail and the second be late', async () => {
    const faults = [
      { kind: 'http_status', nth: 1, status: 429, code: 'rate_limit_exceeded', retry_after_s: 2 },
      { kind: 'slow_answer', nth: 2, delay_ms: 300 },
    ];
    expect((await control('PUT', 'scenario', { faults })).status).toBe(200);
    const limited = await call();
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('2');
    expect(await limited.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    const before = performance.now();
    expect((await call()).status).toBe(201);
    expect(performance.now() - before).toBeGreaterThan(290);
    await control('DELETE', 'scenario');
    expect((await call()).status).toBe(201);
  });

  it('is refused when it is none', async () => {
    const response = await control('PUT', 'scenario', { turns: [{ words: 'x' }] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'turns.0.words' } });
  });
});

it('answers an unknown address as the provider does', async () => {
  const response = await ask('/no/such/thing');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'unknown_url' } });
});

it('lets pages call it', async () => {
  const preflight = await fetch(`${simulator.url}/realtime/calls`, {
    method: 'OPTIONS',
    headers: { 'access-control-request-headers': 'authorization,content-type' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  expect((await call()).headers.get('access-control-expose-headers')).toBe('location');
});

it('lets no page see what was said, or change what is said next', async () => {
  const url = new URL('/simulator/scenario', simulator.url);
  const headers = { 'access-control-request-method': 'DELETE' };
  const preflight = await fetch(url, { method: 'OPTIONS', headers });
  const calls = await fetch(new URL('/simulator/calls', simulator.url));
  for (const reply of [preflight, calls]) {
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(preflight.ok).toBe(false);
});
