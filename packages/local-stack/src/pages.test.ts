import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePages, type Pages } from './pages.ts';

const config = {
  supabaseUrl: 'http://localhost:54321',
  publishableKey: 'sb_publishable_x',
  startUrl: 'http://localhost:54321/functions/v1/interview-start',
  proxyUrl: 'http://localhost:8080',
  candidatePage: 'http://localhost:3000/script-tag/',
  accountPage: 'http://localhost:3000/account/',
  recruiter: { email: 'r@x.test', password: 'p' },
};
const scripts = new Map([['/ai-interview-room.js', new TextEncoder().encode('export {};')]]);

let pages: Pages;
let url: string;

beforeAll(async () => {
  const port = await getPort();
  url = `http://127.0.0.1:${port}`;
  pages = await servePages(port, scripts, () => config);
});
afterAll(() => pages.close());

describe('the example pages', () => {
  it('fills the script-tag page in with this stack', async () => {
    const html = await (await fetch(`${url}/script-tag/`)).text();
    expect(html).toContain(`start-url="${config.startUrl}"`);
    expect(html).toContain('supabase-key="sb_publishable_x"');
    expect(html).not.toContain('YOUR');
  });

  it('names the stack and nobody else in its policy', async () => {
    const policy = (await fetch(`${url}/script-tag/`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("media-src 'self' blob:;");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain(
      "connect-src 'self' http://localhost:54321 http://localhost:8080 ws://localhost:8080;",
    );
  });

  it('lets Vue make the policy that it makes as it loads, and no other page', async () => {
    const policies = ['/vue/', '/react/'].map(async (path) => {
      const { headers } = await fetch(url + path);
      return /trusted-types \S+/.exec(headers.get('content-security-policy') ?? '')?.[0];
    });
    expect(await Promise.all(policies)).toEqual(['trusted-types vue', 'trusted-types lit-html']);
  });

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page.css', 'text/css; charset=utf-8'],
    ['/sdk/', 'text/html; charset=utf-8'],
    ['/react/', 'text/html; charset=utf-8'],
    ['/vue/page.css', 'text/css; charset=utf-8'],
    ['/account/', 'text/html; charset=utf-8'],
    ['/recruiter/page.css', 'text/css; charset=utf-8'],
    ['/script-tag/favicon.svg', 'image/svg+xml'],
    ['/ai-interview-room.js', 'text/javascript; charset=utf-8'],
    ['/config.json', 'application/json'],
  ])('serves %s as %s', async (path, type) => {
    const reply = await fetch(url + path);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, type]);
    expect((await reply.text()).length).toBeGreaterThan(0);
  });

  it.each([
    ['/simple-webrtc-test', 'http://localhost:8080/realtime-test.html'],
    ['/recruiter', '/recruiter/'],
    ['/react', '/react/'],
  ])('leads from %s to %s', async (path, target) => {
    const reply = await fetch(url + path, { redirect: 'manual' });
    expect([reply.status, reply.headers.get('location')]).toEqual([302, target]);
  });

  it.each([
    '/nothing',
    '/e2e/package.json',
    '/sdk/main.ts',
    '/react/main.tsx',
    '/sdk/..%2f..%2fpackages%2froom%2fx.css',
    '/script-tag/%2e%2e/%2e%2e/package.json',
  ])('does not serve %s', async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  });
});
