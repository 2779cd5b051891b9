import { ProxyError } from '../proxy-error.ts';

/** Pages of one session; after a few reloads the earlier ones are found to be gone. */
const MOST = 32;
const RETRY_MS = 20_000;

/** Bounds the pages of one session, whichever door they came by. */
export class Seats {
  #taken = 0;

  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes one, before anything is waited for: pages that come at once are counted as well. Returns what gives it back.
   *
   * @throws {ProxyError} `rate_limited`
   */
  take(): () => void {
    if (this.#taken >= MOST) {
      throw new ProxyError('rate_limited', 'Too many windows are open. Close some.', {
        retryAfterMs: RETRY_MS,
      });
    }
    this.#taken += 1;
    let given = false;
    return () => {
      if (!given) this.#taken -= 1;
      given = true;
    };
  }
}
