import { SESSION_TOKEN_RENEW_AT, SESSION_TOKEN_TTL_S } from '@interview/protocol';

/** A session token and when it came. The wall clock is asked, since timers stand still while a computer sleeps. */
export class HeldToken {
  readonly text: string;
  readonly #now: () => number;
  readonly #since: number;
  readonly #lifeMs: number;

  /** @param now wall clock, milliseconds */
  constructor(text: string, now: () => number) {
    this.text = text;
    this.#now = now;
    this.#since = now();
    this.#lifeMs = tokenLifeMs(text);
  }

  /** Milliseconds until it is to be renewed; 0 or less when it is time. */
  get renewInMs(): number {
    return this.#lifeMs * SESSION_TOKEN_RENEW_AT - this.#ageMs;
  }

  get expired(): boolean {
    return this.#ageMs >= this.#lifeMs;
  }

  /** A clock that was set back tells nothing of the age: then the token counts as old. */
  get #ageMs(): number {
    return Math.abs(this.#now() - this.#since);
  }
}

/**
 * How long a token lives by its own words, milliseconds. The difference of its times is used, so that a wrong clock
 * in the browser does not matter. The signature is the server's business.
 */
function tokenLifeMs(token: string): number {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp, iat } = JSON.parse(atob(payload)) as { exp?: unknown; iat?: unknown };
    if (typeof exp === 'number' && typeof iat === 'number' && exp > iat) return (exp - iat) * 1000;
  } catch {
    // Not a token that we can read: the usual life is assumed.
  }
  return SESSION_TOKEN_TTL_S * 1000;
}
