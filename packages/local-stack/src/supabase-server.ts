import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Database } from './database.ts';

/** What stands before a hosted project, for the local one: REST, Auth and the functions behind one origin. */
export interface SupabaseServer {
  /** Accepts no further requests and ends those that hang. */
  close: () => Promise<void>;
}

/**
 * Serves `/rest/v1`, `/auth/v1` and `/functions/v1`.
 *
 * @param functionsUrl Where the functions listen.
 */
export async function serveSupabase(
  port: number,
  database: Pick<Database, 'fetch'>,
  functionsUrl: string,
): Promise<SupabaseServer> {
  const listen = getRequestListener((request) => answer(request, database, functionsUrl), {
    overrideGlobalObjects: false,
  });
  const server = createServer((incoming, outgoing) => void listen(incoming, outgoing));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { close: () => closeServer(server) };
}

/** Ends a server within a second, whatever its clients keep open. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), 1000);
  await closed;
  clearTimeout(impatient);
}

async function answer(
  request: Request,
  database: Pick<Database, 'fetch'>,
  functionsUrl: string,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/functions/v1/')) return forward(request, functionsUrl);
  if (!/^\/(rest|auth)\/v1\//.test(pathname)) {
    return Response.json({ message: `Nothing is served at ${pathname}.` }, { status: 404 });
  }
  if (request.method === 'OPTIONS') return preflight(request);
  const reply = await database.fetch(await likeHosted(request));
  const headers = new Headers(reply.headers);
  headers.set('access-control-allow-origin', '*');
  return new Response(reply.body, { status: reply.status, headers });
}

/** Hosted projects answer preflights before anything else is reached; lite knows them for tables only. */
function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '*',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
      'access-control-max-age': '3600',
    },
  });
}

/** A hosted project takes any code that came by e-mail as of the type `email`; lite knows that name for none. */
async function likeHosted(request: Request): Promise<Request> {
  if (request.method !== 'POST' || new URL(request.url).pathname !== '/auth/v1/verify') {
    return request;
  }
  const text = await request.text();
  const body = text.replace(/"type"\s*:\s*"email"/, '"type":"magiclink"');
  return new Request(request.url, { method: 'POST', headers: request.headers, body });
}

async function forward(request: Request, functionsUrl: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'expect']) {
    headers.delete(name);
  }
  const hasBody = !['GET', 'HEAD'].includes(request.method);
  try {
    const reply = await fetch(`${functionsUrl}${pathname}${search}`, {
      method: request.method,
      headers,
      body: hasBody ? await request.arrayBuffer() : null,
      redirect: 'manual',
      signal: request.signal,
    });
    const replyHeaders = new Headers(reply.headers);
    // fetch has undone both already.
    replyHeaders.delete('content-encoding');
    replyHeaders.delete('content-length');
    return new Response(reply.body, { status: reply.status, headers: replyHeaders });
  } catch {
    return Response.json({ message: 'The functions can not be reached.' }, { status: 503 });
  }
}
