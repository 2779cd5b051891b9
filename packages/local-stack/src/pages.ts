import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import type { Scripts } from './bundle.ts';
import { root } from './folders.ts';
import { closeServer } from './supabase-server.ts';

/** What the pages are told of the rest of the stack; `/config.json` says it to their scripts. */
export interface PagesConfig {
  supabaseUrl: string;
  publishableKey: string;
  startUrl: string;
  proxyUrl: string;
  /** Page that holds the room; links to candidates begin with it. */
  candidatePage: string;
  /** The same for interviews that demand an account. */
  accountPage: string;
  /** Shown on the sign-in form; these pages are local. */
  recruiter: { email: string; password: string };
}

/** The running pages. */
export interface Pages {
  close: () => Promise<void>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Folders below `examples/` that are pages. */
const folders = ['script-tag', 'sdk', 'react', 'vue', 'account', 'recruiter'];

/** Names of the Trusted Types policies that a page's framework makes; the others are content with Lit's. */
const trustedTypes: Readonly<Record<string, string>> = { vue: 'vue' };

/**
 * Serves the example pages with the policy that the room promises to work under.
 *
 * @param config Asked at each request: it is complete only once the stack is.
 */
export async function servePages(
  port: number,
  scripts: Scripts,
  config: () => PagesConfig,
): Promise<Pages> {
  const server = createServer((request, response) => {
    answer(request, response, scripts, config()).catch(() => {
      response.writeHead(500).end('The page could not be read.');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { close: () => closeServer(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  scripts: Scripts,
  config: PagesConfig,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://pages.invalid');
  const redirect = redirectFrom(pathname, config);
  if (redirect !== null) {
    response.writeHead(302, { location: redirect }).end();
    return;
  }
  const content = await contentOf(pathname, scripts, config);
  if (content === null) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('There is no such page.');
    return;
  }
  response.writeHead(200, {
    'content-type': types[extname(pathname) || '.html'] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    ...securityHeaders(config, pathname),
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function redirectFrom(pathname: string, { proxyUrl }: PagesConfig): string | null {
  if (pathname === '/simple-webrtc-test') return `${proxyUrl}/realtime-test.html`;
  // With a slash at the end, so that a page's own relative links hold; the browser keeps the fragment.
  return folders.includes(pathname.slice(1)) ? `${pathname}/` : null;
}

async function contentOf(
  pathname: string,
  scripts: Scripts,
  config: PagesConfig,
): Promise<Uint8Array | string | null> {
  const script = scripts.get(pathname);
  if (script) return script;
  if (pathname === '/config.json') return JSON.stringify(config);
  const file = fileOf(pathname);
  if (file === null) return null;
  try {
    const content = await readFile(file);
    return file.endsWith('.html') ? fillIn(content.toString(), config) : content;
  } catch {
    return null;
  }
}

function fileOf(pathname: string): string | null {
  const page = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const path = normalize(decodeURIComponent(page)).split(sep).filter(Boolean);
  const [folder = ''] = path;
  if (!['.html', '.css', '.svg'].includes(extname(page))) return null;
  if (path.length === 1) return join(import.meta.dirname, '..', 'pages', folder);
  return folders.includes(folder) ? join(root, 'examples', ...path) : null;
}

/** The pages read as a site owner pastes them; here their placeholders become this stack. */
function fillIn(html: string, config: PagesConfig): string {
  return html
    .replaceAll('https://YOUR-PROJECT.supabase.co', config.supabaseUrl)
    .replaceAll('sb_publishable_YOUR_KEY', config.publishableKey)
    .replaceAll('https://YOUR-PROXY.example', config.proxyUrl);
}

function securityHeaders(
  { supabaseUrl, proxyUrl }: PagesConfig,
  pathname: string,
): Record<string, string> {
  const [, folder = ''] = pathname.split('/');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    // A practice is played back from the page's own memory.
    "media-src 'self' blob:",
    `connect-src 'self' ${supabaseUrl} ${proxyUrl} ${proxyUrl.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes[folder] ?? 'lit-html'} 'allow-duplicates'`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy': 'microphone=(self), camera=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
