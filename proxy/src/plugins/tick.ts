import { setTimeout as wait } from 'node:timers/promises';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import type { Storage } from '../storage/port.ts';

/** Ticks of many proxies spread by themselves: each waits this share of the interval, at the least and at the most. */
const [SHORTEST, LONGEST] = [0.8, 1.2];

/** Every proxy works off what is due; hosted projects may have a scheduler besides, or instead (`TICK_INTERVAL_S=0`). */
export const tickPlugin = fp<{ config: Config; storage: Storage }>(
  (app, { config, storage }, done) => {
    const stop = new AbortController();
    app.addHook('onClose', () => stop.abort());
    if (config.tickIntervalMs > 0) {
      const failing = { since: 0 };
      const tick = async (): Promise<void> => {
        try {
          await storage.tick();
          if (failing.since > 0) app.log.info('the processor answers again');
          failing.since = 0;
        } catch (error) {
          // Once is enough: it is counted each time.
          if (failing.since === 0) app.log.warn({ err: error }, 'the processor does not answer');
          failing.since ||= Date.now();
        }
      };
      void run(tick, config.tickIntervalMs, stop.signal);
    }
    done();
  },
  { name: 'tick' },
);

/** One after the other, so that a slow one is never overtaken by the next. */
async function run(
  tick: () => Promise<void>,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const ms = intervalMs * (SHORTEST + Math.random() * (LONGEST - SHORTEST));
    await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    await tick();
  }
}
