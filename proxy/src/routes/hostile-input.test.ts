import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import type { RecordedRequest } from '../testing/provider.ts';
import {
  newWriter,
  pageOrigin,
  startProxy,
  TestPage,
  tokenFor,
  type TestProxy,
} from '../testing/proxy.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { StreamingPage } from '../testing/streaming-page.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const many = '1000000';
let proxy: TestProxy;
let token: string;
beforeAll(async () => {
  proxy = await startProxy({
    RATE_LIMIT_SESSION: many,
    RATE_LIMIT_TENANT: many,
    RATE_LIMIT_ADDRESS: many,
  });
  token = await tokenFor(proxy.session);
});
afterEach(() => {
  proxy.provider.requests.length = 0;
});
afterAll(() => proxy.close());

const call = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  proxy.app.inject({
    method: 'POST',
    url: '/v1/calls',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp', ...headers },
    payload,
  });

/** Asserts that an answer is a refusal in the one shape. */
function refused(reply: { statusCode: number; body: string }, statuses: readonly number[]): void {
  expect(statuses).toContain(reply.statusCode);
  expect(JSON.parse(reply.body)).toEqual({
    error: {
      code: expect.stringMatching(/^[a-z_]+$/) as string,
      message: expect.any(String) as string,
      retryable: expect.any(Boolean) as boolean,
      request_id: expect.any(String) as string,
    },
  });
}

/** The offer in a request to the provider; asserts that the form has the two parts that we make, and nothing else. */
function sdpOf({ headers, body }: RecordedRequest): Buffer {
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? 'none';
  const parts = body.toString('latin1').split(`--${boundary}`);
  expect(parts).toHaveLength(4);
  const [, sdp = '', session = ''] = parts;
  expect(session).toContain('name="session"');
  const start = sdp.indexOf('\r\n\r\n') + 4;
  return Buffer.from(sdp.slice(start, -2), 'latin1');
}

describe('an SDP', () => {
  const junk = fc.oneof(
    fc.constantFrom(
      '\0',
      '\r',
      '\n\r',
      '\r\n\r\n',
      '\r\n--boundary\r\nContent-Disposition: form-data; name="session"\r\n\r\n{"model":"x"}\r\n',
      '\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n',
      '\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n',
      '\u2028',
      '\ufeff',
      'a='.repeat(500),
      '__proto__',
      '%0d%0a',
      '😀',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const mutated = fc
    .array(fc.tuple(fc.nat(offer.length), fc.nat(60), junk), { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce((sdp, [at, cut, text]) => sdp.slice(0, at) + text + sdp.slice(at + cut), offer),
    );

  it('is forwarded byte for byte in a form of two parts, or refused and not forwarded', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (sdp) => {
        proxy.provider.requests.length = 0;
        const since = performance.now();
        const reply = await call(sdp);
        expect(performance.now() - since).toBeLessThan(1_000);
        const { offers } = proxy.provider;
        if (reply.statusCode === 201) {
          expect(offers).toHaveLength(1);
          expect(offers.map(sdpOf)).toEqual([Buffer.from(sdp)]);
        } else {
          refused(reply, [400, 406, 413]);
          expect(offers).toHaveLength(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of bytes that are no UTF-8 is refused or forwarded as text, and never breaks anything', async () => {
    const reply = await call(
      Buffer.concat([Buffer.from(offer), Buffer.from([0x61, 0x3d, 0xff, 0xfe, 0x0d, 0x0a])]),
    );
    expect(reply.statusCode).toBeLessThan(500);
  });

  it('of 5 MB is refused, with its length told and without', async () => {
    const large = offer + 'a=x\r\n'.repeat(1_000_000);
    refused(await call(large), [413]);
    const head = `POST /v1/calls HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/sdp\r\n`;
    const chunk = large.slice(0, 1_000_000);
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(5)}0\r\n\r\n`;
    const reply = await rawRequest(proxy.httpUrl, chunked);
    expect(reply.statuses).toEqual([413]);
    expect(reply.tookMs).toBeLessThan(1_000);
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('in another coding is not unpacked', async () => {
    refused(await call(offer.slice(3), { 'content-encoding': 'gzip' }), [400, 415]);
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('may not name a writer of the server, at either door', async () => {
    const writer = `s_${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}_1`;
    const message = { type: 'offer', id: 'o', writer_id: writer, sdp: offer, reason: 'start' };
    const reply = await proxy.app.inject({
      method: 'POST',
      url: '/v1/messages',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(message),
    });
    refused(reply, [403]);
    const page = await TestPage.join(proxy);
    expect(await page.ask(message)).toMatchObject({ code: 'session_mismatch' });
    page.socket.close();
    expect(proxy.provider.requests).toHaveLength(0);
  });
});

describe('JSON', () => {
  const writer = newWriter();
  const offering = (more: string): string =>
    `{"type":"offer","id":"o","writer_id":"${writer}","reason":"start",${more}}`;
  const texts: [string, string, number[]][] = [
    ['that is deep', '['.repeat(30_000) + ']'.repeat(30_000), [400]],
    [
      'that is deep in a field',
      `{"type":"ping","id":"x","a":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
      [200],
    ],
    [
      'with a prototype',
      '{"type":"ping","id":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
      [200],
    ],
    ['with two types', '{"type":"ping","type":"offer","id":"x"}', [400]],
    ['with a number for the SDP', offering('"sdp":1e999'), [400]],
    ['with a lone surrogate', offering('"sdp":"v=0\\ud800"'), [400]],
    [
      'with a NUL in the SDP',
      offering(`"sdp":${JSON.stringify(offer).slice(0, -1)}\\u0000"`),
      [400],
    ],
    ['of 1 MB', `{"type":"ping","id":"x","pad":"${'x'.repeat(1_000_000)}"}`, [413]],
    ['that is none', `{"type":"ping"${'\0'.repeat(100)}`, [400]],
    ['that is empty', '', [400]],
  ];

  it.each(texts)(
    '%s is answered at once, and nothing goes upstream',
    async (_name, payload, statuses) => {
      const since = performance.now();
      const reply = await proxy.app.inject({
        method: 'POST',
        url: '/v1/messages',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload,
      });
      expect(performance.now() - since).toBeLessThan(1_000);
      if (reply.statusCode === 200) expect(reply.json()).toEqual({ type: 'pong', id: 'x' });
      else refused(reply, statuses);
      expect(statuses).toContain(reply.statusCode);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      expect(proxy.provider.requests).toHaveLength(0);
    },
  );
});

describe('a request that is no honest HTTP', () => {
  const line = 'POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\n';
  const inner = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const requests: [string, (auth: string) => string][] = [
    [
      'both lengths',
      (auth) =>
        `${line}${auth}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      'two lengths',
      (auth) =>
        `${line}${auth}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    ],
    ['a length that is none', (auth) => `${line}${auth}Content-Length: +5\r\n\r\nv=0\r\n`],
    [
      'an odd transfer coding',
      (auth) => `${line}${auth}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a space before the colon',
      (auth) => `${line}${auth}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a folded header',
      (auth) => `${line}${auth}X-A: 1\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n`,
    ],
    ['a NUL in a header', (auth) => `${line}${auth}X-A: a\0b\r\n\r\n`],
    ['a bare CR in a header', (auth) => `${line}${auth}X-A: a\rX-B: b\r\n\r\n`],
    [
      'a chunk size that is none',
      (auth) => `${line}${auth}Transfer-Encoding: chunked\r\n\r\nzz\r\nv=0\r\n0\r\n\r\n`,
    ],
    ['100 KB of headers', (auth) => `${line}${auth}X-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['a method of nobody', () => 'BREW /v1/calls HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an address that is none', () => 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['another protocol', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ];

  it.each(requests)(
    'with %s is refused in our shape, once, and nothing goes upstream',
    async (_name, request) => {
      const reply = await rawRequest(proxy.httpUrl, request(`Authorization: Bearer ${token}\r\n`));
      expect(reply.statuses).toHaveLength(1);
      expect(reply.tookMs).toBeLessThan(1_000);
      const body = reply.text.slice(reply.text.indexOf('\r\n\r\n') + 4);
      refused({ statusCode: reply.statuses[0] ?? 0, body }, [400, 404, 413, 415, 431]);
      expect(proxy.provider.requests).toHaveLength(0);
    },
  );

  it('without a host is refused by Node itself', async () => {
    const { statuses } = await rawRequest(proxy.httpUrl, 'GET /healthz HTTP/1.1\r\n\r\n');
    expect(statuses).toEqual([400]);
  });

  it('to another host by its whole address goes nowhere', async () => {
    const { text } = await rawRequest(
      proxy.httpUrl,
      'GET http://169.254.169.254/latest/meta-data HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
  });
});

describe('a foreign page', () => {
  it.each<[string, 'GET' | 'POST' | 'PATCH' | 'DELETE', string, string]>([
    ['/v1/calls', 'POST', 'application/sdp', offer],
    ['/v1/calls/5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab', 'DELETE', '', ''],
    [
      '/v1/calls/5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab',
      'PATCH',
      'application/trickle-ice-sdpfrag',
      'a=x\r\n',
    ],
    ['/v1/messages', 'POST', 'application/json', '{"type":"ping","id":"p"}'],
    ['/v1/token', 'POST', 'application/json', '{}'],
    [`/v1/events?writer_id=${newWriter()}`, 'GET', '', ''],
    [`/v1/session?writer_id=${newWriter()}`, 'GET', '', ''],
  ])('is refused %s', async (url, method, type, payload) => {
    for (const origin of ['https://evil.example', 'null', `${pageOrigin}.evil.example`]) {
      const reply = await proxy.app.inject({
        method,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          origin,
          ...(type === '' ? {} : { 'content-type': type }),
        },
        ...(payload === '' ? {} : { payload }),
      });
      refused(reply, [403]);
      expect(reply.json()).toMatchObject({ error: { code: 'origin_not_allowed' } });
    }
    expect(proxy.provider.requests).toHaveLength(0);
  });
});

describe('a flood', () => {
  const collect = ((): (() => void) => {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc') as () => void;
  })();
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };

  it('of messages ends its socket, is counted for its session, and leaves nothing behind', async () => {
    const other = await TestPage.join(proxy);
    const before = heap();
    const page = await TestPage.join(proxy);
    for (let n = 0; n < 20_000; n += 1) page.socket.send(`{"type":"ping","id":"p${n}"}`);
    const since = performance.now();
    expect((await fetch(`${proxy.httpUrl}/healthz`)).status).toBe(200);
    expect(performance.now() - since).toBeLessThan(1_000);
    // Another window gives it no more.
    other.send({ type: 'ping', id: 'other' });
    expect(await other.next('error')).toMatchObject({ code: 'rate_limited' });
    expect(await page.closed).toMatchObject({ code: 4429 });
    const refusals = page.received.filter(({ type }) => type === 'error');
    expect(refusals[0]).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(refusals.length).toBeLessThan(2_100);
    expect(page.received.filter(({ type }) => type === 'pong').length).toBeLessThanOrEqual(400);
    page.received.length = 0;
    expect(heap() - before).toBeLessThan(10 * 1024 * 1024);
    other.socket.close();
  });

  it('of requests with forged tokens is refused, and leaves nothing behind', async () => {
    const forged = await tokenFor(proxy.session, {
      secret: 'a secret that is not ours but long enough',
    });
    const ask = (): Promise<Response> =>
      fetch(`${proxy.httpUrl}/v1/calls`, {
        method: 'POST',
        headers: { authorization: `Bearer ${forged}`, 'content-type': 'application/sdp' },
        body: offer,
      });
    const burst = async (): Promise<number[]> => {
      const replies = await Promise.all(Array.from({ length: 500 }, ask));
      return Promise.all(replies.map(async (reply) => (await reply.text(), reply.status)));
    };
    await burst();
    const before = heap();
    for (let round = 0; round < 3; round += 1)
      expect(new Set(await burst())).toEqual(new Set([401]));
    expect(heap() - before).toBeLessThan(10 * 1024 * 1024);
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('of windows of one session is refused beyond what a person opens, whichever door they come by', async () => {
    const own = await startProxy();
    const ownToken = await tokenFor(own.session);
    // All of them come before the first is greeted.
    const gate = Promise.withResolvers<undefined>();
    const brief = own.storage.sessionBrief;
    vi.spyOn(own.storage, 'sessionBrief').mockImplementation(async (session) => {
      await gate.promise;
      return brief(session);
    });
    const sockets = Array.from(
      { length: 20 },
      () => new TestPage(own.url, ownToken, { origin: pageOrigin }),
    );
    const refusals: number[] = [];
    const streams = Array.from({ length: 20 }, async () => {
      const page = await StreamingPage.join(own);
      if (!page.response.ok) refusals.push(page.response.status);
      return page;
    });
    const refused = (): number =>
      refusals.length +
      sockets.filter(({ received }) => received[0]?.['code'] === 'rate_limited').length;
    await eventually(refused).toBe(8);
    gate.resolve(undefined);
    for (const page of await Promise.all(streams)) page.leave();
    const greeted = sockets.filter(({ received }) => received[0]?.['code'] !== 'rate_limited');
    await Promise.all(greeted.map((page) => page.next('ready')));
    expect(refused()).toBe(8);
    for (const page of sockets) page.socket.terminate();
    await eventually(async () => {
      const again = new TestPage(own.url, ownToken, { origin: pageOrigin });
      const first = await again.until(() => true);
      again.socket.terminate();
      return first.type;
    }).toBe('ready');
    await own.close();
  });

  it('of connections that send their headers letter by letter is cut off, and others are served', async () => {
    const { hostname, port } = new URL(proxy.httpUrl);
    const slow = Array.from({ length: 300 }, (): Socket => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
      return socket;
    });
    const since = performance.now();
    const ask = async (): Promise<number> => {
      const asked = performance.now();
      const reply = await fetch(`${proxy.httpUrl}/healthz`);
      expect(reply.status).toBe(200);
      await reply.text();
      return performance.now() - asked;
    };
    const served: Promise<number>[] = [];
    const letters = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('a');
      served.push(ask());
    }, 200);
    await Promise.all(slow.map((socket) => new Promise((cut) => socket.once('close', cut))));
    clearInterval(letters);
    // The time for headers, and one look at what is overdue.
    expect(performance.now() - since).toBeLessThan(9_000);
    expect(Math.max(...(await Promise.all(served)))).toBeLessThan(1_000);
  });
});
