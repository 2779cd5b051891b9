import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerSdp, offer, plan } from '../testing/interview.ts';
import { pageOrigin, startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
let token: string;

beforeEach(async () => {
  proxy = await startProxy();
  token = await tokenFor(proxy.session);
});
afterEach(() => proxy.close());

const post = (headers: Record<string, string>, payload?: string) =>
  proxy.app.inject({
    method: 'POST',
    url: '/v1/calls',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp', ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

describe('POST /v1/calls', () => {
  it('answers an offer, and the talk begins without a word from the page', async () => {
    const reply = await post({ origin: pageOrigin }, offer);
    expect(reply.statusCode).toBe(201);
    expect(reply.headers['content-type']).toBe('application/sdp');
    expect(reply.headers.location).toBe(`/v1/calls/${proxy.storage.calls[0]?.id ?? ''}`);
    expect(reply.body).toBe(answerSdp);
    const greeting = await proxy.provider
      .call('rtc_1')
      .next((event) => event.type === 'response.create');
    expect(JSON.stringify(greeting)).toContain(plan.greeting);

    const location = String(reply.headers.location);
    const headers = { authorization: `Bearer ${token}` };
    expect((await proxy.app.inject({ method: 'DELETE', url: location, headers })).statusCode).toBe(
      204,
    );
    expect(proxy.provider.hangups).toEqual(['rtc_1']);
    expect((await proxy.app.inject({ method: 'DELETE', url: location, headers })).statusCode).toBe(
      404,
    );
  });

  it.each<[string, Record<string, string>, string | undefined, number, string]>([
    ['no token', { authorization: '' }, offer, 401, 'token_missing'],
    ['a bad token', { authorization: 'Bearer x.y.z' }, offer, 401, 'token_invalid'],
    ['a foreign page', { origin: 'https://evil.example' }, offer, 403, 'origin_not_allowed'],
    ['another type', { 'content-type': 'application/json' }, '{}', 415, 'unsupported_media_type'],
    ['no body', {}, undefined, 400, 'invalid_offer'],
    ['no type', { 'content-type': '' }, undefined, 415, 'unsupported_media_type'],
    ['no SDP', {}, 'hello', 400, 'invalid_offer'],
    ['a large body', {}, `${offer}${'a=x\r\n'.repeat(7000)}`, 413, 'payload_too_large'],
  ])('refuses %s, and nothing goes upstream', async (_name, headers, payload, status, code) => {
    const reply = await post(headers, payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code } });
    expect(proxy.provider.requests).toHaveLength(0);
  });

  it('hands on when to try again', async () => {
    proxy.provider.reply = (_request, response) => {
      response.writeHead(429, { 'retry-after': '9' }).end('{}');
    };
    const reply = await post({}, offer);
    expect(reply.statusCode).toBe(503);
    expect(reply.headers['retry-after']).toBe('9');
  });
});
