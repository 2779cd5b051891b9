import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Call } from './call.ts';
import type { SessionPatch } from './conversation/session-schema.ts';
import { newSession } from './conversation/session.ts';
import { readOfferRequest } from './offer-request.ts';
import { readOffer } from './peer/offer.ts';
import { RequestError } from './request-error.ts';
import type { Fault } from './scenario.ts';
import type { SimulatorState } from './state.ts';

/** Subprotocol by which pages that can't set headers hand over their key. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

/** The endpoints of the Realtime API. */
export function realtimeRoutes(app: FastifyInstance, state: SimulatorState): void {
  app.post('/v1/realtime/calls', (request, reply) => openCall(state, request, reply));
  // The shape that the beta had; it is gone from the real service, and kept here for older clients.
  app.post('/v1/realtime', (request, reply) => openCall(state, request, reply));
  app.post('/v1/realtime/client_secrets', (request) => {
    state.secrets.check(bearer(request));
    return state.secrets.create(request.body);
  });
  app.post<{ Params: { id: string } }>('/v1/realtime/calls/:id/hangup', (request, reply) => {
    state.secrets.check(bearer(request));
    state.calls.live(request.params.id).end();
    return reply.code(200).send();
  });
  sideband(app, state);
}

function sideband(app: FastifyInstance, state: SimulatorState): void {
  app.route<{ Querystring: { call_id?: string } }>({
    method: 'GET',
    url: '/v1/realtime',
    // Refused before the upgrade, so that the client gets a status and not a closed socket.
    preValidation: (request, _reply, done) => {
      state.secrets.check(bearer(request));
      state.calls.live(callIdOf(request.query));
      done();
    },
    handler: () => {
      throw new RequestError('invalid_request', 'This address takes WebSocket connections.', {
        status: 426,
      });
    },
    wsHandler: (socket, request) => {
      try {
        state.calls.live(callIdOf(request.query)).attach(socket);
      } catch {
        socket.close(1000, 'Call ended');
      }
    },
  });
}

function callIdOf(query: { call_id?: string }): string {
  if (query.call_id !== undefined && query.call_id !== '') return query.call_id;
  throw new RequestError('missing_required_parameter', "Missing required parameter: 'call_id'.", {
    param: 'call_id',
  });
}

async function openCall(
  state: SimulatorState,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const ofToken = state.secrets.check(bearer(request));
  const { sdp, session } = await readOfferRequest(request);
  const offer = readOffer(sdp);
  const { faults, nextTurn } = state.scenario.nextCall();
  await suffer(faults, reply);
  const { scenario } = state.scenario;
  const call = new Call({
    offer,
    session: newSession(session ?? ofToken ?? sessionOfQuery(request.query), lifeUnder(faults)),
    scenario,
    nextTurn,
    faults,
    speech: state.speechFor(scenario),
    ...(state.bindAddress === undefined ? {} : { bindAddress: state.bindAddress }),
  });
  try {
    const answer = await call.answer();
    state.calls.add(call);
    return await reply
      .code(201)
      .header('location', `/v1/realtime/calls/${call.id}`)
      .type('application/sdp')
      .send(answer);
  } catch (error) {
    call.end();
    throw error;
  }
}

/** How long a session lives under these faults. */
function lifeUnder(faults: readonly Fault[]): { lifeS?: number } {
  const expiry = faults.find((fault) => fault.kind === 'expire');
  return expiry ? { lifeS: expiry.after_s } : {};
}

/** The beta named the model in the address; it still does no harm. */
function sessionOfQuery(query: unknown): SessionPatch {
  const named =
    typeof query === 'object' && query !== null && 'model' in query ? query.model : null;
  return typeof named === 'string' ? { type: 'realtime', model: named } : { type: 'realtime' };
}

/** Lets the faults of a call's beginning happen. */
async function suffer(faults: readonly Fault[], reply: FastifyReply): Promise<void> {
  for (const fault of faults) {
    if (fault.kind === 'slow_answer') {
      await new Promise((resolve) => setTimeout(resolve, fault.delay_ms));
    }
    if (fault.kind !== 'http_status') continue;
    if (fault.retry_after_s !== undefined) reply.header('retry-after', fault.retry_after_s);
    throw new RequestError(fault.code, `The scenario answers with ${fault.status}.`, {
      status: fault.status,
      type: fault.status === 429 ? fault.code : 'server_error',
    });
  }
}

/** The token of a request: header, or a WebSocket subprotocol. */
function bearer(request: FastifyRequest): string | null {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) return token;
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',');
  const protocol = protocols.map((one) => one.trim()).find((one) => one.startsWith(KEY_PROTOCOL));
  return protocol?.slice(KEY_PROTOCOL.length) ?? null;
}
