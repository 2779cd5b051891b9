import { POSITION_STEP } from '@interview/protocol';

/** Predecessor that an utterance was told to have: null is the head, undefined the tail. */
export type Predecessor = string | null | undefined;

/**
 * The chain of a call: which utterance follows which. Arrival and clocks say nothing about order; the provider's
 * predecessor does. An utterance whose predecessor is unknown is parked until that one appears, or is put at the
 * tail when its caller gives up waiting, and moved when the predecessor comes after all.
 *
 * @example
 * const order = new Order();
 * order.place('b', 'a'); // parked: nothing is known of a
 * order.place('a', null); // now a, b
 */
export class Order {
  readonly #names: string[] = [];
  readonly #positions = new Map<string, number>();
  /** Waiting for their predecessor, in the order of arrival. */
  readonly #parked = new Map<string, string>();
  /** At the tail for now; undefined where no predecessor was told. */
  readonly #provisional = new Map<string, string | undefined>();

  /** Puts `name` after `after`. A second placement of the same name is ignored. */
  place(name: string, after: Predecessor): void {
    if (this.#provisional.has(name)) {
      if (after === undefined || (after !== null && !this.has(after))) {
        this.#provisional.set(name, after);
        return;
      }
      this.#remove(name);
    } else if (this.has(name)) return;
    if (typeof after === 'string' && !this.has(after)) {
      this.#parked.set(name, after);
      return;
    }
    this.#insert(name, after === undefined ? this.#names.length : this.#indexAfter(after));
  }

  /** Puts `name` at the tail for now: its place, or its predecessor, was not told in time. */
  append(name: string): void {
    if (this.has(name)) return;
    const after = this.#parked.get(name);
    this.#parked.delete(name);
    this.#provisional.set(name, after);
    this.#insert(name, this.#names.length);
  }

  /** Has a place in the chain, for good or for now. */
  has(name: string): boolean {
    return this.#positions.has(name);
  }

  /** Position in the steps of the protocol; null while parked or unknown. */
  positionOf(name: string): number | null {
    return this.#positions.get(name) ?? null;
  }

  /** Names in order, without the parked. */
  get names(): readonly string[] {
    return this.#names;
  }

  #indexAfter(after: string | null): number {
    return after === null ? 0 : this.#names.indexOf(after) + 1;
  }

  #insert(name: string, index: number): void {
    const next = this.#positionAt(index);
    const before = this.#positionAt(index - 1) ?? (next ?? 2 * POSITION_STEP) - 2 * POSITION_STEP;
    this.#names.splice(index, 0, name);
    this.#positions.set(name, next === null ? before + POSITION_STEP : (before + next) / 2);
    this.#fetchFollowers(name);
  }

  #positionAt(index: number): number | null {
    const name = this.#names[index];
    return name === undefined ? null : this.positionOf(name);
  }

  #remove(name: string): void {
    this.#provisional.delete(name);
    this.#positions.delete(name);
    this.#names.splice(this.#names.indexOf(name), 1);
  }

  /** Those that waited for `name`, parked or at the tail, come after it. */
  #fetchFollowers(name: string): void {
    for (const [waiting, after] of [...this.#parked, ...this.#provisional]) {
      if (after !== name || waiting === name) continue;
      this.#parked.delete(waiting);
      if (this.#provisional.has(waiting)) this.#remove(waiting);
      if (!this.has(waiting)) this.#insert(waiting, this.#indexAfter(name));
    }
  }
}
