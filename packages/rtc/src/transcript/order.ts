import { POSITION_STEP } from '@interview/protocol';

/** Predecessor that an utterance was told to have: null is the head, undefined the tail. */
export type Predecessor = string | null | undefined;

interface Link {
  readonly name: string;
  /** What was told to follow it, in the order of arrival. */
  readonly followers: Link[];
  /** What it was told to follow. */
  after: Link | null;
  /** `after` has a place, and so has this. */
  fixed: boolean;
  /** Stands where it does for want of a better place: what is chained to its left neighbour comes behind it. */
  loose: boolean;
  /** null while it waits for its predecessor, or is known as a predecessor only. */
  position: number | null;
  previous: Link | null;
  next: Link | null;
}

/**
 * The chain of a call: which utterance follows which. Arrival and clocks say nothing about order; the provider's
 * predecessor does. An utterance whose predecessor is unknown is parked until that one appears, or is put at the
 * tail when its caller gives up waiting, and moved with all that follows it when the predecessor comes after all.
 * However long the chain is, a step costs the same.
 *
 * @example
 * const order = new Order();
 * order.place('b', 'a'); // parked: nothing is known of a
 * order.place('a', null); // now a, b
 */
export class Order {
  readonly #links = new Map<string | null, Link>();
  readonly #head = this.#link(null);
  #tail = this.#head;

  constructor() {
    this.#head.position = 0;
  }

  /**
   * Puts `name` after `after`. Once it follows what it was told to follow, later placements are ignored.
   *
   * @returns the names whose position is new
   */
  place(name: string, after: Predecessor): string[] {
    const link = this.#link(name);
    if (link.fixed) return [];
    if (after === undefined) return this.append(name);
    const before = this.#link(after);
    if (link.after !== before) before.followers.push(link);
    link.after = before;
    if (before.position === null) return [];
    link.fixed = true;
    // There is one head. Where everything is called the head, the order of arrival is all there is.
    const second = before === this.#head && before.followers[0] !== link;
    return second ? this.append(name) : this.#chain(link, before, before.loose);
  }

  /** Puts `name` at the tail for now: its place, or its predecessor, was not told in time. */
  append(name: string): string[] {
    const link = this.#link(name);
    return link.position === null ? this.#chain(link, this.#tail, true) : [];
  }

  /** The provider forgot `name`: what follows its predecessor from now on comes after it. */
  remove(name: string): void {
    this.#link(name).loose = true;
  }

  /** Position in the steps of the protocol; null while parked or unknown. */
  positionOf(name: string): number | null {
    return this.#links.get(name)?.position ?? null;
  }

  /** Names in order, without the parked. */
  get names(): string[] {
    const names: string[] = [];
    for (let link = this.#head.next; link; link = link.next) names.push(link.name);
    return names;
  }

  /** Puts a link behind another, and behind it all that follows it or waits for it. */
  #chain(first: Link, before: Link, loose: boolean): string[] {
    // Grows while it is walked; what is in it already would close a circle.
    const moved = new Set([first]);
    this.#insert(first, before, loose);
    for (const link of moved) {
      for (const follower of link.followers) {
        if (follower.after !== link || moved.has(follower)) continue;
        follower.fixed = true;
        this.#insert(follower, link, loose);
        moved.add(follower);
      }
    }
    return [...moved].map(({ name }) => name);
  }

  #insert(link: Link, before: Link, loose: boolean): void {
    if (link.previous) this.#join(link.previous, link.next);
    let previous = before;
    while (previous.next?.loose) previous = previous.next;
    const { next, position } = previous;
    const from = position ?? 0;
    link.position = next ? (from + (next.position ?? 0)) / 2 : from + POSITION_STEP;
    link.loose = loose;
    this.#join(previous, link);
    this.#join(link, next);
  }

  #join(previous: Link, next: Link | null): void {
    previous.next = next;
    if (next) next.previous = previous;
    else this.#tail = previous;
  }

  #link(name: string | null): Link {
    const known = this.#links.get(name);
    if (known) return known;
    const link: Link = {
      name: name ?? '',
      followers: [],
      after: null,
      fixed: false,
      loose: false,
      position: null,
      previous: null,
      next: null,
    };
    this.#links.set(name, link);
    return link;
  }
}
