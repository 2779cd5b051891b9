import { ClientMessage, DELIVERY_GRACE_S } from '@interview/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const HOUR_S = 3600;
const writer = newWriter();
const callId = '5f0c1d3e-8a4b-4c6d-9e2f-000000000001';
const row = {
  entry_id: `${callId}.item_1`,
  writer_id: writer,
  sequence: 1,
  revision: 0,
  role: 'candidate',
  text: 'Yes.',
  status: 'final',
  call_id: callId,
  item_id: 'item_1',
  previous_item_id: null,
  position: 1024,
  started_ms: 0,
  ended_ms: 10,
  heard_ms: null,
  language: null,
};
/** One of each kind, so that a new kind must be added here. */
const messages: Record<Exclude<ClientMessage['type'], 'authenticate'>, Record<string, unknown>> = {
  offer: { id: 'a', writer_id: writer, sdp: offer, reason: 'start' },
  connected: { id: 'a', call_id: callId },
  trouble: { call_id: callId, since: 100 },
  muted: { call_id: callId, muted: true },
  transcript: { id: 'a', writer_id: writer, entries: [row] },
  action: { id: 'a', kind: 'skip' },
  text: { id: 'a', text: 'Hello.' },
  pause: { id: 'a' },
  unpause: { id: 'a' },
  ask: { id: 'a', kind: 'help', note: 'x' },
  correct: { id: 'a', entry_id: `${callId}.item`, text: 'x' },
  feedback: { id: 'a', rating: 5 },
  complete: { id: 'a', reason: 'candidate_ended', writers: {}, lost: [] },
  refresh: {},
  quality: {},
  ping: { id: 'a' },
};
const delivering = ['transcript', 'correct', 'complete', 'ping'];

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

/** A token that ran out `hours` ago. */
async function expired(hours: number): Promise<Record<string, string>> {
  const exp = Math.floor(Date.now() / 1000) - hours * HOUR_S;
  const token = await tokenFor(proxy.session, { claims: { iat: exp - 600, exp } });
  return { authorization: `Bearer ${token}`, origin: pageOrigin };
}
async function codeOf(
  hours: number,
  method: 'POST' | 'DELETE',
  url: string,
  body?: { type: string; payload: string },
): Promise<string | undefined> {
  const headers = await expired(hours);
  const reply = await proxy.app.inject({
    method,
    url,
    headers: { ...headers, ...(body ? { 'content-type': body.type } : {}) },
    ...(body ? { payload: body.payload } : {}),
  });
  expect(reply.statusCode).toBeLessThan(500);
  return reply.statusCode === 401
    ? reply.json<{ error: { code: string } }>().error.code
    : undefined;
}
const post = (type: string, fields: Record<string, unknown>, hours: number) =>
  codeOf(hours, 'POST', '/v1/messages', {
    type: 'application/json',
    payload: JSON.stringify({ type, ...fields }),
  });

describe('a token past its expiry', () => {
  it.each(Object.entries(messages))('delivers, and does nothing else: %s', async (type, fields) => {
    expect(ClientMessage.safeParse({ type, ...fields }).error).toBeUndefined();
    expect(await post(type, fields, 23)).toBe(
      delivering.includes(type) ? undefined : 'token_expired',
    );
    expect(await post(type, fields, 25)).toBe('token_expired');
    expect(proxy.provider.requests).toEqual([]);
  });

  it.each<['POST' | 'DELETE', string, { type: string; payload: string } | undefined]>([
    ['POST', '/v1/calls', { type: 'application/sdp', payload: offer }],
    ['DELETE', `/v1/calls/${callId}`, undefined],
    ['POST', '/v1/token', undefined],
  ])('opens no other door: %s %s', async (method, url, body) => {
    for (const hours of [1, 25])
      expect(await codeOf(hours, method, url, body)).toBe('token_expired');
    expect(proxy.provider.requests).toEqual([]);
  });
});

describe('a page with a token past its expiry', () => {
  let own: TestProxy;
  let page: TestPage;
  beforeAll(async () => {
    own = await startProxy();
    page = await TestPage.join(own);
    const reason = 'start';
    const answer = await page.ask({ type: 'offer', writer_id: page.writer, sdp: offer, reason });
    await own.provider.call('rtc_1').untilAttached();
    await page.ask({ type: 'connected', call_id: answer['call_id'] });
    await page.next('time');
  });
  afterAll(() => own.close());

  /** Ran out a minute ago, or nearly all of its grace ago. */
  const claims = (secondsLeft: number) => {
    const exp = Math.floor(Date.now() / 1000) - DELIVERY_GRACE_S + secondsLeft;
    return { claims: { iat: exp - 600, exp } };
  };
  const late = claims(DELIVERY_GRACE_S - 60);
  /** Whatever the page that takes part is told next must not reach the other. */
  let paused = false;
  const happen = async (): Promise<void> => {
    page.received.length = 0;
    paused = !paused;
    await page.ask({ type: paused ? 'pause' : 'unpause' });
    await page.next('time');
  };
  const types = ({ received }: { received: Message[] }) => received.map(({ type }) => type);

  it('is greeted on a socket, shown nothing of the interview, and delivers', async () => {
    const former = await TestPage.join(own, late);
    await happen();
    await former.ask({ type: 'transcript', writer_id: writer, entries: [row] });
    expect(types(former)).toEqual(['ready', 'ack']);
  });

  it('is greeted on a stream, and shown nothing of the interview', async () => {
    const former = await StreamingPage.join(own, late);
    await happen();
    await former.ask({ type: 'ping' });
    expect(types(former)).toEqual(['ready']);
    former.leave();
    await former.ended;
  });

  it('is told by looking what is stored, and nothing of the interview', async () => {
    const token = await tokenFor(own.session, late);
    const reply = await own.app.inject({
      url: `/v1/session?writer_id=${newWriter()}`,
      headers: { authorization: `Bearer ${token}`, origin: pageOrigin },
    });
    expect(types({ received: reply.json<{ messages: Message[] }>().messages })).toEqual(['ready']);
  });

  it('is disconnected when it may not deliver any more', async () => {
    const socket = await TestPage.join(own, claims(1));
    const stream = await StreamingPage.join(own, claims(1));
    expect(await socket.closed).toMatchObject({ code: 4401 });
    await stream.ended;
    for (const one of [socket, stream]) {
      expect(one.received.at(-1)).toMatchObject({ type: 'error', code: 'token_expired' });
    }
  });

  it('is told that the interview is over when it comes after that', async () => {
    const former = [await TestPage.join(own, late), await StreamingPage.join(own, late)];
    page.socket.terminate();
    const silent = await TestPage.join(own, late);
    await silent.ask({ type: 'complete', reason: 'withdrawn', writers: {}, lost: [] });
    expect(own.storage.status).toBe('completed');
    for (const one of [await TestPage.join(own, late), await StreamingPage.join(own, late)]) {
      expect(await one.next('end')).toMatchObject({ reason: 'withdrawn' });
    }
    for (const one of former) expect(types(one)).toEqual(['ready']);
  });
});
