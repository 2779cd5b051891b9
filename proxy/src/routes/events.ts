import type { ServerMessage, SessionClaims, WriterId } from '@interview/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admit } from '../plugins/auth.ts';
import { ProxyError } from '../proxy-error.ts';
import { EventStream } from '../sessions/event-stream.ts';
import { ended, glance, greet, takeUp } from '../sessions/greeting.ts';
import { HttpPage } from '../sessions/http-page.ts';
import type { LiveSession } from '../sessions/live-session.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import { writerOf, type PageQuery } from './page-query.ts';

/** Sent before a stop, so that pages come back spread over some seconds. */
const DRAIN_RETRY_MS = 1_000;

type PageRequest = FastifyRequest<{ Querystring: PageQuery }>;

/** `GET /v1/events` and `GET /v1/session`: what the socket tells, for pages without one. */
export function eventRoutes(
  app: FastifyInstance,
  { sessions }: { sessions: LiveSessions },
  done: () => void,
): void {
  const streams = new Set<EventStream>();
  app.addHook('preClose', async () => {
    await Promise.all([...streams].map((stream) => stream.drain(DRAIN_RETRY_MS)));
  });

  // A HEAD of these would leave a page behind that nobody reads for.
  const exposeHeadRoute = false;
  app.get('/v1/events', { exposeHeadRoute }, async (request: PageRequest, reply) => {
    const visitor = await enter(app, request);
    return sessions.during(visitor.claims.sid, async (session) => {
      const greeting = await greet(session);
      const page = pageOf(session, visitor);
      const stream: EventStream = new EventStream(
        () => reply.raw.writableLength,
        () => {
          streams.delete(stream);
          page.closed(stream);
        },
      );
      streams.add(stream);
      request.raw.once('close', () => stream.abandon());
      stream.send(greeting.ready);
      const { writer, expired } = visitor;
      if (!expired) takeUp(session, greeting, { writer, stays: true });
      page.listen(stream, expired);
      const end = page.end ? null : ended(session, greeting);
      if (end) page.send(end);
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(stream.body);
    });
  });

  app.get('/v1/session', { exposeHeadRoute }, async (request: PageRequest) => {
    const visitor = await enter(app, request);
    const { claims, writer, expired } = visitor;
    return sessions.during(claims.sid, async (session) => {
      const seen = await glance(session, expired ? null : { writer, stays: false });
      const page = pageOf(session, visitor);
      page.polled();
      const end = page.end ?? ended(session, seen);
      const messages: ServerMessage[] = [seen.ready, ...session.snapshot(seen.brief)];
      return { messages: end ? [...messages, end] : messages };
    });
  });
  done();
}

/** A page that asks to be told what happens. */
interface Visitor {
  claims: SessionClaims;
  expired: boolean;
  writer: WriterId;
  simulation: boolean;
}

async function enter(app: FastifyInstance, request: PageRequest): Promise<Visitor> {
  const { claims, expired } = await admit(app, request);
  const writer = writerOf(request.query);
  if (writer === null) throw new ProxyError('bad_request', 'Name the page as writer_id.');
  const simulation = request.query.simulation === 'true' && claims.sim === true;
  return { claims, expired, writer, simulation };
}

function pageOf(session: LiveSession, { writer, claims, simulation }: Visitor): HttpPage {
  return HttpPage.of(session, writer, { claims, simulation });
}
