import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { FlyEdge } from '../testing/fly-edge.ts';
import { offer } from '../testing/interview.ts';
import { pageOrigin, startProxy, TestPage, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const own = '1857156b526dd8';
const other = '3d8d413b29d089';
const onFly = (id: string): Record<string, string> => ({
  SESSION_ISOLATION: 'fly-machine',
  FLY_MACHINE_ID: id,
  FLY_APP_NAME: 'proxy',
});

let gateway: TestProxy;
beforeEach(async () => {
  gateway = await startProxy(onFly(own));
});
afterEach(() => gateway.close());

const tokenOn = (machine: string | undefined, session: string = gateway.session) =>
  tokenFor(session, { claims: { ins: machine } });

/** A request as a client without Fly would see it answered. */
async function ask(
  path: string,
  token: string | null,
  {
    headers = {},
    ...init
  }: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${gateway.httpUrl}${path}`, {
    ...init,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
}

describe('a request for the machine of another session', () => {
  it.each([
    ['GET', '/v1/session?writer_id=b_0123456789abcdef01', undefined],
    ['POST', '/v1/calls', offer],
    ['POST', '/v1/token', undefined],
    ['DELETE', '/v1/calls/x', undefined],
  ])('is handed over before anything is done: %s %s', async (method, path, body) => {
    const reply = await ask(path, await tokenOn(other), {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/sdp' } }),
    });
    expect(reply.headers.get('fly-replay')).toBe(
      `instance=${other};timeout=5s;fallback=force_self`,
    );
    expect(await reply.text()).toBe('');
    expect(gateway.provider.requests).toEqual([]);
    expect(gateway.storage.calls).toEqual([]);
  });

  it('is handed over before the upgrade', async () => {
    const socket = new WebSocket(gateway.url, ['interview.v1', `bearer.${await tokenOn(other)}`], {
      origin: pageOrigin,
    });
    const answer = await new Promise<Record<string, unknown>>((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.headers));
      socket.on('error', () => undefined);
    });
    expect(answer['fly-replay']).toMatch(`instance=${other};`);
    expect(answer).not.toHaveProperty('sec-websocket-accept');
    socket.terminate();
  });

  it('names the app of the machines where that is another one', async () => {
    await gateway.close();
    gateway = await startProxy({ ...onFly(own), FLY_MACHINE_APP: 'sessions' });
    const reply = await ask('/v1/token', await tokenOn(other), { method: 'POST' });
    expect(reply.headers.get('fly-replay')).toMatch(/^app=sessions;instance=/);
  });

  it('is refused where its token was not signed by us, and says nothing of machines', async () => {
    const forged = await tokenFor(gateway.session, {
      claims: { ins: other },
      secret: 'a secret that is not ours but long enough',
    });
    const reply = await ask('/v1/token', forged, { method: 'POST' });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('fly-replay')).toBeNull();
  });

  it('is not handed over when its token comes after the upgrade', async () => {
    const late = new TestPage(gateway.url, null);
    late.socket.once('open', () => {
      void tokenOn(other).then((token) => late.send({ type: 'authenticate', token }));
    });
    expect(await late.next('error')).toMatchObject({ code: 'machine_gone' });
    expect((await late.closed).code).toBe(4410);
  });

  it('is served here where the proxies share the sessions', async () => {
    await gateway.close();
    gateway = await startProxy();
    const reply = await ask('/v1/token', await tokenOn(other), { method: 'POST' });
    expect(reply.status).toBe(200);
  });
});

describe('a request for this machine, or for none', () => {
  it.each([own, undefined])('is served: %s', async (machine) => {
    const reply = await ask('/v1/token', await tokenOn(machine), { method: 'POST' });
    expect(reply.status).toBe(200);
  });

  it('needs no token where nobody does', async () => {
    expect((await ask('/healthz', null)).status).toBe(200);
  });
});

describe('behind Fly', () => {
  let machine: TestProxy;
  let edge: FlyEdge;
  let port: number;
  beforeEach(async () => {
    machine = await startProxy(onFly(other));
    edge = new FlyEdge(Number(new URL(gateway.httpUrl).port));
    edge.machines.set(other, Number(new URL(machine.httpUrl).port));
    port = await edge.listen();
  });
  afterEach(async () => {
    await edge.close();
    await machine.close();
  });
  const post = async (path: string, body: string, type = 'application/json') =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenOn(other, machine.session)}`,
        'content-type': type,
      },
      body,
    });
  const join = async () =>
    new TestPage(`ws://127.0.0.1:${port}/ws`, await tokenOn(other, machine.session), {
      origin: pageOrigin,
    });

  it('an interview is held on its own machine, by socket and over HTTP', async () => {
    const page = await join();
    await page.next('ready');
    const answer = await page.ask({
      type: 'offer',
      writer_id: page.writer,
      sdp: offer,
      reason: 'start',
    });
    expect(answer).toMatchObject({ type: 'answer' });
    expect((await post('/v1/calls', offer, 'application/sdp')).status).toBe(201);
    expect(machine.provider.offers).toHaveLength(2);
    expect(gateway.provider.requests).toEqual([]);
    expect(edge.replays).toEqual([other, other]);
    page.socket.terminate();
  });

  it('a dead machine is told, and the page may start again', async () => {
    edge.machines.clear();
    const reply = await post('/v1/calls', offer, 'application/sdp');
    expect(reply.status).toBe(410);
    expect(await reply.json()).toMatchObject({ error: { code: 'machine_gone', retryable: true } });
    const page = await join();
    expect((await page.closed).code).toBe(1006);
    expect(gateway.provider.requests).toEqual([]);
  });

  it('rows find their way although their machine is dead', async () => {
    edge.machines.clear();
    const at = (message: object) => post('/v1/messages', JSON.stringify(message));
    const ping = await at({ type: 'ping', id: 'p1' });
    expect(await ping.json()).toEqual({ type: 'pong', id: 'p1' });
    for (const message of [
      { type: 'pause', id: 'p2' },
      { type: 'offer', id: 'o1', writer_id: 'b_0123456789abcdef01', sdp: offer, reason: 'start' },
      { type: 'nonsense' },
    ]) {
      expect((await at(message)).status).toBe(410);
    }
  });
});
