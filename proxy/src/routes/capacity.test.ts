import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import { newWriter, startProxy, TestPage, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
const held: ServerResponse[] = [];

beforeEach(async () => {
  held.length = 0;
  proxy = await startProxy({ MAX_OFFERS_IN_FLIGHT: '2' });
});
afterEach(() => proxy.close());

const offerOf = (id: string) => ({
  type: 'offer',
  id,
  writer_id: newWriter(),
  sdp: offer,
  reason: 'start',
});

it('refuses an offer beyond what the provider is asked at a time, at once and without a trace', async () => {
  const page = await TestPage.join(proxy);
  await page.ask(offerOf('before'));
  proxy.provider.reply = (_request, response) => held.push(response);
  page.send(offerOf('one'));
  await eventually(() => held.length).toBe(1);
  page.send(offerOf('two'));
  await eventually(() => held.length).toBe(2);
  const asked = proxy.provider.requests.length;

  const since = performance.now();
  const reply = await proxy.app.inject({
    method: 'POST',
    url: '/v1/calls',
    headers: {
      authorization: `Bearer ${await tokenFor(proxy.session)}`,
      'content-type': 'application/sdp',
    },
    payload: offer,
  });
  expect(performance.now() - since).toBeLessThan(1_000);
  expect(reply.statusCode).toBe(503);
  expect(reply.headers['retry-after']).toBe('2');
  expect(reply.json()).toMatchObject({ error: { code: 'capacity', retryable: true } });
  expect(await page.ask(offerOf('three'))).toMatchObject({
    code: 'capacity',
    retry_after_ms: 2_000,
  });
  expect(proxy.provider.requests).toHaveLength(asked);
  // Neither was opened: the newest call is the one that waits for its answer.
  expect(proxy.storage.calls).toHaveLength(3);
  expect(proxy.storage.calls.at(-1)?.closed_at).toBeNull();

  for (const response of held.splice(0)) proxy.provider.answer(response);
  await page.until((message) => message['id'] === 'two');
  proxy.provider.reply = (_request, response) => proxy.provider.answer(response);
  expect(await page.ask(offerOf('four'))).toMatchObject({ type: 'answer', ordinal: 4 });
});

it('has room again after an offer that failed', async () => {
  proxy.provider.reply = (_request, response) => response.destroy();
  const page = await TestPage.join(proxy);
  for (let time = 0; time < 5; time += 1) {
    expect(await page.ask(offerOf(`o${time}`))).toMatchObject({ code: 'upstream_unavailable' });
  }
});
