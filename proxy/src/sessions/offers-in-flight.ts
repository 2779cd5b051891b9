import { ProxyError } from '../proxy-error.ts';

/** An answer takes about a second; by then some of the offers of before are through. */
const RETRY_MS = 2_000;

/** Bounds the offers that are worked on at a time: a queue would only hide from a page that it waits in vain. */
export class OffersInFlight {
  readonly #most: number;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Works on one more.
   *
   * @throws {ProxyError} `capacity`, at once
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count >= this.#most) {
      throw new ProxyError('capacity', 'Too many interviews begin just now. Try again shortly.', {
        retryAfterMs: RETRY_MS,
      });
    }
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
    }
  }
}
