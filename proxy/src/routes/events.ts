import {
  DELIVERY_GRACE_S,
  type ServerMessage,
  type SessionClaims,
  type WriterId,
} from '@interview/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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
  /** A stream to the page at the other end of `reply`. */
  const streamTo = (reply: FastifyReply, closed: (stream: EventStream) => void): EventStream => {
    const stream: EventStream = new EventStream(
      () => reply.raw.writableLength,
      () => {
        streams.delete(stream);
        closed(stream);
      },
    );
    streams.add(stream);
    reply.request.raw.once('close', () => stream.abandon());
    void reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no');
    return stream;
  };

  // A HEAD of these would leave a page behind that nobody reads for.
  const exposeHeadRoute = false;
  app.get('/v1/events', { exposeHeadRoute }, async (request: PageRequest, reply) => {
    const visitor = await enter(app, request);
    return sessions.during(visitor.claims.sid, async (session) => {
      const follow = visitor.expired ? followDelivery : followPage;
      const stream = await follow(session, visitor, (closed) => streamTo(reply, closed));
      return reply.send(stream.body);
    });
  });

  app.get('/v1/session', { exposeHeadRoute }, async (request: PageRequest) => {
    const visitor = await enter(app, request);
    return sessions.during(visitor.claims.sid, async (session) => ({
      messages: await (visitor.expired ? lookDelivery(session) : lookPage(session, visitor)),
    }));
  });
  done();
}

type OpenStream = (closed: (stream: EventStream) => void) => EventStream;

async function followPage(
  session: LiveSession,
  visitor: Visitor,
  open: OpenStream,
): Promise<EventStream> {
  const page = pageOf(session, visitor);
  const greeting = await greet(session);
  const stream = open((closed) => page.closed(closed));
  stream.send(greeting.ready);
  takeUp(session, greeting, { writer: visitor.writer, stays: true });
  page.listen(stream);
  const end = page.end ? null : ended(session, greeting);
  if (end) page.send(end);
  return stream;
}

/** Whoever may only deliver is told what is stored and whether it is over, and takes no part. */
async function followDelivery(
  session: LiveSession,
  { claims }: Visitor,
  open: OpenStream,
): Promise<EventStream> {
  const leaveSeat = session.takeSeat();
  try {
    const greeting = await greet(session);
    const stream = open(leaveSeat);
    stream.send(greeting.ready);
    const end = ended(session, greeting);
    if (end) stream.send(end);
    stream.endAt((claims.exp + DELIVERY_GRACE_S) * 1000, tokenExpired());
    return stream;
  } catch (error) {
    leaveSeat();
    throw error;
  }
}

async function lookPage(session: LiveSession, visitor: Visitor): Promise<ServerMessage[]> {
  const page = pageOf(session, visitor);
  const seen = await glance(session, { writer: visitor.writer, stays: false });
  page.polled();
  const end = page.end ?? ended(session, seen);
  return [seen.ready, ...session.snapshot(seen.brief), ...(end ? [end] : [])];
}

async function lookDelivery(session: LiveSession): Promise<ServerMessage[]> {
  const seen = await glance(session, null);
  const end = ended(session, seen);
  return end ? [seen.ready, end] : [seen.ready];
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

function tokenExpired(): ProxyError {
  return new ProxyError('token_expired', 'The token has expired. Connect with a new one.');
}
