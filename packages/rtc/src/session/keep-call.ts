import { holdWakeLock } from '../media/wake-lock.ts';
import type { SessionContext } from './context.ts';
import type { LiveCall } from './live-call.ts';
import { rotateBefore } from './rotation.ts';

/** Without a word of the provider: OpenAI ends a session after 60 minutes (its Realtime guide), milliseconds. */
const USUAL_LIFE_MS = 3_600_000;

/**
 * What a live call needs from the page around it, until it is over.
 *
 * @param rotate takes a new call in its place
 */
export function keepCall(
  context: SessionContext,
  call: LiveCall,
  rotate: () => Promise<void>,
): void {
  const { ports, logger, view, joined, machine } = context;
  const { signal } = call;
  holdWakeLock(ports, signal);
  const now = (): number => ports.now() + (joined?.signaller.serverClockOffsetMs ?? 0);
  rotateBefore({
    // Never later than usual, since a clock that is told may be wrong.
    endMs: Math.min(call.endsAtS === null ? Infinity : call.endsAtS * 1000, now() + USUAL_LIFE_MS),
    now,
    quiet: () => view.turn === 'listening',
    rotate: () => {
      if (machine.is('live', 'paused')) void rotate();
    },
    signal,
  });
  watch(context, call).catch((error: unknown) => {
    logger.warn('The quality of the call is not watched.', { error });
  });
}

/** Loaded on demand: a call is as good without it. */
async function watch(context: SessionContext, call: LiveCall): Promise<void> {
  const { watchQuality, coarse } = await import('../quality/quality.ts');
  if (call.signal.aborted) return;
  const { media, view, machine } = context;
  const tellProxy = coarse((message) => context.joined?.signaller.notify(message));
  watchQuality({
    getStats: () => call.getStats(),
    voice: () => ({
      expected:
        media.track !== null && !media.muted && machine.is('live') && view.turn !== 'interviewer',
    }),
    onQuality: (quality) => {
      context.tell('quality', quality);
      tellProxy(quality);
    },
    signal: call.signal,
  });
}
