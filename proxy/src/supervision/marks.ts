import { randomUUID } from 'node:crypto';
import { isAnswer, isTurn } from './wanted-response.ts';
import type { Wish, Wishes } from './wishes.ts';

interface Asked {
  readonly nonce: string;
  readonly wish: Wish;
  /** Answers that were wanted before it began, and that it is as well. */
  readonly covers: Set<Wish>;
}

/** Tells which response is which wish: by the mark that it bears, or, where a provider echoes none, by its turn. Pure. */
export class Marks {
  readonly #wishes: Wishes;
  /** Asked for last, and not yet known to have become a response. */
  #asked: Asked | null = null;
  /** Response without our mark that came next: ours, unless the provider says otherwise, or echoes marks. */
  #guess: string | null = null;
  #echoed = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** What was asked for last, as long as nothing is known of it. */
  get asked(): Wish | null {
    return this.#asked?.wish ?? null;
  }

  /** The provider echoes marks. */
  get echoed(): boolean {
    return this.#echoed;
  }

  /** It is asked for now. Returns its mark, a new one each time. */
  ask(wish: Wish): string {
    const nonce = randomUUID();
    const covers = new Set(isTurn(wish.wanted) ? this.#wishes.waiting(isAnswer) : []);
    this.#asked = { nonce, wish, covers };
    this.#wishes.mark(nonce, wish);
    return nonce;
  }

  /** A turn has ended that what was asked for answers as well, unless that began before. */
  cover(turn: Wish): void {
    if (this.#asked && this.#guess === null && isTurn(this.#asked.wish.wanted))
      this.#asked.covers.add(turn);
  }

  /** A response without a mark has begun. */
  unmarked(responseId: string): void {
    if (this.#asked === null || this.#guess !== null || this.#echoed) return;
    this.#guess = responseId;
    this.#wishes.assign(responseId, this.#asked.wish);
  }

  /** This response is that wish. Returns the answers that it is as well. */
  begun(responseId: string, nonce: string, wish: Wish): Iterable<Wish> {
    // An older mark of a wish was sent before what came since.
    const covers = this.#asked?.nonce === nonce ? this.#asked.covers : [];
    this.#echoed = true;
    this.#wishes.unmark(nonce);
    if (this.#guess !== responseId) this.#wishes.unassign(this.#guess);
    this.#wishes.assign(responseId, wish);
    this.#wishes.begin(wish);
    if (this.#asked?.wish === wish) this.settle();
    return covers;
  }

  /** A response has ended: was it what was guessed, it was ours. */
  ended(responseId: string): void {
    if (!this.#asked || this.#guess !== responseId) return;
    this.#wishes.unmark(this.#asked.nonce);
    this.#wishes.forget(this.#asked.covers);
    this.settle();
  }

  /** The provider refused what bore this mark. Returns the wish, where it was not asked for again or begun since. */
  refused(nonce: string): Wish | null {
    const wish = this.#wishes.marked(nonce);
    this.#wishes.unmark(nonce);
    if (!wish || this.#asked?.nonce !== nonce) return null;
    this.#wishes.unassign(this.#guess);
    this.settle();
    return wish;
  }

  /** Nobody waits any more for what was asked for last. */
  settle(): void {
    this.#asked = null;
    this.#guess = null;
  }
}
