import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import { startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
beforeEach(async () => {
  proxy = await startProxy();
});
afterEach(() => proxy.close());

describe('a client that goes away before it is answered', () => {
  it('leaves no call behind, although its provider answers later', async () => {
    const client = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      proxy.provider.reply = (_request, response) => {
        resolve();
        // The proxy has noticed by then that nobody waits.
        setTimeout(() => proxy.provider.answer(response), 500);
      };
    });
    const asked = fetch(`${proxy.httpUrl}/v1/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenFor(proxy.session)}`,
        'content-type': 'application/sdp',
      },
      body: offer,
      signal: client.signal,
    });
    await arrived;
    client.abort();
    await expect(asked).rejects.toThrow();
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
    await eventually(() => proxy.storage.calls.map(({ closed_at: at }) => at !== null)).toEqual([
      true,
    ]);
  });
});
