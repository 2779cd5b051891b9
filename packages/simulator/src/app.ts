import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { allowPages } from './cors.ts';
import { controlRoutes } from './control-routes.ts';
import { realtimeRoutes } from './realtime-routes.ts';
import { RequestError } from './request-error.ts';
import type { SimulatorState } from './state.ts';

/** Builds the HTTP side; it listens nowhere yet. */
export async function buildApp(state: SimulatorState): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: 1024 * 1024, forceCloseConnections: true });
  allowPages(app);
  app.setErrorHandler((error, _request, reply) => {
    const told = asRequestError(error);
    return reply.code(told.status).send({ error: told.toProvider() });
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `Unknown request URL: ${request.method} ${request.url.split('?')[0] ?? ''}.`;
    const error = new RequestError('unknown_url', message, { status: 404 });
    return reply.code(404).send({ error: error.toProvider() });
  });
  app.addContentTypeParser(
    ['application/sdp', 'multipart/form-data'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  // A hangup has no body and may have any type.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.register(websocket, { options: { maxPayload: 1024 * 1024 } });
  await app.register((routes, _options, done) => {
    realtimeRoutes(routes, state);
    controlRoutes(routes, state);
    done();
  });
  return app;
}

function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  const status = statusOf(error);
  if (status < 500 && error instanceof Error) {
    return new RequestError('invalid_request', error.message, { status });
  }
  return new RequestError('server_error', 'The simulator failed to answer this request.', {
    status: 500,
    type: 'server_error',
  });
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}
