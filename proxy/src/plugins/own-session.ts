import type { SessionStatus } from '@interview/protocol';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import type { Storage } from '../storage/port.ts';

const LOOK_MS = 5_000;
/** Last replies are on their way for no longer than this. */
const OVER_MS = 30_000;
/** Whoever comes back later than this begins a new machine, with everything that was said. */
const IDLE_MS = 15 * 60_000;

const final: ReadonlySet<SessionStatus> = new Set(['completed', 'abandoned', 'cancelled']);

/**
 * Ends the machine of one session after it: as soon as it is over and nobody is there any more, or when nobody has come
 * for long. The process stops as at any deployment, and Fly does away with the machine.
 */
export const ownSessionPlugin = fp<{
  config: Config;
  sessions: Pick<LiveSessions, 'size'>;
  storage: Pick<Storage, 'sessionBrief'>;
  end?: (() => void) | undefined;
}>(
  (app, { config, sessions, storage, end = stop }, done) => {
    const id = config.isolation?.session ?? null;
    if (id === null) {
      done();
      return;
    }
    let quietSince = Date.now();

    const isOver = async (): Promise<boolean> => {
      const brief = await storage.sessionBrief(id);
      return brief === null || final.has(brief.session.status);
    };
    const look = async (): Promise<void> => {
      if (sessions.size > 0) quietSince = Date.now();
      const quietMs = Date.now() - quietSince;
      if (quietMs < OVER_MS) return;
      // Without the database nobody knows whether it is over.
      const over = quietMs >= IDLE_MS || (await isOver().catch(() => false));
      // Somebody may have come while the database was asked.
      if (!over || sessions.size > 0) return;
      clearInterval(timer);
      app.log.info({ session: id }, 'the session of this machine is over');
      end();
    };
    let looking = false;
    const timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void look().finally(() => (looking = false));
    }, LOOK_MS).unref();
    app.addHook('onClose', () => clearInterval(timer));
    done();
  },
  { name: 'own-session' },
);

/** As Fly would ask for it. */
function stop(): void {
  process.kill(process.pid, 'SIGTERM');
}
