import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { startProxy, TestPage, tokenFor, type TestProxy } from '../testing/proxy.ts';
import { hasRedis, startRedis, type TestRedis } from '../testing/redis.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const running: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(env: Record<string, string>): Promise<TestProxy> {
  const proxy = await startProxy(env);
  running.push(proxy);
  return proxy;
}

const ping = (proxy: TestProxy, token: string, headers: Record<string, string> = {}) =>
  proxy.app.inject({
    method: 'POST',
    url: '/v1/messages',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    payload: '{"type":"ping","id":"p"}',
  });

describe('the limit of a session', () => {
  it('counts all its tokens together, tells when to come again, and leaves others alone', async () => {
    const proxy = await start({ RATE_LIMIT_SESSION: '3' });
    const statuses = [];
    for (let request = 0; request < 4; request += 1) {
      // A header could name any address.
      const from = { 'x-forwarded-for': `10.0.0.${request}`, 'fly-client-ip': `10.0.0.${request}` };
      statuses.push((await ping(proxy, await tokenFor(proxy.session), from)).statusCode);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await ping(proxy, await tokenFor(proxy.session));
    expect(refused.json()).toMatchObject({ error: { code: 'rate_limited', retryable: true } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await ping(proxy, await tokenFor(randomUUID()))).statusCode).toBe(200);
  });

  it('counts sockets too, before the 101', async () => {
    const proxy = await start({ RATE_LIMIT_SESSION: '1' });
    const token = await tokenFor(proxy.session);
    expect((await ping(proxy, token)).statusCode).toBe(200);
    const page = new TestPage(proxy.url, token);
    const [, response] = (await once(page.socket, 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    expect(response.statusCode).toBe(429);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(50);
    response.destroy();
  });
});

describe('the limit of a tenant', () => {
  it('counts all its sessions together', async () => {
    const proxy = await start({ RATE_LIMIT_TENANT: '2' });
    const tid = randomUUID();
    const statuses = [];
    for (let session = 0; session < 3; session += 1) {
      const token = await tokenFor(randomUUID(), { claims: { tid } });
      statuses.push((await ping(proxy, token)).statusCode);
    }
    expect(statuses).toEqual([200, 200, 429]);
    expect((await ping(proxy, await tokenFor(randomUUID()))).statusCode).toBe(200);
  });
});

describe('the limit of an address', () => {
  it('is for those without a token that holds, whatever their headers say', async () => {
    const proxy = await start({ RATE_LIMIT_ADDRESS: '4' });
    const forged = (host: number) => ({
      'x-forwarded-for': `10.0.0.${host}`,
      'fly-client-ip': `10.0.0.${host}`,
      'x-real-ip': `10.0.0.${host}`,
      forwarded: `for=10.0.0.${host}`,
    });
    const get = (url: string, headers: Record<string, string>) =>
      proxy.app.inject({ url, headers });
    const statuses = [
      await ping(proxy, 'x.y.z', forged(1)),
      await ping(proxy, '', forged(2)),
      await get('/nowhere', forged(3)),
      // A token where none is looked at makes nobody known.
      await get('/', { authorization: `Bearer ${await tokenFor(proxy.session)}` }),
      await ping(proxy, 'x.y.z', forged(5)),
      await get('/', forged(6)),
    ].map((reply) => reply.statusCode);
    expect(statuses).toEqual([401, 401, 404, 200, 429, 429]);
    expect((await ping(proxy, await tokenFor(proxy.session))).statusCode).toBe(200);
    expect((await get('/healthz', {})).statusCode).toBe(200);
  });
});

describe.runIf(hasRedis())('with Redis', () => {
  it('two machines count together, and each for itself while Redis is away', async () => {
    const port = await freePort();
    let redis: TestRedis = await startRedis(port);
    running.push({ close: () => redis.stop() });
    const env = { REDIS_URL: redis.url, RATE_LIMIT_SESSION: '4' };
    const [first, second] = [await start(env), await start(env)];
    const token = await tokenFor(first.session);
    const statuses = async (): Promise<number[]> => {
      const replies = [];
      for (const proxy of [first, second, first, second, first]) {
        replies.push((await ping(proxy, token)).statusCode);
      }
      return replies;
    };
    await eventually(async () => (await ping(first, await tokenFor(randomUUID()))).statusCode).toBe(
      200,
    );
    expect(await statuses()).toEqual([200, 200, 200, 200, 429]);

    await redis.stop();
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
    expect((await ping(first, token)).statusCode).toBe(200);
    expect((await ping(first, token)).statusCode).toBe(429);

    redis = await startRedis(port);
    await eventually(async () => (await ping(first, token)).statusCode).toBe(200);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
