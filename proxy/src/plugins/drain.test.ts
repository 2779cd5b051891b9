import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainFetch } from '../plain-fetch.ts';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import { newWriter, startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

let proxy: TestProxy;
let authorization: string;
/** Lets the provider answer. */
let answer: () => void;

beforeEach(async () => {
  proxy = await startProxy();
  authorization = `Bearer ${await tokenFor(proxy.session)}`;
  proxy.provider.reply = (_request, response) => {
    answer = () => proxy.provider.answer(response);
  };
});
afterEach(() => proxy.close());

const call = (signal?: AbortSignal) =>
  fetch(`${proxy.httpUrl}/v1/calls`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/sdp' },
    body: offer,
    ...(signal ? { signal } : {}),
  });

describe('what a stop waits for', () => {
  it('is a request that is being answered', async () => {
    const answered = call();
    await eventually(() => proxy.provider.offers.length).toBe(1);
    expect(await proxy.app.drain.idle(1)).toBe(false);
    const idle = proxy.app.drain.idle(10_000);
    answer();
    expect((await answered).status).toBe(201);
    expect(await idle).toBe(true);
  });

  it('is the hang-up of a call whose answer was of no use, although that was told', async () => {
    const hangingUp = Promise.withResolvers<undefined>();
    const own = await startProxy(
      {},
      {
        fetch: async (...request) => {
          if (String(request[0]).endsWith('/hangup')) await hangingUp.promise;
          return plainFetch(...request);
        },
      },
    );
    own.provider.reply = (_request, response) => {
      const location = '/v1/realtime/calls/rtc_x';
      response.writeHead(201, { 'content-type': 'application/sdp', location }).end('no');
    };
    const told = await fetch(`${own.httpUrl}/v1/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenFor(own.session)}`,
        'content-type': 'application/sdp',
      },
      body: offer,
    });
    expect(told.status).toBe(502);
    await told.text();
    // The answer itself has left by now.
    await eventually(() => own.app.drain.idle(1)).toBe(false);
    const idle = own.app.drain.idle(10_000);
    hangingUp.resolve(undefined);
    expect(await idle).toBe(true);
    expect(own.provider.hangups).toEqual(['rtc_x']);
    await own.close();
  });

  it('is no request whose client has gone', async () => {
    const gone = new AbortController();
    const answered = call(gone.signal);
    await eventually(() => proxy.provider.offers.length).toBe(1);
    const idle = proxy.app.drain.idle(10_000);
    gone.abort();
    await expect(answered).rejects.toThrow();
    expect(await idle).toBe(true);
    answer();
  });

  it('is no event stream: those are told to come again', async () => {
    const stream = await fetch(`${proxy.httpUrl}/v1/events?writer_id=${newWriter()}`, {
      headers: { authorization },
    });
    expect(await proxy.app.drain.idle(1)).toBe(true);
    await stream.body?.cancel();
  });
});
