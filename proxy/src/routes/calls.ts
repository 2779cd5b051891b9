import { randomBytes } from 'node:crypto';
import { MAX_OFFER_BYTES, SDP_MEDIA_TYPE, type WriterId } from '@interview/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admit } from '../plugins/auth.ts';
import { ProxyError } from '../proxy-error.ts';
import type { LiveCall } from '../sessions/live-call.ts';
import type { LiveSession } from '../sessions/live-session.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import { placeCall } from '../sessions/place-call.ts';
import { whenGone } from './when-gone.ts';

/** Clients of this door can't say that they are connected; the talk starts by itself after this. */
const TALK_AFTER_MS = 3_000;

/** `POST /v1/calls` and `DELETE` (RFC 9725): an offer for an answer, without a socket. */
export function callRoutes(
  app: FastifyInstance,
  { sessions }: { sessions: LiveSessions },
  done: () => void,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    SDP_MEDIA_TYPE,
    { parseAs: 'string', bodyLimit: MAX_OFFER_BYTES },
    (_request, body, parsed) => parsed(null, body),
  );

  app.post<{ Body: unknown; Querystring: { simulation?: string } }>(
    '/v1/calls',
    async (request, reply) => {
      const { session, simulated } = await enter(app, sessions, request);
      if (typeof request.body !== 'string') {
        throw new ProxyError('unsupported_media_type', `Send the offer as ${SDP_MEDIA_TYPE}.`);
      }
      const { call, answer } = await placeCall(session, {
        id: request.id,
        writer: `b_${randomBytes(16).toString('base64url')}` as WriterId,
        sdp: request.body,
        reason: 'start',
        simulation: simulated && request.query.simulation === 'true',
        page: null,
        gone: whenGone(reply),
      });
      if (request.raw.socket.destroyed) void call.hangUp('client_gone');
      else startTalk(call, app);
      return reply
        .code(201)
        .header('location', `/v1/calls/${answer.call_id}`)
        .type(SDP_MEDIA_TYPE)
        .send(answer.sdp);
    },
  );

  app.delete<{ Params: { id: string } }>('/v1/calls/:id', async (request, reply) => {
    const { session } = await enter(app, sessions, request);
    if (session.call?.id !== request.params.id) {
      throw new ProxyError('call_not_found', 'There is no such call. It may have ended already.');
    }
    await session.call.hangUp('candidate_ended');
    return reply.code(204).send();
  });
  done();
}

async function enter(
  app: FastifyInstance,
  sessions: LiveSessions,
  request: FastifyRequest,
): Promise<{ session: LiveSession; simulated: boolean }> {
  const { claims, expired } = await admit(app, request);
  if (expired) throw new ProxyError('token_expired', 'The token has expired. Start again.');
  return { session: sessions.get(claims.sid), simulated: claims.sim === true };
}

function startTalk(call: LiveCall, app: FastifyInstance): void {
  setTimeout(() => {
    if (call.over) return;
    call.connected().catch((error: unknown) => app.log.error({ err: error }, 'talk not started'));
  }, TALK_AFTER_MS).unref();
}
