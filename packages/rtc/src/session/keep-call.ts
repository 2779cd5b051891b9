import { holdWakeLock } from '../media/wake-lock.ts';
import { coarse, watchQuality } from '../quality/quality.ts';
import type { SessionContext } from './context.ts';
import type { LiveCall } from './live-call.ts';
import { rotateBefore } from './rotation.ts';
import { tellMuted } from './trouble.ts';

/** Without a word of the provider: OpenAI ends a session after 60 minutes (its Realtime guide), milliseconds. */
const USUAL_LIFE_MS = 3_600_000;

/**
 * Makes a call that is live pleasanter, until it is over: the screen stays on, its quality is told, and a new one takes
 * its place before the provider ends it. Loaded once a call is live, since a talk is possible without.
 *
 * @param rotate takes a new call in its place
 */
export function keepCall(context: SessionContext, call: LiveCall, rotate: () => void): void {
  const { ports, view, joined, machine, media } = context;
  const { signal } = call;
  if (signal.aborted) return;
  holdWakeLock(ports, signal);
  const now = (): number => ports.now() + (joined?.signaller.serverClockOffsetMs ?? 0);
  rotateBefore({
    // Never later than usual, since a clock that is told may be wrong.
    endMs: Math.min(call.endsAtS === null ? Infinity : call.endsAtS * 1000, now() + USUAL_LIFE_MS),
    now,
    quiet: () => view.turn === 'listening',
    rotate,
    signal,
  });
  if (media.muted) tellMuted(context);
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
    signal,
  });
}
