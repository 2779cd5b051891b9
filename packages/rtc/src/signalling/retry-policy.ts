/** Milliseconds before each attempt; the last holds for all that follow. */
const steps = [0, 300, 1_200, 2_700, 4_800, 7_000] as const;
/** Spread, so that a thousand pages do not come back in the same instant. */
const JITTER_MS = 1_000;

/** Why the former attempt ended. */
export interface RetryFacts {
  /** 0 for the first attempt after a connection was lost. */
  attempt: number;
  /** At least 0, below 1. */
  random: number;
  /** What the server asked for. */
  retryAfterMs?: number | undefined;
  /** The server is restarting: all its pages come back at once, so even the first attempt is spread. */
  restarting?: boolean | undefined;
}

/**
 * How long to wait before the next attempt, milliseconds. The server's word is a minimum.
 *
 * @example
 * retryDelay({ attempt: 0, random: 0.5 }); // 0: a passing hiccup is mended at once
 */
export function retryDelay({ attempt, random, retryAfterMs, restarting }: RetryFacts): number {
  const step = steps[Math.min(attempt, steps.length - 1)] ?? 0;
  const jitter = attempt > 0 || restarting || retryAfterMs ? random * JITTER_MS : 0;
  return Math.max(step, retryAfterMs ?? 0) + jitter;
}

/** What a close code asks for: another try, a fresh token first, or nothing more. */
export function closeMeaning(code: number): 'retry' | 'renew' | 'refuse' {
  if (code === 4401) return 'renew';
  const final = [4400, 4403, 4404, 4409, 4410, 4422];
  return final.includes(code) ? 'refuse' : 'retry';
}
