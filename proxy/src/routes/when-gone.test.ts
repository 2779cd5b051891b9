import type { ServerResponse } from 'node:http';
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

async function askAndLeave(arrived: Promise<void>): Promise<void> {
  const client = new AbortController();
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
}

describe('a client that goes away before it is answered', () => {
  it('has its request cancelled, which a provider may leave open for long', async () => {
    let closed = false;
    await askAndLeave(
      new Promise((resolve) => {
        proxy.provider.reply = (_request, response) => {
          response.once('close', () => (closed = true));
          resolve();
        };
      }),
    );
    // Far from the 15 s that a provider has to answer.
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 8_000 });
  });

  it('leaves no call behind, although its provider answers later', async () => {
    // The proxy has noticed that nobody waits.
    const noticed = new Promise((resolve) => {
      proxy.app.server.once('request', (_request, reply: ServerResponse) => {
        reply.once('close', resolve);
      });
    });
    await askAndLeave(
      new Promise((resolve) => {
        proxy.provider.reply = (_request, response) => {
          resolve();
          void noticed.then(() => proxy.provider.answer(response));
        };
      }),
    );
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
    await eventually(() => proxy.storage.calls.map(({ closed_at: at }) => at !== null)).toEqual([
      true,
    ]);
  });
});
