import { hideSecrets } from '@interview/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { apiKey, secret, startProxy, type TestProxy } from '../testing/proxy.ts';

let proxy: TestProxy;

beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

describe('status', () => {
  it('is readable at / and tells no secret', async () => {
    const reply = await proxy.app.inject('/');
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toContain('text/html');
    expect(reply.body).toContain('Ready');
    for (const canary of [apiKey, secret, 'sb_secret']) expect(reply.body).not.toContain(canary);
  });

  it('is well while the process is, and ready while its database is', async () => {
    expect((await proxy.app.inject('/readyz')).json()).toEqual({
      ready: true,
      checks: { database: 'ok', upstream: 'untried' },
      draining: false,
    });
    proxy.storage.down = true;
    const look = async () => (await proxy.app.inject('/readyz')).json<{ ready: boolean }>();
    // An answer of a second ago still counts.
    await eventually(look).toMatchObject({ ready: false, checks: { database: 'unavailable' } });
    expect((await proxy.app.inject('/readyz')).statusCode).toBe(503);
    expect((await proxy.app.inject('/')).body).toContain('Not ready');
    expect((await proxy.app.inject('/healthz')).statusCode).toBe(200);
    proxy.storage.down = false;
  });

  it('serves a support page that its own policy lets run', async () => {
    const page = await proxy.app.inject('/realtime-test.html');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=/);
    for (const [, file] of page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await proxy.app.inject(file ?? '')).statusCode).toBe(200);
    }
  });

  it.each([
    { range: 'bytes=999999999-' },
    { 'if-match': '"another"' },
    { 'if-unmodified-since': 'Mon, 01 Jan 1990 00:00:00 GMT' },
  ])(
    'refuses what can not be had of a page as bad, and not as a fault of its own: %j',
    async (headers) => {
      const reply = await proxy.app.inject({ url: '/realtime-test.html', headers });
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toMatchObject({ error: { code: 'bad_request', retryable: false } });
    },
  );

  it('hides on the support page what logs hide', async () => {
    const reply = await proxy.app.inject('/hide-secrets.js');
    expect(reply.headers['content-type']).toMatch(/^text\/javascript/);
    const module = `data:text/javascript,${encodeURIComponent(reply.body)}`;
    const page = (await import(/* @vite-ignore */ module)) as { hideSecrets: typeof hideSecrets };
    for (const text of [
      'https://x/realtime-test.html#interview=inv_abcdefghijklmnop',
      'bearer.eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.c2ln, Bearer abcdefgh12345',
      'sk-proj-0123456789abcdef ik_local_demo_key_0000 sb_secret_0123456789',
      'a=ice-ufrag:4ZcD\r\na=ice-pwd:2/1muCWoOi3uLifh0NuRHlLN\r\na=mid:0',
      'mail ana.maria+jobs@mail.example.co.uk now',
    ]) {
      expect(page.hideSecrets(text)).toBe(hideSecrets(text));
      expect(page.hideSecrets(text)).not.toBe(text);
    }
  });

  it('answers what is not there in the one shape of errors, with headers that narrow', async () => {
    const reply = await proxy.app.inject('/../config.ts');
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({
      error: {
        code: 'not_found',
        message: expect.any(String) as string,
        retryable: false,
        request_id: reply.headers['x-request-id'],
      },
    });
    expect(reply.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  });
});

describe('preflights', () => {
  const preflight = (origin: string) =>
    proxy.app.inject({
      method: 'OPTIONS',
      url: '/v1/calls',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('are answered for any https page, by name', async () => {
    const reply = await preflight('https://anybody.example');
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['access-control-allow-origin']).toBe('https://anybody.example');
    expect(reply.headers['vary']).toContain('Origin');
    expect(reply.headers['access-control-allow-headers']).toContain('authorization');
  });

  it.each(['http://anybody.example', 'http://localhost:3000', 'null', 'https://x.example/path'])(
    'are not for %s',
    async (origin) => {
      expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('are answered for loopback pages in local mode', async () => {
    const local = await startProxy({ NODE_ENV: 'development' });
    const reply = await local.app.inject({
      method: 'OPTIONS',
      url: '/v1/calls',
      headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' },
    });
    expect(reply.headers['access-control-allow-origin']).toBe('http://localhost:3000');
    await local.close();
  });
});
