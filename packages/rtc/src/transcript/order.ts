import { POSITION_STEP } from '@interview/protocol';

/** Predecessor that an item was told to have: null is the head, undefined the tail. */
export type Predecessor = string | null | undefined;

interface Link<Value> {
  /** null for what is a link only. */
  value: Value | null;
  /** What was told to follow it, in the order of arrival: each stands before those that came earlier. */
  readonly followers: Link<Value>[];
  /** It is a follower of something. */
  told: boolean;
  /** Stands where it does for want of a better place. */
  loose: boolean;
  /** The provider forgot it. */
  removed: boolean;
  /** null while it waits for its predecessor, or is known as a predecessor only. */
  position: number | null;
  previous: Link<Value> | null;
  next: Link<Value> | null;
}

/**
 * The chain of a call: which of its items follows which; some of them have a value. Arrival and clocks say nothing about order; the provider's
 * predecessor does. An item whose predecessor is unknown is parked until that one appears, or is put at the
 * tail when its caller gives up waiting, and moved with all that follows it when the predecessor comes after all.
 * However long the chain is, a step costs the same.
 *
 * @example
 * const order = new Order<string>();
 * order.set('b', 'B');
 * order.place('b', 'a'); // parked: nothing is known of a
 * order.place('a', null); // now a, b: the values are B
 */
export class Order<Value> {
  readonly #links = new Map<string | null, Link<Value>>();
  readonly #head = this.#link(null);
  #tail = this.#head;

  constructor() {
    this.#head.position = 0;
  }

  /** Gives `name` a value, wherever it stands or will stand. */
  set(name: string, value: Value): void {
    this.#link(name).value = value;
  }

  /** The value of `name`. */
  get(name: string): Value | null {
    return this.#links.get(name)?.value ?? null;
  }

  /**
   * Puts `name` after `after`. The first predecessor that is told of it stays.
   *
   * @returns the values whose position is new
   */
  place(name: string, after: Predecessor): Value[] {
    const link = this.#link(name);
    if (link.told) return [];
    if (after === undefined) return this.append(name);
    link.told = true;
    let before = this.#link(after);
    // What the provider forgot stands where it stood, but is no longer told as a predecessor.
    for (let last = before.followers.at(-1); last?.removed; last = last.followers.at(-1))
      before = last;
    before.followers.push(link);
    return before.position === null ? [] : this.#chain(link, before, before.loose);
  }

  /** Puts `name` at the tail for now: its place, or its predecessor, was not told in time. */
  append(name: string): Value[] {
    const link = this.#link(name);
    return link.position === null ? this.#chain(link, this.#tail, true) : [];
  }

  /** The provider forgot `name`: what follows its predecessor from now on comes after it. */
  remove(name: string): void {
    this.#link(name).removed = true;
  }

  /** Position in the steps of the protocol; null while parked or unknown. */
  positionOf(name: string): number | null {
    return this.#links.get(name)?.position ?? null;
  }

  /** Values in order, the last one first; without the parked. */
  *backwards(): Iterable<Value> {
    for (let link: Link<Value> | null = this.#tail; link; link = link.previous)
      if (link.value !== null) yield link.value;
  }

  /** Puts a link behind another, and behind it all that follows it or waits for it. */
  #chain(first: Link<Value>, before: Link<Value>, loose: boolean): Value[] {
    // Grows while it is walked; what is in it already would close a circle.
    const moved = new Set([first]);
    this.#insert(first, before, loose);
    for (const link of moved) {
      for (const follower of link.followers) {
        if (moved.has(follower)) continue;
        this.#insert(follower, link, loose);
        moved.add(follower);
      }
    }
    return [...moved].flatMap(({ value }) => value ?? []);
  }

  #insert(link: Link<Value>, before: Link<Value>, loose: boolean): void {
    if (link.previous) this.#join(link.previous, link.next);
    let previous = before;
    // What is loose was there before; but it has a predecessor, so that the head comes first.
    while (before !== this.#head && previous.next?.loose) previous = previous.next;
    const { next } = previous;
    const to = next?.position ?? null;
    const from =
      previous === this.#head && to !== null ? to - 2 * POSITION_STEP : (previous.position ?? 0);
    link.position = to === null ? from + POSITION_STEP : (from + to) / 2;
    link.loose = loose;
    this.#join(previous, link);
    this.#join(link, next);
  }

  #join(previous: Link<Value>, next: Link<Value> | null): void {
    previous.next = next;
    if (next) next.previous = previous;
    else this.#tail = previous;
  }

  #link(name: string | null): Link<Value> {
    const known = this.#links.get(name);
    if (known) return known;
    const link: Link<Value> = {
      value: null,
      followers: [],
      told: false,
      loose: false,
      removed: false,
      position: null,
      previous: null,
      next: null,
    };
    this.#links.set(name, link);
    return link;
  }
}
