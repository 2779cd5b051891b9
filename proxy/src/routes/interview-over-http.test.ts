import type { CallId, ServerMessage } from '@interview/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../packages/rtc/src/logger.ts';
import { ProxySignaller } from '../../../packages/rtc/src/signalling/proxy-signaller.ts';
import { answerSdp, offer, plan } from '../testing/interview.ts';
import { newWriter, pageOrigin, startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real requests and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
let signaller: ProxySignaller;

beforeEach(async () => {
  proxy = await startProxy();
});
afterEach(async () => {
  signaller.close();
  await proxy.close();
});

/** The SDK's signaller in a page of the tenant whose network lets no WebSocket through. */
async function joinByHttp(
  handlers: { onMessage: (message: ServerMessage) => void },
  fetchOf: (request: typeof fetch) => typeof fetch = (request) => request,
): Promise<{ writer: string }> {
  const writer = newWriter();
  const asPage: typeof fetch = (address, init) =>
    fetch(address, { ...init, headers: { ...(init?.headers as object), origin: pageOrigin } });
  signaller = new ProxySignaller({
    addresses: [{ ws: proxy.url, http: proxy.httpUrl }],
    token: await tokenFor(proxy.session),
    writerId: writer,
    renew: () => tokenFor(proxy.session),
    logger: silentLogger,
    ports: {
      fetch: fetchOf(asPage),
      WebSocket: function () {
        throw new Error('This network has no WebSocket.');
      } as unknown as typeof WebSocket,
      now: Date.now,
      random: Math.random,
    },
    handlers: {
      onReady: () => undefined,
      onDown: () => undefined,
      onRefused: () => undefined,
      ...handlers,
    },
  });
  signaller.connect(new AbortController().signal);
  await signaller.whenReady(15_000);
  return { writer };
}

const row = (writer: string, callId: string): object => ({
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
});

it.each([
  ['by event stream', (request: typeof fetch) => request],
  [
    'by looking every few seconds, where streams are held back',
    (request: typeof fetch): typeof fetch =>
      (address, init) =>
        (address as string).includes('/v1/events')
          ? Promise.reject(new TypeError('held back'))
          : request(address, init),
  ],
])('the SDK holds a whole exchange over HTTP only: %s', async (_, fetchOf) => {
  const heard = Promise.withResolvers<ServerMessage>();
  const onMessage = (message: ServerMessage): void => {
    if (message.type === 'time') heard.resolve(message);
  };
  const { writer } = await joinByHttp({ onMessage }, fetchOf);
  expect(Math.abs(signaller.serverClockOffsetMs)).toBeLessThan(5_000);

  const id = signaller.newId();
  const wanted = { type: 'offer', writer_id: writer, sdp: offer, reason: 'start' } as never;
  const answer = await signaller.request(wanted, 10_000, id);
  expect(answer).toMatchObject({ type: 'answer', sdp: answerSdp, ordinal: 1 });
  expect(await signaller.request(wanted, 10_000, id)).toEqual(answer);
  expect(proxy.provider.offers).toHaveLength(1);

  const call_id = (answer as { call_id: CallId }).call_id;
  const call = proxy.provider.call('rtc_1');
  await call.untilAttached();
  expect(await signaller.request({ type: 'connected', call_id }, 10_000)).toMatchObject({
    type: 'ok',
  });
  const greeting = await call.next(({ type }) => type === 'response.create');
  expect(JSON.stringify(greeting)).toContain(plan.greeting);
  expect(await heard.promise).toMatchObject({ type: 'time', paused: false });

  const rows = { type: 'transcript', writer_id: writer, entries: [row(writer, call_id)] } as never;
  expect(await signaller.request(rows, 10_000)).toMatchObject({
    type: 'ack',
    writer_id: writer,
    last_sequence: 1,
  });
  const writers = { [writer]: 1 };
  const complete = { type: 'complete', reason: 'candidate_ended', lost: [], writers } as never;
  expect(await signaller.request(complete, 10_000)).toMatchObject({
    type: 'completed',
    status: 'completed',
  });
  await expect.poll(() => proxy.provider.hangups, { timeout: 8_000 }).toEqual(['rtc_1']);
});
