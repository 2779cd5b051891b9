import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import {
  newWriter,
  pageOrigin,
  startProxy,
  TestPage,
  tokenFor,
  type Message,
  type TestProxy,
} from '../testing/proxy.ts';
import { StreamingPage } from '../testing/streaming-page.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;

beforeEach(async () => {
  proxy = await startProxy();
});
afterEach(() => proxy.close());

const offerOf = (writer: string, more: object = {}): Message => ({
  type: 'offer',
  writer_id: writer,
  sdp: offer,
  reason: 'start',
  ...more,
});

/** Brings a call to where its clock runs. */
async function connect(page: StreamingPage | TestPage): Promise<void> {
  const answer = await page.ask(offerOf(page.writer));
  await proxy.provider.call(`rtc_${proxy.provider.offers.length}`).untilAttached();
  await page.ask({ type: 'connected', call_id: answer['call_id'] });
}

async function look(
  token: string,
  writer: string,
): Promise<{ status: number; messages: Message[] }> {
  const response = await fetch(`${proxy.httpUrl}/v1/session?writer_id=${writer}`, {
    headers: { authorization: `Bearer ${token}`, origin: pageOrigin },
  });
  const body = (await response.json()) as { messages?: Message[] };
  return { status: response.status, messages: body.messages ?? [] };
}

describe('GET /v1/events', () => {
  it('greets, and tells what happens', async () => {
    const page = await StreamingPage.join(proxy);
    expect(page.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(page.response.headers.get('cache-control')).toBe('no-store');
    expect(page.response.headers.get('x-accel-buffering')).toBe('no');
    expect(page.response.headers.get('access-control-allow-origin')).toBe(pageOrigin);
    expect(page.received[0]).toMatchObject({
      type: 'ready',
      session: { id: proxy.session, status: 'created', phase: 'opening' },
      writers: {},
    });
    await connect(page);
    expect(await page.next('progress')).toMatchObject({ phase: 'opening' });
    expect(await page.next('time')).toMatchObject({ paused: false });
  });

  it('tells a page that comes later how the interview stands', async () => {
    const page = await StreamingPage.join(proxy);
    await connect(page);
    await page.next('time');
    const later = await StreamingPage.join(proxy);
    expect(later.received[0]).toMatchObject({ type: 'ready', session: { status: 'active' } });
    expect(await later.next('progress')).toMatchObject({ phase: 'opening' });
    expect(await later.next('time')).toBeDefined();
  });

  it('tells a page that was not there how the interview ended, once a stream', async () => {
    const page = await TestPage.join(proxy);
    await connect(page);
    await page.ask({ type: 'complete', reason: 'withdrawn', writers: {}, lost: [] });
    const writer = newWriter();
    for (let stream = 1; stream <= 2; stream += 1) {
      const later = await StreamingPage.join(proxy, { writer });
      await later.next('end');
      later.leave();
      await later.ended;
      const ends = later.received.filter(({ type }) => type === 'end');
      expect(ends).toEqual([{ type: 'end', reason: 'withdrawn', close_in_ms: 0 }]);
    }
  });

  it('has one stream a page: a newer one ends the older', async () => {
    const page = await StreamingPage.join(proxy);
    const again = await StreamingPage.join(proxy, { writer: page.writer });
    await page.ended;
    await connect(again);
    expect(await again.next('progress')).toBeDefined();
  });

  it('ends with the token and says so, unless that is renewed', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iat: now, exp: now + 2 };
    const idle = await StreamingPage.join(proxy, { claims });
    const page = await StreamingPage.join(proxy, { claims });
    page.token = String((await page.ask({ type: 'refresh' }))['token']);
    await idle.ended;
    expect(idle.received.at(-1)).toMatchObject({ type: 'error', code: 'token_expired' });
    await connect(page);
    expect(await page.next('progress')).toBeDefined();
  });

  it('tells that the proxy restarts, and ends', async () => {
    const page = await StreamingPage.join(proxy);
    await proxy.app.close();
    await page.ended;
    expect(page.received.at(-1)).toEqual({ type: 'drain', retry_after_ms: 1000 });
  });

  it.each<[string, string, object, string, number, string]>([
    ['no name', '', {}, pageOrigin, 400, 'bad_request'],
    [
      'the server’s name',
      `s_5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab_1`,
      {},
      pageOrigin,
      400,
      'bad_request',
    ],
    ['a foreign page', newWriter(), {}, 'https://evil.example', 403, 'origin_not_allowed'],
    [
      'a forged token',
      newWriter(),
      { secret: 'a secret that is not ours but long' },
      pageOrigin,
      401,
      'token_invalid',
    ],
    ['an old token', newWriter(), { claims: { iat: 1, exp: 2 } }, pageOrigin, 401, 'token_expired'],
    [
      'a session that is none',
      newWriter(),
      { claims: { sid: '6f1f7c60-5b0e-4d4e-9d38-3b4c1a1f0001' } },
      pageOrigin,
      409,
      'session_ended',
    ],
  ])('refuses %s in the one shape', async (_, writer, options, origin, status, code) => {
    for (const path of ['events', 'session']) {
      const reply = await proxy.app.inject({
        url: `/v1/${path}${writer === '' ? '' : `?writer_id=${writer}`}`,
        headers: { authorization: `Bearer ${await tokenFor(proxy.session, options)}`, origin },
      });
      expect({ path, status: reply.statusCode }).toEqual({ path, status });
      expect(reply.json()).toMatchObject({ error: { code, retryable: false } });
    }
  });

  it('leaves no page behind for a HEAD', async () => {
    const reply = await proxy.app.inject({
      method: 'HEAD',
      url: `/v1/events?writer_id=${newWriter()}`,
      headers: { authorization: `Bearer ${await tokenFor(proxy.session)}` },
    });
    expect(reply.statusCode).toBe(404);
  });
});

describe('who has the interview', () => {
  it('a page on a socket takes it from one on a stream', async () => {
    const page = await StreamingPage.join(proxy);
    await connect(page);
    const other = await TestPage.join(proxy);
    await connect(other);
    expect(await page.next('end')).toMatchObject({ reason: 'taken_over' });
    expect(other.received.some(({ type }) => type === 'end')).toBe(false);
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
  });

  it('a page on a stream takes it from one on a socket', async () => {
    const page = await TestPage.join(proxy);
    await connect(page);
    const other = await StreamingPage.join(proxy);
    await connect(other);
    expect(await page.next('end')).toMatchObject({ reason: 'taken_over' });
    expect(other.received.some(({ type }) => type === 'end')).toBe(false);
  });

  it('a page that went from the socket to the stream keeps it, and is told when it loses it', async () => {
    const page = await TestPage.join(proxy);
    await connect(page);
    page.socket.terminate();
    const again = await StreamingPage.join(proxy, { writer: page.writer });
    const other = await TestPage.join(proxy);
    await connect(other);
    expect(await again.next('end')).toMatchObject({ reason: 'taken_over' });
  });

  it('a page that reconnected its socket is told as well', async () => {
    const first = await TestPage.join(proxy);
    await connect(first);
    first.socket.terminate();
    const token = await tokenFor(proxy.session);
    const url = `${proxy.url}?writer_id=${first.writer}`;
    const again = new TestPage(url, token, { origin: pageOrigin });
    await again.next('ready');
    const other = await TestPage.join(proxy);
    await connect(other);
    expect(await again.next('end')).toMatchObject({ reason: 'taken_over' });
  });

  it('a page that takes it back hears of the interview again', async () => {
    const page = await StreamingPage.join(proxy);
    await connect(page);
    const other = await TestPage.join(proxy);
    await connect(other);
    await page.next('end');
    page.received.length = 0;
    await connect(page);
    expect(await other.next('end')).toMatchObject({ reason: 'taken_over' });
    expect(await page.next('time')).toBeDefined();
  });
});

describe('GET /v1/session', () => {
  it('tells how the interview stands, each time', async () => {
    const token = await tokenFor(proxy.session);
    const page = await StreamingPage.join(proxy);
    const writer = newWriter();
    const first = await look(token, writer);
    expect(first).toMatchObject({ status: 200, messages: [{ type: 'ready' }] });
    await connect(page);
    await page.next('time');
    const whole = vi.spyOn(proxy.storage, 'sessionBrief');
    const glance = vi.spyOn(proxy.storage, 'sessionGlance').mockResolvedValue({
      session: { id: proxy.session, status: 'active', phase: 'opening', end_reason: null },
      writers: {},
      connected: true,
    });
    const types = async (): Promise<string[]> =>
      (await look(token, writer)).messages.map(({ type }) => type);
    expect(await types()).toEqual(['ready', 'progress', 'time']);
    // The plan and the transcript are not read again for that.
    expect(glance).toHaveBeenCalledOnce();
    expect(whole).not.toHaveBeenCalled();
  });

  it('tells each time that another page has the interview, until this one takes it back', async () => {
    const token = await tokenFor(proxy.session);
    const writer = newWriter();
    const end = async (): Promise<Message | undefined> =>
      (await look(token, writer)).messages.find(({ type }) => type === 'end');
    const post = (message: Message) =>
      proxy.app.inject({
        method: 'POST',
        url: '/v1/messages',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload: JSON.stringify(message),
      });
    await look(token, writer);
    await post(offerOf(writer, { id: 'one' }));
    expect(await end()).toBeUndefined();
    const other = await TestPage.join(proxy);
    await connect(other);
    expect(await end()).toMatchObject({ reason: 'taken_over' });
    expect(await end()).toMatchObject({ reason: 'taken_over' });
    await post(offerOf(writer, { id: 'two' }));
    expect(await end()).toBeUndefined();
    expect(await other.next('end')).toMatchObject({ reason: 'taken_over' });
  });

  it('tells a page that was not there how the interview ended', async () => {
    const page = await TestPage.join(proxy);
    await connect(page);
    const complete = { type: 'complete', reason: 'withdrawn', writers: {}, lost: [] };
    expect(await page.ask(complete)).toMatchObject({ type: 'completed' });
    const { messages } = await look(await tokenFor(proxy.session), newWriter());
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'end']);
    expect(messages[1]).toMatchObject({ reason: 'withdrawn', close_in_ms: 0 });
  });
});
