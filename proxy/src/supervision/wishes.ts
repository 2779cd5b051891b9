import type { WantedResponse } from './wanted-response.ts';

/** Something that is wanted, however often it has to be asked for. */
export interface Wish {
  readonly wanted: WantedResponse;
  /** How often it came to nothing. */
  failures: number;
  /** `begun`: it is being said, or was; `cut`: nobody wants it any more. */
  state: 'open' | 'begun' | 'cut';
  /** It was asked for before a gap in the events, and may have begun in it. */
  doubted: boolean;
}

/** What is wanted of the model and what became of it. Each wish is one, so that nothing is said twice. */
export class Wishes {
  #waiting: Wish[] = [];
  /** Asked for, and not known to have begun or to have been refused. */
  readonly #byMark = new Map<string, Wish>();
  readonly #byResponse = new Map<string, Wish>();

  add(wanted: WantedResponse): Wish {
    const wish: Wish = { wanted, failures: 0, state: 'open', doubted: false };
    this.#waiting.push(wish);
    return wish;
  }

  /** It waits again, before all others. */
  putBack(wish: Wish): void {
    wish.state = 'open';
    this.#waiting.unshift(wish);
  }

  /** Takes out the first that may be asked for now. */
  next(may: (wanted: WantedResponse) => boolean): Wish | null {
    const at = this.#waiting.findIndex(({ wanted }) => may(wanted));
    const [wish] = at === -1 ? [] : this.#waiting.splice(at, 1);
    return wish ?? null;
  }

  waiting(which: (wanted: WantedResponse) => boolean = () => true): Wish[] {
    return this.#waiting.filter(({ wanted }) => which(wanted));
  }

  /** These do not wait any more. */
  forget(wishes: Iterable<Wish>): void {
    const gone = new Set(wishes);
    this.#waiting = this.#waiting.filter((wish) => !gone.has(wish));
  }

  /** Nobody wants what waits, what was asked for, or what runs. */
  cut(responseId: string | null): void {
    this.#waiting = [];
    const running = responseId === null ? undefined : this.#byResponse.get(responseId);
    for (const wish of [...this.#byMark.values(), ...(running ? [running] : [])])
      wish.state = 'cut';
  }

  /** It is asked for under this mark. */
  mark(nonce: string, wish: Wish): void {
    this.#byMark.set(nonce, wish);
  }

  marked(nonce: string | undefined): Wish | null {
    return nonce === undefined ? null : (this.#byMark.get(nonce) ?? null);
  }

  unmark(nonce: string): void {
    this.#byMark.delete(nonce);
  }

  /** This response is what was wanted. */
  assign(responseId: string, wish: Wish): void {
    this.#byResponse.set(responseId, wish);
  }

  /** It is not, as it turned out. */
  unassign(responseId: string | null): void {
    if (responseId !== null) this.#byResponse.delete(responseId);
  }

  of(responseId: string): Wish | null {
    return this.#byResponse.get(responseId) ?? null;
  }

  /** It is being said, so that it need not be asked for. */
  begin(wish: Wish): void {
    if (wish.state === 'open') wish.state = 'begun';
    this.forget([wish]);
  }
}
