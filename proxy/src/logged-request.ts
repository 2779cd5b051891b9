import type { FastifyRequest } from 'fastify';

/** What the log keeps of a request: no query, since somebody may have put a token there by mistake. */
export function loggedRequest({ method, url, ip }: Pick<FastifyRequest, 'method' | 'url' | 'ip'>): {
  method: string;
  path: string;
  ip: string;
} {
  const end = url.search(/[?#]/);
  return { method, path: end === -1 ? url : url.slice(0, end), ip };
}
