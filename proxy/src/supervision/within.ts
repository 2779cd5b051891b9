/**
 * A signal that gives up after `ms` milliseconds, or when `stop` does. Call `end` when nothing listens any more. What
 * `AbortSignal.any` and `AbortSignal.timeout` leave to the garbage collector is a good part of the cost of a call.
 */
export function within(ms: number, stop: AbortSignal): { signal: AbortSignal; end: () => void } {
  const over = new AbortController();
  const giveUp = (): void => over.abort();
  const timer = setTimeout(giveUp, ms).unref();
  stop.addEventListener('abort', giveUp, { once: true });
  if (stop.aborted) giveUp();
  return {
    signal: over.signal,
    end: () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', giveUp);
    },
  };
}
