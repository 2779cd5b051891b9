import type { RealtimeResponse, RealtimeServerEvent } from '@interview/protocol';

/**
 * A response that came to nothing is asked for again after so many milliseconds, once for each; then nobody asks any
 * more. Our choice: a provider that stumbles is back by then, and a candidate has waited long enough for one that is not.
 */
const AGAIN_MS = [1_000, 2_000, 4_000];
/** A limit of the provider's is not waited for any longer than this, milliseconds. */
const LIMIT_MS = 10_000;
/** Codes of what does not pass by itself. */
const LASTING = new Set(['insufficient_quota', 'invalid_api_key', 'session_expired']);

/** How long to wait before a response is asked for again. */
export class Retries {
  /** When the limits that are used up are free again, Unix time in milliseconds. */
  #freeAt = 0;

  handle(event: RealtimeServerEvent, now: number): void {
    if (event.type !== 'rate_limits.updated') return;
    const spent = event.limits.filter(({ remaining }) => remaining <= 0);
    this.#freeAt = now + 1_000 * Math.max(0, ...spent.map(({ resetSeconds }) => resetSeconds));
  }

  /** `failures`: how often it came to nothing; `code`: why. Returns milliseconds, or null: no more. */
  after(failures: number, code: string | null, now: number): number | null {
    const wait = AGAIN_MS[failures - 1];
    if (wait === undefined || (code !== null && LASTING.has(code))) return null;
    return Math.max(wait, Math.min(this.#freeAt - now, LIMIT_MS));
  }
}

/** Nothing was said in it, and no tool called. What was stopped is not meant: somebody wanted that. */
export function cameToNothing({ status, output }: RealtimeResponse): boolean {
  if (status === null || status === 'cancelled') return false;
  const calls = output.filter(
    ({ kind, status: end }) => kind === 'function_call' && end !== 'incomplete',
  );
  if (calls.length > 0) return false;
  // What failed is said again from the beginning, however much of it there was.
  return status === 'failed' || output.every(({ content }) => content.length === 0);
}
