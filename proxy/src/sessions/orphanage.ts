import type { SessionId } from '@interview/protocol';
import type { FastifyInstance } from 'fastify';
import type { Isolation } from '../config.ts';
import { LEASE_S } from '../supervision/lease.ts';
import { greet, takeUp } from './greeting.ts';
import { hangUpOwed } from './hang-up.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Services } from './services.ts';

/** Between two looks for calls whose supervisor died, milliseconds. */
const LOOK_MS = 5_000;
/**
 * After the database was away, supervisors that live are left so long to renew their leases, milliseconds: they try every
 * 3 s, and may be waiting up to 10 s for an answer that never comes.
 */
const GRACE_MS = 15_000;

/**
 * Takes up calls whose supervisor died, and that no page brings along: a client without a socket, or a candidate who is
 * gone as well, and whose call would go on for nobody. Those that nobody can take up are hung up. A machine of one
 * session takes that one's alone, and the gateways before such machines take none, but hang up for those that are gone.
 */
export function orphanage(
  app: FastifyInstance,
  made: { sessions: LiveSessions; services: Services; isolation: Isolation | null },
): void {
  const { sessions, services, isolation } = made;
  const { storage, holder, log, drain } = services;
  const session = isolation?.session ?? null;
  const isGateway = isolation !== null && session === null;
  const startedAt = Date.now();
  let failedAt = -Infinity;
  let looking = false;
  const take = async (id: SessionId): Promise<void> => {
    log.info({ session: id }, 'a call without a supervisor is taken up');
    try {
      await sessions.during(id, async (one) => {
        takeUp(one, await greet(one), { writer: null, stays: false });
      });
    } catch (error) {
      log.warn({ err: error, session: id }, 'call not taken up');
    }
  };
  const claim = async (): Promise<void> => {
    const { held } = sessions;
    const claimed = await storage.claimCalls({ holder, seconds: LEASE_S, session, held });
    await Promise.all(claimed.map(take));
  };
  const work = async (): Promise<void> => {
    if (!isGateway) await claim();
    // Whoever has just started can't tell whether the database was away, and who lives is about to renew a lease.
    if (Date.now() - startedAt >= GRACE_MS) {
      await hangUpOwed(services, { session, held: sessions.held });
    }
  };
  const look = async (): Promise<void> => {
    if (looking || drain.begun) return;
    looking = true;
    try {
      await (Date.now() - failedAt < GRACE_MS ? storage.check() : work());
    } catch (error) {
      failedAt = Date.now();
      log.debug({ err: error }, 'calls not looked for');
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  app.addHook('preClose', (done: () => void) => {
    clearInterval(timer);
    done();
  });
}
