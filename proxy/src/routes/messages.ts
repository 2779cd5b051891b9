import { MAX_MESSAGE_BYTES, type ClientMessage, type ServerMessage } from '@interview/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admit } from '../plugins/auth.ts';
import { ProxyError } from '../proxy-error.ts';
import { HttpPage } from '../sessions/http-page.ts';
import type { LiveSession, Page } from '../sessions/live-session.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import { answer, readMessage } from '../sessions/messages.ts';
import { renewToken } from '../sessions/renew-token.ts';
import type { VerifiedToken } from '../sessions/session-token.ts';
import { isPage, writerOf, type PageQuery } from './page-query.ts';

/** Requests of one session that are worked on at a time; an honest page has a handful. */
const MAX_IN_FLIGHT = 32;

/** `POST /v1/messages`: any message of the socket, and its reply. */
export function messageRoutes(
  app: FastifyInstance,
  { sessions }: { sessions: LiveSessions },
  done: () => void,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_MESSAGE_BYTES },
    (_request, body, parsed) => parsed(null, body),
  );
  app.post<{ Querystring: PageQuery }>('/v1/messages', async (request, reply) => {
    const token = await admit(app, request);
    if (typeof request.body !== 'string') {
      throw new ProxyError('unsupported_media_type', 'Send the message as application/json.');
    }
    const message = readMessage(request.body);
    const answered = await sessions.during(token.claims.sid, (session) => {
      if (session.busy > MAX_IN_FLIGHT) throw tooMany();
      return respond(app, { request, session, token, message });
    });
    return answered ? reply.send(answered) : reply.code(204).send();
  });
  done();
}

async function respond(
  app: FastifyInstance,
  given: {
    request: FastifyRequest<{ Querystring: PageQuery }>;
    session: LiveSession;
    token: VerifiedToken;
    message: ClientMessage;
  },
): Promise<ServerMessage | null> {
  const { request, session, token, message } = given;
  const writer = writerOf(request.query);
  const known = writer ? session.httpPages.get(writer) : undefined;
  switch (message.type) {
    case 'authenticate':
      throw new ProxyError('bad_request', 'The token of a request stands in Authorization.');
    case 'refresh': {
      const renewed = await renewToken(app.sessionTokens, session, token);
      known?.renewed(renewed.claims);
      return { type: 'token', token: renewed.token, expires_at: renewed.claims.exp };
    }
    case 'ping':
      known?.heard();
  }
  return answer(session, pageOf(given), message, token.expired);
}

/** Who talks is a page of the session from then on; other messages need nobody who stays. */
function pageOf({
  request,
  session,
  token: { claims, expired },
  message,
}: Parameters<typeof respond>[1]): Page {
  const simulation = request.query.simulation === 'true' && claims.sim === true;
  if (message.type !== 'offer' || expired || !isPage(message.writer_id)) {
    return { claims, simulation, writer: writerOf(request.query), send: () => undefined };
  }
  const page = HttpPage.of(session, message.writer_id, { claims, simulation });
  page.calls();
  return page;
}

function tooMany(): ProxyError {
  return new ProxyError('rate_limited', 'Too many requests at a time.', { retryAfterMs: 1_000 });
}
