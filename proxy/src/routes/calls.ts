import { randomUUID } from 'node:crypto';
import {
  MAX_OFFER_BYTES,
  SDP_MEDIA_TYPE,
  type SessionClaims,
  type WriterId,
} from '@interview/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admit } from '../plugins/auth.ts';
import { sendRefusal } from '../plugins/errors.ts';
import { ProxyError } from '../proxy-error.ts';
import { findCall } from '../sessions/find-call.ts';
import type { LiveCall } from '../sessions/live-call.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import { placeCall } from '../sessions/place-call.ts';
import { whenGone } from './when-gone.ts';

/** Clients of this door can't say that they are connected; the talk starts by itself after this. */
const TALK_AFTER_MS = 3_000;
/** What `PATCH` brings (RFC 8840 §9). */
const FRAGMENT_MEDIA_TYPE = 'application/trickle-ice-sdpfrag';

type OfferRequest = FastifyRequest<{ Querystring: { simulation?: string } }>;
type CallRequest = FastifyRequest<{ Params: { id: string } }>;

/** `/v1/calls` and `/v1/calls/<id>`: the endpoint and the sessions of RFC 9725, an offer for an answer without a socket. */
export function callRoutes(
  app: FastifyInstance,
  { sessions }: { sessions: LiveSessions },
  done: () => void,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    [SDP_MEDIA_TYPE, FRAGMENT_MEDIA_TYPE],
    { parseAs: 'string', bodyLimit: MAX_OFFER_BYTES },
    (_request, body, parsed) => parsed(null, body),
  );
  endpoint(app, sessions);
  resource(app, sessions);
  done();
}

function endpoint(app: FastifyInstance, sessions: LiveSessions): void {
  app.post('/v1/calls', async (request: OfferRequest, reply) => {
    const claims = await enter(app, request);
    const sdp = bodyOf(request, SDP_MEDIA_TYPE, 'the offer');
    if (hasOtherMedia(sdp)) {
      const refusal = new ProxyError(
        'invalid_offer',
        'The offer must have one audio and no video.',
      );
      return sendRefusal(refusal, request, reply, 406);
    }
    const { call, answer } = await sessions.during(claims.sid, (session) =>
      placeCall(session, {
        id: request.id,
        writer: `b_${randomUUID()}` as WriterId,
        sdp,
        reason: 'start',
        simulation: claims.sim === true && request.query.simulation === 'true',
        page: null,
        gone: whenGone(reply),
      }),
    );
    if (request.raw.socket.destroyed) void call.hangUp('client_gone');
    else startTalk(call, app);
    return reply
      .code(201)
      .header('location', `/v1/calls/${answer.call_id}`)
      .header('etag', entityTagOf(answer.call_id))
      .type(SDP_MEDIA_TYPE)
      .send(answer.sdp);
  });

  // Preflights pass on to here, so that one answer serves browsers and others.
  const config = { cors: { preflightContinue: true, strictPreflight: false } };
  app.options('/v1/calls', { config }, (_request, reply) =>
    reply.header('accept-post', SDP_MEDIA_TYPE).header('allow', 'OPTIONS, POST').send(),
  );
  onlyTakes(app, '/v1/calls', ['OPTIONS', 'POST']);
}

function resource(app: FastifyInstance, sessions: LiveSessions): void {
  app.delete('/v1/calls/:id', async (request: CallRequest, reply) => {
    const { sid } = await enter(app, request);
    const call = await sessions.during(sid, (session) => findCall(session, request.params.id));
    await call.hangUp('candidate_ended');
    return reply.code(204).send();
  });

  app.patch('/v1/calls/:id', async (request: CallRequest, reply) => {
    const { sid } = await enter(app, request);
    const fragment = bodyOf(request, FRAGMENT_MEDIA_TYPE, 'candidates');
    const { id } = await sessions.during(sid, (session) => findCall(session, request.params.id));
    if (!/^([am]=[^\r\n]*\r?\n)+$/.test(fragment)) {
      throw new ProxyError('bad_request', 'This is no SDP fragment: lines of a= and m= only.');
    }
    const match = request.headers['if-match'];
    if (match === undefined) {
      const missing = new ProxyError('bad_request', 'Send If-Match with the ETag of the answer.');
      return sendRefusal(missing, request, reply, 428);
    }
    if (match === '*' || match === '"*"') {
      throw new ProxyError('unsupported', 'ICE can not be restarted. Make a new call.');
    }
    if (match !== entityTagOf(id)) {
      const other = new ProxyError('bad_request', 'If-Match is not the ETag of this call.');
      return sendRefusal(other, request, reply, 412);
    }
    // Nothing is passed on: every provider's own candidates are public and in its answer, and it learns the client's
    // from the client's checks (RFC 8445 §7.3.1.3).
    return reply.code(204).send();
  });
  onlyTakes(app, '/v1/calls/:id', ['DELETE', 'OPTIONS', 'PATCH']);
}

/** Refuses every other method, as RFC 9725 §4.2 wants it. */
function onlyTakes(app: FastifyInstance, url: string, taken: readonly string[]): void {
  const method = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !taken.includes(one));
  app.route({
    method,
    url,
    // Before the body is looked at, whatever its type.
    onRequest: async (request, reply) => {
      const refusal = new ProxyError('method_not_allowed', `Only ${taken.join(', ')} work here.`);
      await sendRefusal(refusal, request, reply.header('allow', taken.join(', ')));
    },
    handler: () => undefined,
  });
}

async function enter(app: FastifyInstance, request: FastifyRequest): Promise<SessionClaims> {
  const { claims, expired } = await admit(app, request);
  if (expired) throw new ProxyError('token_expired', 'The token has expired. Start again.');
  return claims;
}

function bodyOf({ body, headers }: FastifyRequest, type: string, what: string): string {
  const given = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (typeof body === 'string' && given === type) return body;
  throw new ProxyError('unsupported_media_type', `Send ${what} as ${type}.`);
}

/** Tracks that no interviewer takes; RFC 9725 §4.4.2 has a status of its own for them. */
function hasOtherMedia(sdp: string): boolean {
  return /^m=video /m.test(sdp) || (sdp.match(/^m=audio /gm) ?? []).length > 1;
}

function entityTagOf(id: string): string {
  return `"${id}"`;
}

function startTalk(call: LiveCall, app: FastifyInstance): void {
  setTimeout(() => {
    if (call.over) return;
    call.connected().catch((error: unknown) => app.log.error({ err: error }, 'talk not started'));
  }, TALK_AFTER_MS).unref();
}
