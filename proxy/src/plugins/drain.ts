import fp from 'fastify-plugin';
import type { Drain } from '../drain.ts';

declare module 'fastify' {
  interface FastifyInstance {
    drain: Drain;
  }
}

/** Streams last as long as their pages; they end by a word of their own. */
const endless = new Set<string | undefined>(['/v1/events']);

/** Counts the requests that are being answered, so that a stop can wait for them. */
export const drainPlugin = fp<{ drain: Drain }>(
  (app, { drain }, done) => {
    app.decorate('drain', drain);
    app.addHook('onRequest', (request, reply, next) => {
      const { url } = request.routeOptions;
      if (url?.startsWith('/v1/') === true && !endless.has(url)) {
        const leave = drain.enter();
        reply.raw.once('finish', leave);
        // The client went before it had its answer.
        reply.raw.once('close', leave);
      }
      next();
    });
    app.addHook('preClose', (stop) => {
      drain.begin();
      stop();
    });
    done();
  },
  { name: 'drain' },
);
