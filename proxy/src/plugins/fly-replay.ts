import type { SessionClaims } from '@interview/protocol';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config, Isolation } from '../config.ts';
import { ProxyError } from '../proxy-error.ts';
import { isDelivery } from '../sessions/messages.ts';
import { tokenOf } from './auth.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * For a token that came too late for a replay.
     *
     * @throws {ProxyError} `machine_gone` where its session is held elsewhere
     */
    checkMachine: (claims: SessionClaims) => void;
  }
}

/** Fly tries to reach the machine for so long. One that lives answers at once. */
const REPLAY_TIMEOUT = '5s';

/**
 * Hands requests to the machine that holds their session, before any upgrade and any work
 * (fly.io/docs/networking/dynamic-request-routing). What can't be handed over comes back, and is answered
 * `machine_gone`: the page repeats its start and is given a new machine. Rows of a talk that was are taken anyway, since
 * no machine holds what the database lacks.
 */
export const flyReplayPlugin = fp<{ config: Config }>(
  (app, { config: { isolation } }, done) => {
    const isElsewhere = ({ ins }: SessionClaims): boolean =>
      isolation !== null && ins !== undefined && ins !== isolation.machineId;
    app.decorate('checkMachine', (claims: SessionClaims) => {
      if (isElsewhere(claims)) throw machineGone();
    });
    if (isolation === null) {
      done();
      return;
    }

    const stranded = new WeakSet<FastifyRequest>();
    // Behind every `onRequest`, where an upgrade is known as such, and before any body is read.
    app.addHook('preParsing', async (request, reply) => {
      const claims = await claimsOf(request);
      if (claims?.ins === undefined || !isElsewhere(claims)) return;
      // A request is replayed once: neither from a machine to the next, nor again after it came back.
      if (wasReplayed(request)) stranded.add(request);
      else {
        const status = 409;
        await reply.code(status).header('fly-replay', replayTo(claims.ins, isolation)).send();
      }
    });
    app.addHook('preHandler', (request, _reply, next) => {
      if (stranded.has(request) && !isDelivery(request.body)) throw machineGone();
      next();
    });
    done();
  },
  { name: 'fly-replay', dependencies: ['auth'] },
);

/** What a token says, once its signature was checked; null where the route will say what is wrong with it. */
async function claimsOf(request: FastifyRequest): Promise<SessionClaims | null> {
  const token = tokenOf(request.headers);
  if (token === null) return null;
  return request.server.sessionTokens.verify(token).then(
    ({ claims }) => claims,
    () => null,
  );
}

function wasReplayed({ headers }: FastifyRequest): boolean {
  return headers['fly-replay-failed'] !== undefined || headers['fly-replay-src'] !== undefined;
}

function replayTo(machine: string, { machineApp }: Isolation): string {
  const app = machineApp === null ? [] : [`app=${machineApp}`];
  return [...app, `instance=${machine}`, `timeout=${REPLAY_TIMEOUT}`, 'fallback=force_self'].join(
    ';',
  );
}

function machineGone(): ProxyError {
  return new ProxyError('machine_gone', 'The room of this interview is closed. Start again.');
}
