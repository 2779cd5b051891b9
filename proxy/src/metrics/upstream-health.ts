import type { Outcome } from './meter.ts';

/** Refusals that say nothing of the provider: the offer was bad. */
const notItsFault = new Set<Outcome>(['ok', 'invalid_offer']);

/** How the provider answered last, as calls tell; it is never asked for this alone, since that would cost. */
export interface UpstreamReport {
  state: 'untried' | 'ok' | 'failing';
  outcome: Outcome | null;
  /** Unix time, milliseconds; null before the first call. */
  at: number | null;
}

/** Remembers how the provider answered the last offer. */
export class UpstreamHealth {
  #report: UpstreamReport = { state: 'untried', outcome: null, at: null };

  answered(outcome: Outcome, now = Date.now()): void {
    const state = notItsFault.has(outcome) ? 'ok' : 'failing';
    this.#report = { state, outcome, at: now };
  }

  get report(): UpstreamReport {
    return this.#report;
  }
}
