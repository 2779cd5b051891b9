import { ProxyError } from '../proxy-error.ts';

/** A key that was refused is asked last for so long: the newest may not be known everywhere yet, milliseconds. */
const SET_ASIDE_MS = 5 * 60_000;

/** A refusal of the key itself: nothing was done, so that another key may be tried. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
}

/** Which key was refused, counted from 1. The key itself is told to nobody. */
export interface RefusedKey {
  number: number;
  of: number;
}

/** The keys of one provider project while they are rotated. */
export class ApiKeys {
  readonly #keys: readonly string[];
  readonly #alarm: (refused: RefusedKey) => void;
  /** Keys that were refused, and until when they are asked last. */
  readonly #setAside = new Map<string, number>();

  /** @param keys newest first */
  constructor(keys: readonly string[], alarm: (refused: RefusedKey) => void = () => undefined) {
    this.#keys = keys;
    this.#alarm = alarm;
  }

  /**
   * Does something with the newest key that works. Only a `KeyRefused` moves on to the next one: after any other
   * failure what was asked for may have been done.
   *
   * @throws {ProxyError} `upstream_auth` when every key is refused
   */
  async with<T>(attempt: (key: string) => Promise<T>): Promise<T> {
    let refused: KeyRefused | undefined;
    for (const key of this.#inOrder()) {
      try {
        const done = await attempt(key);
        this.#setAside.delete(key);
        return done;
      } catch (error) {
        if (!(error instanceof KeyRefused)) throw error;
        refused = error;
        this.#refuse(key);
      }
    }
    throw new ProxyError('upstream_auth', 'The interviewer is not set up rightly. Tell support.', {
      cause: refused?.cause,
    });
  }

  #inOrder(): readonly string[] {
    const now = Date.now();
    const isAside = (key: string): boolean => (this.#setAside.get(key) ?? 0) > now;
    return [
      ...this.#keys.filter((key) => !isAside(key)),
      ...this.#keys.filter((key) => isAside(key)),
    ];
  }

  #refuse(key: string): void {
    this.#setAside.set(key, Date.now() + SET_ASIDE_MS);
    this.#alarm({ number: this.#keys.indexOf(key) + 1, of: this.#keys.length });
  }
}
