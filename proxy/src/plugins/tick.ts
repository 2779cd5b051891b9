import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import type { Storage } from '../storage/port.ts';

/** Ticks of many proxies spread by themselves: each waits this share of the interval, at the least and at the most. */
const [SHORTEST, LONGEST] = [0.8, 1.2];

/**
 * Every proxy works off what is due; hosted projects may have a scheduler besides, or instead (`TICK_INTERVAL_S=0`). The
 * machine of one session does nothing for others.
 */
export const tickPlugin = fp<{ config: Config; storage: Storage }>(
  (app, { config: { tickIntervalMs, isolation }, storage }, done) => {
    const ofOneSession = isolation !== null && isolation.session !== null;
    let timer: NodeJS.Timeout | undefined;
    let closed = false;
    let failing = false;
    const tick = async (): Promise<void> => {
      try {
        await storage.tick();
        if (failing) app.log.info('the processor answers again');
        failing = false;
      } catch (error) {
        // Said once; it is counted each time.
        if (!failing) app.log.warn({ err: error }, 'the processor does not answer');
        failing = true;
      }
    };
    // One after the other, so that a slow one is never overtaken by the next.
    const next = (): void => {
      if (closed) return;
      const ms = tickIntervalMs * (SHORTEST + Math.random() * (LONGEST - SHORTEST));
      timer = setTimeout(() => void tick().then(next), ms).unref();
    };
    if (tickIntervalMs > 0 && !ofOneSession) next();
    app.addHook('onClose', () => {
      closed = true;
      clearTimeout(timer);
    });
    done();
  },
  { name: 'tick' },
);
