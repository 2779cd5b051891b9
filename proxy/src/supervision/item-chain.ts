import { POSITION_STEP } from '@interview/protocol';

/** An unknown predecessor is waited for this long, milliseconds; then the item goes to the tail. */
export const PARK_MS = 2_000;

interface Link {
  id: string;
  position: number;
}

/**
 * The provider's order of items, by `previous_item_id` and never by arrival. A position, once given, stays: what comes
 * between two neighbours takes the middle.
 */
export class ItemChain {
  readonly #links: Link[];
  readonly #positions: Map<string, number>;
  readonly #parked = new Map<string, { previous: string; since: number }>();
  /** What was placed before its predecessor was, by that. */
  readonly #followers = new Map<string, string>();

  /** `placed`: what an earlier supervisor of the call placed already. */
  constructor(placed: readonly Link[] = []) {
    this.#links = [...placed].sort((a, b) => a.position - b.position);
    this.#positions = new Map(this.#links.map(({ id, position }) => [id, position]));
  }

  /** Position of an item; null while it has none. */
  positionOf(id: string): number | null {
    return this.#positions.get(id) ?? null;
  }

  /**
   * Places an item after `previous`; null is the head, undefined the tail, or where its successor was placed.
   *
   * @returns the items that have a place now and had none before
   */
  place(id: string, previous: string | null | undefined, now: number): string[] {
    if (this.#positions.has(id)) return [];
    if (previous === undefined || previous === id) return this.#insert(id, this.#before(id));
    if (previous === null) return this.#insert(id, 0);
    const at = this.#indexOf(previous);
    if (at !== -1) return this.#insert(id, at + 1);
    if (!this.#parked.has(id)) this.#parked.set(id, { previous, since: now });
    return [];
  }

  /** Places an item whose predecessor nobody told, unless it waits for one. */
  adopt(id: string, now: number): string[] {
    return this.#parked.has(id) ? [] : this.place(id, undefined, now);
  }

  /** Gives up waiting for predecessors that did not come; `now` Infinity gives up on all. */
  settle(now: number): string[] {
    const placed: string[] = [];
    for (const [id, { previous, since }] of this.#parked) {
      if (now - since < PARK_MS || !this.#parked.has(id)) continue;
      this.#followers.set(previous, id);
      placed.push(...this.#insert(id, this.#before(id)));
    }
    return placed;
  }

  #before(id: string): number {
    const follower = this.#followers.get(id);
    return follower === undefined ? this.#links.length : this.#indexOf(follower);
  }

  #insert(id: string, at: number): string[] {
    this.#parked.delete(id);
    this.#followers.delete(id);
    const position = between(this.#links[at - 1]?.position, this.#links[at]?.position);
    this.#links.splice(at, 0, { id, position });
    this.#positions.set(id, position);
    const placed = [id];
    for (const [waiting, { previous }] of this.#parked) {
      if (previous !== id || !this.#parked.has(waiting)) continue;
      placed.push(...this.#insert(waiting, this.#indexOf(id) + 1));
    }
    return placed;
  }

  /** -1 where it has no place. Almost always it is asked for one of the newest. */
  #indexOf(id: string): number {
    return this.#positions.has(id) ? this.#links.findLastIndex((link) => link.id === id) : -1;
  }
}

function between(before: number | undefined, after: number | undefined): number {
  if (before === undefined && after === undefined) return POSITION_STEP;
  if (after === undefined) return (before ?? 0) + POSITION_STEP;
  return ((before ?? 0) + after) / 2;
}
