import type { FastifyInstance } from 'fastify';

/**
 * Lets pages of any origin call with an ephemeral key, as the real service does. What the simulator has beside that
 * needs no key and is not for pages: they could read what was said, and change what is said next.
 */
export function allowPages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/v1/')) {
      done();
      return;
    }
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-expose-headers', 'location');
    if (request.method !== 'OPTIONS') {
      done();
      return;
    }
    void reply
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '600',
      })
      .code(204)
      .send();
  });
}
