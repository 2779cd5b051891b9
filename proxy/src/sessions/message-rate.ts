const WINDOW_MS = 10_000;
/** An honest page sends a few messages a second at most, and few have more than two: rows as they are spoken, a ping, what a button does. */
const TAKEN = 400;
/** Whoever goes on in spite of refusals is no page. */
const SUFFERED = 2_000;

/** Counts the messages of one session's sockets, or of one socket before it has shown whose it is. */
export class MessageRate {
  #since = 0;
  #count = 0;

  /** Counts one more: whether it is taken, refused, or too much to go on. `now`: milliseconds. */
  next(now: number): 'taken' | 'refused' | 'flood' {
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= TAKEN) return 'taken';
    return this.#count <= SUFFERED ? 'refused' : 'flood';
  }

  /** Until messages are taken again, milliseconds. */
  waitMs(now: number): number {
    return Math.max(this.#since + WINDOW_MS - now, 0);
  }
}
