import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { SESSION_TOKEN_TYPE } from '@interview/protocol';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import {
  newWriter,
  pageOrigin,
  startProxy,
  TestPage,
  tokenFor,
  type TestProxy,
} from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const listed = 'https://listed.example.com';
let proxy: TestProxy;

beforeAll(async () => {
  proxy = await startProxy({ ALLOWED_ORIGINS: listed });
});
beforeEach(() => {
  proxy.storage.down = false;
});
afterAll(() => proxy.close());

/** Status and body of an upgrade that is refused; 101 where it is not. */
async function upgrade(options: {
  token?: string | null;
  origin?: string;
  protocols?: string[];
  headers?: Record<string, string>;
}): Promise<{ status: number; body: string }> {
  const protocols = options.protocols ?? ['interview.v1'];
  const all = options.token ? [...protocols, `bearer.${options.token}`] : protocols;
  const socket = new WebSocket(proxy.url, all, {
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    headers: options.headers ?? {},
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.close();
      resolve({ status: 101, body: socket.protocol });
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    socket.on('error', reject);
  });
}

describe('the upgrade', () => {
  it('is given to a page of the tenant, with our protocol and not with the token', async () => {
    const token = await tokenFor(proxy.session);
    expect(await upgrade({ token, origin: pageOrigin })).toEqual({
      status: 101,
      body: 'interview.v1',
    });
  });

  it('is given to a client without an origin, by Authorization', async () => {
    const token = await tokenFor(proxy.session);
    expect(await upgrade({ headers: { authorization: `Bearer ${token}` } })).toMatchObject({
      status: 101,
    });
  });

  it.each([
    'https://evil.example.com',
    `${pageOrigin}.evil.com`,
    `${pageOrigin}:8443`,
    'http://jobs.example.com',
    'HTTPS://JOBS.EXAMPLE.COM',
    'null',
    listed,
  ])('is refused to %s before the 101, whatever its token', async (origin) => {
    const token = await tokenFor(proxy.session);
    const { status, body } = await upgrade({ token, origin });
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'origin_not_allowed', retryable: false },
    });
  });

  it('without a token is given to listed origins only', async () => {
    expect(await upgrade({ origin: listed })).toMatchObject({ status: 101 });
    expect(await upgrade({ origin: pageOrigin })).toMatchObject({ status: 403 });
  });

  it.each([
    ['another issuer', { claims: { iss: 'supabase' } }],
    ['another secret', { secret: 'a secret that is not ours but long enough' }],
  ])('is refused to a token of %s', async (_name, options) => {
    const { status, body } = await upgrade({ token: await tokenFor(proxy.session, options) });
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'token_invalid' } });
  });

  it('is refused for protocols that are not ours', async () => {
    expect(await upgrade({ protocols: ['graphql-ws'] })).toMatchObject({ status: 400 });
  });

  it.each([
    ['GET', '/healthz', 'websocket', 200],
    ['GET', '/healthz', 'h2c', 200],
    ['POST', '/ws', 'websocket', 404],
    ['GET', '/nowhere', 'websocket', 404],
  ])('is nothing for %s %s to %s: the connection stays one of HTTP', async (...given) => {
    const [method, path, protocol, status] = given;
    const { hostname, port } = new URL(proxy.httpUrl);
    const connection = connect(Number(port), hostname);
    let heard = '';
    connection.on('data', (data: Buffer) => (heard += data.toString()));
    const statuses = () => [...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, one]) => Number(one));
    connection.write(
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: ${protocol}\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    await eventually(statuses).toEqual([status]);
    connection.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await once(connection, 'close');
    expect(statuses()).toEqual([status, 200]);
  });

  it('is asked for where somebody only looks', async () => {
    const response = await fetch(`${proxy.httpUrl}/ws`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'bad_request' } });
  });
});

describe('authenticate', () => {
  it('brings the token as the first message', async () => {
    const page = new TestPage(proxy.url, null);
    await new Promise((resolve) => page.socket.once('open', resolve));
    page.send({ type: 'authenticate', token: await tokenFor(proxy.session) });
    expect(await page.next('ready')).toMatchObject({
      session: { id: proxy.session, status: 'created', phase: 'opening' },
      writers: {},
    });
  });

  it('is refused where the token does not name the origin', async () => {
    const page = new TestPage(proxy.url, null, { origin: listed });
    await new Promise((resolve) => page.socket.once('open', resolve));
    page.send({ type: 'authenticate', token: await tokenFor(proxy.session) });
    expect(await page.next('error')).toMatchObject({ code: 'origin_not_allowed' });
    expect(await page.closed).toEqual({ code: 4403, reason: 'origin_not_allowed' });
  });

  it.each([
    [{ type: 'authenticate', token: 'garbage' }, 'token_invalid'],
    [{ type: 'ping', id: 'p' }, 'token_missing'],
    [
      { type: 'offer', id: 'o', writer_id: newWriter(), sdp: offer, reason: 'start' },
      'token_missing',
    ],
  ])('must come first and be good: %#', async (message, code) => {
    const page = new TestPage(proxy.url, null);
    await new Promise((resolve) => page.socket.once('open', resolve));
    page.send(message);
    expect(await page.next('error')).toMatchObject({ code });
    expect((await page.closed).code).toBe(4401);
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('is forgotten with its page where that goes before its key was read', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...ec.publicKey.export({ format: 'jwk' }), kid: 'k1' };
    const asked = Promise.withResolvers<ServerResponse>();
    const issuer = createServer((_request, response) => asked.resolve(response));
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const { port } = issuer.address() as AddressInfo;
    const own = await startProxy({
      NODE_ENV: 'development',
      JWT_JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
    });
    const counted = async (name: string) => {
      const text = await (await fetch(`${own.httpUrl}/metrics`)).text();
      return Number(new RegExp(`^interview_${name} (\\d+)`, 'm').exec(text)?.[1]);
    };
    const page = new TestPage(own.url, null);
    await once(page.socket, 'open');
    const claims = decodeJwt(await tokenFor(own.session));
    const header = { alg: 'ES256', kid: 'k1', typ: SESSION_TOKEN_TYPE };
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(ec.privateKey);
    page.send({ type: 'authenticate', token });
    const response = await asked.promise;
    page.socket.terminate();
    await eventually(() => counted('sockets')).toBe(0);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
    await once(response, 'close');
    const another = await TestPage.join(own);
    another.socket.terminate();
    await eventually(() => counted('sessions')).toBe(0);
    await own.close();
    issuer.closeAllConnections();
    issuer.close();
  });

  it('must come within five seconds', async () => {
    const page = new TestPage(proxy.url, null);
    const since = Date.now();
    expect(await page.closed).toEqual({ code: 4401, reason: 'token_missing' });
    expect(Date.now() - since).toBeGreaterThan(4_500);
  });
});

describe('messages that are none', () => {
  it.each<[string, string, string, string?]>([
    ['not JSON', '{"type":', 'invalid_json'],
    ['no object', '[]', 'bad_request'],
    ['null', 'null', 'bad_request'],
    ['no type', '{"id":"a1"}', 'bad_request', 'a1'],
    ['an unknown type', '{"type":"dance","id":"a2"}', 'unknown_message', 'a2'],
    ['a type of Object', '{"type":"constructor","id":"a3"}', 'unknown_message', 'a3'],
    ['a wrong shape', '{"type":"action","id":"a4","kind":"dance"}', 'bad_request', 'a4'],
    ['an id that is none', '{"type":"ping","id":"<b>"}', 'bad_request'],
    ['a field of the prototype', '{"type":"ping","id":"a5","__proto__":{"x":1}}', 'pong', 'a5'],
    [
      'no SDP',
      `{"type":"offer","id":"a6","writer_id":"${newWriter()}","sdp":"<html>","reason":"start"}`,
      'invalid_offer',
      'a6',
    ],
    [
      'an SDP that is a number',
      `{"type":"offer","id":"a7","writer_id":"${newWriter()}","sdp":7,"reason":"start"}`,
      'invalid_offer',
      'a7',
    ],
    [
      'a large SDP',
      JSON.stringify({
        type: 'offer',
        id: 'a8',
        writer_id: newWriter(),
        sdp: offer + 'a=x\r\n'.repeat(7000),
        reason: 'start',
      }),
      'invalid_offer',
      'a8',
    ],
  ])(
    '%s is answered in its shape at once, and nothing goes upstream',
    async (_name, text, code, id) => {
      const page = await TestPage.join(proxy);
      const since = Date.now();
      page.socket.send(text);
      const answer = await page.until((one) => one.type === 'error' || one.type === 'pong');
      expect(Date.now() - since).toBeLessThan(1000);
      if (code === 'pong') expect(answer).toEqual({ type: 'pong', id });
      else expect(answer).toMatchObject({ type: 'error', code, retryable: false });
      expect(answer['id']).toBe(id);
      expect(await page.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
      expect(proxy.provider.requests).toHaveLength(0);
      expect(({} as { x?: unknown }).x).toBeUndefined();
      page.socket.close();
    },
  );

  it('binary data is no JSON text', async () => {
    const page = await TestPage.join(proxy);
    page.socket.send(Buffer.from('{"type":"ping","id":"x"}'));
    expect(await page.next('error')).toMatchObject({ code: 'invalid_json' });
  });

  it('one byte over 64 KiB ends the socket, 64 KiB do not', async () => {
    const page = await TestPage.join(proxy);
    const padded = (bytes: number): string => {
      const text = JSON.stringify({ type: 'ping', id: 'big', pad: '' });
      return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
    };
    page.socket.send(padded(64 * 1024));
    expect(await page.next('pong')).toEqual({ type: 'pong', id: 'big' });
    page.socket.send(padded(64 * 1024 + 1));
    expect((await page.closed).code).toBe(1009);
  });

  it.each(['pause', 'unpause'])('%s needs a call, and says so', async (type) => {
    const page = await TestPage.join(proxy);
    expect(await page.ask({ type })).toMatchObject({ type: 'error', code: 'not_connected' });
  });
});

describe('the token of a socket', () => {
  it('is renewed, and the socket goes on', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iat: now, exp: now + 2 };
    const page = await TestPage.join(proxy, { claims });
    const idle = await TestPage.join(proxy, { claims });
    page.send({ type: 'refresh' });
    const renewed = await page.next('token');
    expect(renewed['expires_at']).toBeGreaterThan(now + 500);
    const second = new TestPage(proxy.url, String(renewed['token']), { origin: pageOrigin });
    await second.next('ready');
    // The same token, not renewed, has run out by now.
    expect(await idle.closed).toMatchObject({ code: 4401 });
    expect(await page.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });

  it('ends the socket when it ends', async () => {
    const now = Math.floor(Date.now() / 1000);
    const page = await TestPage.join(proxy, { claims: { iat: now, exp: now + 1 } });
    expect(await page.closed).toEqual({ code: 4401, reason: 'token_expired' });
  });

  it('is not renewed for an interview that is over', async () => {
    proxy.storage.renewable = false;
    const page = await TestPage.join(proxy);
    page.send({ type: 'refresh' });
    expect(await page.next('error')).toMatchObject({ code: 'session_ended' });
    proxy.storage.renewable = true;
  });

  it('past its expiry only delivers', async () => {
    const now = Math.floor(Date.now() / 1000);
    const page = await TestPage.join(proxy, { claims: { iat: now - 4200, exp: now - 3600 } });
    const offered = await page.ask({
      type: 'offer',
      writer_id: page.writer,
      sdp: offer,
      reason: 'start',
    });
    expect(offered).toMatchObject({ type: 'error', code: 'token_expired' });
    page.received.length = 0;
    page.send({ type: 'refresh' });
    expect(await page.next('error')).toMatchObject({ code: 'token_expired' });
    const delivered = await page.ask({
      type: 'complete',
      reason: 'technical',
      writers: {},
      lost: [],
    });
    expect(delivered).toMatchObject({ type: 'completed' });
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('of a session that does not exist opens nothing', async () => {
    const token = await tokenFor('6f1f7c60-5b0e-4d4e-9d38-3b4c1a1f0001');
    const page = new TestPage(proxy.url, token, { origin: pageOrigin });
    expect(await page.next('error')).toMatchObject({ code: 'session_ended' });
    expect((await page.closed).code).toBe(4410);
  });

  it('can not be looked up while the database is away: come again', async () => {
    proxy.storage.down = true;
    const page = new TestPage(proxy.url, await tokenFor(proxy.session), { origin: pageOrigin });
    expect(await page.next('error')).toMatchObject({
      code: 'storage_unavailable',
      retryable: true,
    });
    expect((await page.closed).code).toBe(4503);
  });
});

describe('a stop', () => {
  it('does not wait for a peer that answers no close', async () => {
    const stopping = await startProxy();
    const { hostname, port } = new URL(stopping.url);
    const peer = connect(Number(port), hostname);
    const closed = once(peer, 'close');
    peer.write(
      [
        'GET /ws HTTP/1.1',
        `Host: ${hostname}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        `Sec-WebSocket-Protocol: interview.v1, bearer.${await tokenFor(stopping.session)}`,
        `Origin: ${pageOrigin}\r\n\r\n`,
      ].join('\r\n'),
    );
    let heard = '';
    peer.on('data', (data: Buffer) => (heard += data.toString()));
    await eventually(() => heard).toContain('"ready"');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const stopped = stopping.close();
      while (!heard.includes('draining')) await once(peer, 'data');
      await vi.advanceTimersByTimeAsync(2_000);
      await Promise.all([stopped, closed]);
    } finally {
      vi.useRealTimers();
    }
  });
});
