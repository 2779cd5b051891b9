/** The clock that the conversation lives by; tests give their own. */
export interface Timers {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Runs `action` after `ms`; the returned function prevents it. */
  after(ms: number, action: () => void): () => void;
}

/** The machine's clock. Its timers stop when `stop` is called, so that an ended call leaves nothing behind. */
export function realTimers(): Timers & { stop(): void } {
  const pending = new Set<NodeJS.Timeout>();
  return {
    now: () => performance.now(),
    after(ms, action) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        action();
      }, ms);
      pending.add(timer);
      return () => {
        clearTimeout(timer);
        pending.delete(timer);
      };
    },
    stop() {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
