import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerSdp, offer, plan } from '../testing/interview.ts';
import { buildApp } from '../app.ts';
import { LiveSessions } from '../sessions/live-sessions.ts';
import { eventually } from '../testing/eventually.ts';
import { Provider } from '../testing/provider.ts';
import { pageOrigin, startProxy, testConfig, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
let token: string;

beforeEach(async () => {
  proxy = await startProxy();
  token = await tokenFor(proxy.session);
});
afterEach(() => proxy.close());

const post = (headers: Record<string, string>, payload?: string) =>
  proxy.app.inject({
    method: 'POST',
    url: '/v1/calls',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp', ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

describe('POST /v1/calls', () => {
  it('answers an offer, and the talk begins without a word from the page', async () => {
    const reply = await post({ origin: pageOrigin }, offer);
    expect(reply.statusCode).toBe(201);
    expect(reply.headers['content-type']).toBe('application/sdp');
    const { id, own_page: ownPage } = proxy.storage.calls[0] ?? { id: '', own_page: true };
    expect(ownPage).toBe(false);
    expect(reply.headers.location).toBe(`/v1/calls/${id}`);
    expect(reply.headers.etag).toBe(`"${id}"`);
    expect(reply.headers['access-control-expose-headers']).toContain('etag');
    expect(reply.body).toBe(answerSdp);
    const greeting = await proxy.provider
      .call('rtc_1')
      .next((event) => event.type === 'response.create');
    expect(JSON.stringify(greeting)).toContain(plan.greeting);

    const location = String(reply.headers.location);
    const headers = { authorization: `Bearer ${token}` };
    expect((await proxy.app.inject({ method: 'DELETE', url: location, headers })).statusCode).toBe(
      204,
    );
    expect(proxy.provider.hangups).toEqual(['rtc_1']);
    expect((await proxy.app.inject({ method: 'DELETE', url: location, headers })).statusCode).toBe(
      404,
    );
  });

  it.each<[string, Record<string, string>, string | undefined, number, string]>([
    ['no token', { authorization: '' }, offer, 401, 'token_missing'],
    ['a bad token', { authorization: 'Bearer x.y.z' }, offer, 401, 'token_invalid'],
    ['a foreign page', { origin: 'https://evil.example' }, offer, 403, 'origin_not_allowed'],
    ['another type', { 'content-type': 'application/json' }, '{}', 415, 'unsupported_media_type'],
    ['no body', {}, undefined, 400, 'invalid_offer'],
    ['no type', { 'content-type': '' }, undefined, 415, 'unsupported_media_type'],
    ['no SDP', {}, 'hello', 400, 'invalid_offer'],
    ['video', {}, `${offer}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`, 406, 'invalid_offer'],
    ['a large body', {}, `${offer}${'a=x\r\n'.repeat(7000)}`, 413, 'payload_too_large'],
  ])('refuses %s, and nothing goes upstream', async (_name, headers, payload, status, code) => {
    const reply = await post(headers, payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code } });
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('hands on when to try again', async () => {
    proxy.provider.reply = (_request, response) => {
      response.writeHead(429, { 'retry-after': '9' }).end('{}');
    };
    const reply = await post({}, offer);
    expect(reply.statusCode).toBe(503);
    expect(reply.headers['retry-after']).toBe('9');
  });
});

const ask = (
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD',
  url: string,
  headers: Record<string, string> = {},
  payload?: string,
) =>
  proxy.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

/** A call of the session, and its address. */
async function opened(): Promise<{ location: string; etag: string }> {
  const reply = await post({}, offer);
  return { location: String(reply.headers.location), etag: String(reply.headers.etag) };
}

describe('methods that RFC 9725 keeps for later', () => {
  it('tells what may be posted, to pages and to others', async () => {
    for (const headers of [
      {},
      { origin: 'https://anybody.example', 'access-control-request-method': 'POST' },
    ]) {
      const reply = await proxy.app.inject({ method: 'OPTIONS', url: '/v1/calls', headers });
      expect(reply.statusCode).toBe(200);
      expect(reply.headers['accept-post']).toBe('application/sdp');
      expect(reply.headers['access-control-allow-origin']).toBe(
        'origin' in headers ? headers.origin : undefined,
      );
    }
  });

  it('are refused with those that are taken', async () => {
    const { location } = await opened();
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] as const) {
      const reply = await ask(method, '/v1/calls', { 'content-type': 'text/plain' }, 'x');
      expect({ method, status: reply.statusCode }).toEqual({ method, status: 405 });
      expect(reply.headers['allow']).toBe('OPTIONS, POST');
    }
    for (const method of ['GET', 'POST', 'PUT'] as const) {
      const reply = await ask(method, location, { 'content-type': 'application/sdp' }, offer);
      expect({ method, status: reply.statusCode }).toEqual({ method, status: 405 });
      expect(reply.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
      expect(reply.headers['allow']).toBe('DELETE, OPTIONS, PATCH');
    }
  });
});

describe('PATCH', () => {
  const type = { 'content-type': 'application/trickle-ice-sdpfrag' };
  const fragment =
    'a=ice-ufrag:4ZcD\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n';

  it('takes candidates for the call that its ETag names, and leaves them to ICE', async () => {
    const { location, etag } = await opened();
    const reply = await ask('PATCH', location, { ...type, 'if-match': etag }, fragment);
    expect({ status: reply.statusCode, body: reply.body }).toEqual({ status: 204, body: '' });
    expect(reply.headers.etag).toBeUndefined();
    expect(proxy.provider.requests).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string, number, string]>([
    ['without If-Match', type, fragment, 428, 'bad_request'],
    ['for another ETag', { ...type, 'if-match': '"other"' }, fragment, 412, 'bad_request'],
    ['that restarts ICE', { ...type, 'if-match': '*' }, fragment, 422, 'unsupported'],
    ['that restarts ICE, quoted', { ...type, 'if-match': '"*"' }, fragment, 422, 'unsupported'],
    ['of no fragment', { ...type, 'if-match': '"x"' }, 'hello', 400, 'bad_request'],
    [
      'of another type',
      { 'content-type': 'application/sdp' },
      offer,
      415,
      'unsupported_media_type',
    ],
    ['of JSON', { 'content-type': 'application/json' }, '{}', 415, 'unsupported_media_type'],
  ])('%s is refused, and the call goes on', async (_name, headers, payload, status, code) => {
    const { location } = await opened();
    const reply = await ask('PATCH', location, headers, payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code } });
    expect(proxy.provider.hangups).toEqual([]);
  });
});

describe('a call by its address', () => {
  it('is nobody else’s: not of another session, nor of another tenant', async () => {
    const { location } = await opened();
    token = await tokenFor(randomUUID());
    for (const method of ['DELETE', 'PATCH'] as const) {
      const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' };
      const reply = await ask(method, location, headers, 'a=mid:0\r\n');
      expect(reply.statusCode).toBe(404);
      expect(reply.json()).toMatchObject({ error: { code: 'call_not_found' } });
    }
    expect(proxy.provider.hangups).toEqual([]);
    expect(proxy.storage.calls[0]?.closed_at).toBeNull();
  });

  it('is hung up from another machine too, whatever If-Match says', async () => {
    const { location } = await opened();
    const config = testConfig({ OPENAI_BASE_URL: proxy.provider.url });
    const second = await buildApp({ config, storage: proxy.storage });
    const headers = { authorization: `Bearer ${token}`, 'if-match': '"other"' };
    const hangUp = () => second.inject({ method: 'DELETE', url: location, headers });
    expect((await hangUp()).statusCode).toBe(204);
    expect(proxy.provider.hangups).toContain('rtc_1');
    expect(proxy.storage.calls[0]).toMatchObject({ closeReason: 'candidate_ended' });
    expect((await hangUp()).statusCode).toBe(404);
    await second.close();
  });
});

it('a refused request leaves no session behind', async () => {
  const kept = vi.spyOn(LiveSessions.prototype, 'during');
  await post({}, 'hello');
  await ask('DELETE', '/v1/calls/5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab');
  const sessions = kept.mock.contexts as LiveSessions[];
  expect(sessions.length).toBeGreaterThan(0);
  expect(sessions.map(({ size }) => size)).toEqual(sessions.map(() => 0));
  kept.mockRestore();
});

it('hangs the former call up where it was made, and not where the new one is', async () => {
  const simulator = new Provider();
  const config = testConfig({
    OPENAI_BASE_URL: proxy.provider.url,
    SIMULATOR_URL: await simulator.listen(),
  });
  const second = await buildApp({ config, storage: proxy.storage });
  await opened();
  const simulated = await tokenFor(proxy.session, { claims: { sim: true } });
  const reply = await second.inject({
    method: 'POST',
    url: '/v1/calls?simulation=true',
    headers: { authorization: `Bearer ${simulated}`, 'content-type': 'application/sdp' },
    payload: offer,
  });
  expect(reply.statusCode).toBe(201);
  await eventually(() => proxy.provider.hangups).toContain('rtc_1');
  expect(simulator.hangups).toEqual([]);
  await second.close();
  await simulator.close();
});
