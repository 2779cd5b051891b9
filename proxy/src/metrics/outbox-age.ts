/** A writer that has not tried again for so long is gone, with its page or process, milliseconds. */
const FORGET_MS = 120_000;

/** How long rows of transcripts have waited for the database, by who writes them. */
export class OutboxAge {
  /** In the order of their last attempts. Unix times, milliseconds. */
  readonly #waiting = new Map<string, { since: number; tried: number }>();

  /** A writer asks to store rows. */
  tried(writer: string, now = Date.now()): void {
    const since = this.#waiting.get(writer)?.since ?? now;
    this.#waiting.delete(writer);
    this.#waiting.set(writer, { since, tried: now });
    this.#forget(now);
  }

  /** Nothing of that writer waits any more. */
  settled(writer: string): void {
    this.#waiting.delete(writer);
  }

  /** Of what waits longest, milliseconds; 0 where nothing waits. */
  oldest(now = Date.now()): number {
    this.#forget(now);
    return Math.max(0, ...[...this.#waiting.values()].map(({ since }) => now - since));
  }

  #forget(now: number): void {
    for (const [writer, { tried }] of this.#waiting) {
      if (now - tried < FORGET_MS) return;
      this.#waiting.delete(writer);
    }
  }
}
