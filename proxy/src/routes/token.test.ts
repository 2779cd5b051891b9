import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pageOrigin, startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

let proxy: TestProxy;

beforeAll(async () => {
  proxy = await startProxy();
});
beforeEach(() => {
  proxy.storage.renewable = true;
});
afterAll(() => proxy.close());

const renew = (token: string, origin = pageOrigin) =>
  proxy.app.inject({
    method: 'POST',
    url: '/v1/token',
    headers: { authorization: `Bearer ${token}`, origin },
  });

describe('POST /v1/token', () => {
  it('gives a fresh token, which is as good as the first', async () => {
    const now = Math.floor(Date.now() / 1000);
    const old = await tokenFor(proxy.session, { claims: { iat: now - 300, exp: now + 5 } });
    const reply = await renew(old);
    expect(reply.statusCode).toBe(200);
    const { token, expires_at: expires, ...rest } = reply.json<Record<string, unknown>>();
    expect(rest).toEqual({});
    expect(expires).toBeGreaterThan(now + 500);
    expect((await renew(String(token))).statusCode).toBe(200);
  });

  it('gives none for a token that has run out', async () => {
    const now = Math.floor(Date.now() / 1000);
    const old = await tokenFor(proxy.session, { claims: { iat: now - 4200, exp: now - 3600 } });
    const reply = await renew(old);
    expect(reply.statusCode).toBe(401);
    expect(reply.json()).toMatchObject({ error: { code: 'token_expired' } });
  });

  it('gives none for an interview that is over', async () => {
    proxy.storage.renewable = false;
    const reply = await renew(await tokenFor(proxy.session));
    expect(reply.statusCode).toBe(409);
    expect(reply.json()).toMatchObject({ error: { code: 'session_ended' } });
  });

  it('gives none to a foreign page', async () => {
    const reply = await renew(await tokenFor(proxy.session), 'https://evil.example');
    expect(reply.statusCode).toBe(403);
  });
});
