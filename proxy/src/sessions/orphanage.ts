import type { SessionId } from '@interview/protocol';
import type { FastifyInstance } from 'fastify';
import { LEASE_S } from '../supervision/lease.ts';
import { greet, takeUp } from './greeting.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Services } from './services.ts';

/** Between two looks for calls whose supervisor died, milliseconds. */
const LOOK_MS = 5_000;

/**
 * Takes up calls whose supervisor died, and that no page brings along: a client without a socket, or a candidate who is
 * gone as well, and whose call would go on for nobody.
 */
export function orphanage(
  app: FastifyInstance,
  { sessions, services }: { sessions: LiveSessions; services: Services },
): void {
  const { storage, holder, log } = services;
  const take = (id: SessionId): Promise<void> =>
    sessions.during(id, async (session) => {
      takeUp(session, await greet(session), { writer: null, stays: false });
    });
  const look = async (): Promise<void> => {
    try {
      for (const id of await storage.claimCalls(holder, LEASE_S)) {
        log.info({ session: id }, 'a call without a supervisor is taken up');
        await take(id);
      }
    } catch (error) {
      log.debug({ err: error }, 'calls not looked for');
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  app.addHook('preClose', (done: () => void) => {
    clearInterval(timer);
    done();
  });
}
