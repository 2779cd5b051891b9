import type { IncomingMessage } from 'node:http';
import websocket from '@fastify/websocket';
import { MAX_MESSAGE_BYTES, SUBPROTOCOL } from '@interview/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { countAnswer } from '../metrics/meter.ts';
import { admitWith, checkOrigin, speaksOurs, tokenOf } from '../plugins/auth.ts';
import { keepAlive } from '../plugins/keep-alive.ts';
import { ProxyError } from '../proxy-error.ts';
import { CandidateSocket } from '../sessions/candidate-socket.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import type { VerifiedToken } from '../sessions/session-token.ts';
import { writerOf, type PageQuery } from './page-query.ts';

/** A peer that has not answered a ping by the next one is gone. */
const HEARTBEAT_MS = 20_000;
/** A peer that does not answer a close is cut off after this, milliseconds: no stop waits longer for it. */
const CLOSE_MS = 2_000;
/** Sent before a stop, so that pages come back spread over some seconds. */
const DRAIN_RETRY_MS = 1_000;

/** Apart from where it is used, since the types of ws do not know its `closeTimeout` yet. */
const serverOptions = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  closeTimeout: CLOSE_MS,
  handleProtocols: (offered: ReadonlySet<string>) =>
    offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false,
};

/** True for what may become a candidate's socket; every other wish for another protocol is a plain request. */
export function isForSocket({ method, url }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return method === 'GET' && /^\/ws(\?|$)/.test(url ?? '');
}

/** `GET /ws`: the candidate's socket. Whoever may not have one is refused before the upgrade. */
export async function socketRoute(
  app: FastifyInstance,
  { config, sessions }: { config: Config; sessions: LiveSessions },
): Promise<void> {
  await app.register(websocket, {
    options: serverOptions,
    errorHandler: (error, socket, request) => {
      request.log.info({ err: error }, 'socket failed');
      socket.terminate();
    },
    preClose(done) {
      for (const client of this.websocketServer.clients) {
        client.send(JSON.stringify({ type: 'drain', retry_after_ms: DRAIN_RETRY_MS }));
        client.close(1012, 'draining');
      }
      done();
    },
  });
  app.meter.countSockets(() => app.websocketServer.clients.size);
  app.addHook('onClose', keepAlive(app.websocketServer, HEARTBEAT_MS));
  const admitted = new WeakMap<FastifyRequest, VerifiedToken>();
  app.route<{ Querystring: PageQuery }>({
    method: 'GET',
    url: '/ws',
    preValidation: async (request) => {
      if (request.ws) writerOf(request.query);
      const token = await admit(app, config, request);
      if (token) admitted.set(request, token);
    },
    handler: () => {
      throw new ProxyError('bad_request', `Open a WebSocket with the protocol ${SUBPROTOCOL}.`);
    },
    wsHandler: (socket, request) => {
      new CandidateSocket({
        socket,
        sessions,
        tokens: app.sessionTokens,
        token: admitted.get(request) ?? null,
        checkOrigin: (claims) => {
          checkOrigin(request.headers.origin, claims.org);
          app.checkMachine(claims);
        },
        writer: writerOf(request.query),
        wantsSimulation: request.query.simulation === 'true',
        log: request.log,
        drain: app.drain,
        sent: (message) => countAnswer(app.meter, message),
      });
    },
  });
}

/** Before the 101: with a token its list of origins counts, without one that of the server. */
async function admit(
  app: FastifyInstance,
  config: Config,
  request: FastifyRequest,
): Promise<VerifiedToken | null> {
  if (!request.ws) return null;
  if (!speaksOurs(request.headers)) {
    throw new ProxyError('bad_request', `Ask for the subprotocol ${SUBPROTOCOL}.`);
  }
  const token = tokenOf(request.headers);
  if (token === null) {
    checkOrigin(request.headers.origin, [...config.allowedOrigins]);
    return null;
  }
  return admitWith(app, request, token);
}
