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
  readonly #parked = new Map<string, { previous: string; since: number }>();

  /** `placed`: what an earlier supervisor of the call placed already. */
  constructor(placed: readonly Link[] = []) {
    this.#links = [...placed].sort((a, b) => a.position - b.position);
  }

  /** Position of an item; null while it has none. */
  positionOf(id: string): number | null {
    return this.#links.find((link) => link.id === id)?.position ?? null;
  }

  /**
   * Places an item after `previous`; null is the head, undefined the tail.
   *
   * @returns the items that have a place now and had none before
   */
  place(id: string, previous: string | null | undefined, now: number): string[] {
    if (this.positionOf(id) !== null) return [];
    if (previous === undefined || previous === id) return this.#insert(id, this.#links.length);
    if (previous === null) return this.#insert(id, 0);
    const at = this.#links.findIndex((link) => link.id === previous);
    if (at !== -1) return this.#insert(id, at + 1);
    if (!this.#parked.has(id)) this.#parked.set(id, { previous, since: now });
    return [];
  }

  /** Gives up waiting for predecessors that did not come; `now` Infinity gives up on all. */
  settle(now: number): string[] {
    const placed: string[] = [];
    for (const [id, { since }] of this.#parked) {
      if (now - since < PARK_MS || !this.#parked.has(id)) continue;
      placed.push(...this.#insert(id, this.#links.length));
    }
    return placed;
  }

  #insert(id: string, at: number): string[] {
    this.#parked.delete(id);
    const before = this.#links[at - 1]?.position;
    const after = this.#links[at]?.position;
    this.#links.splice(at, 0, { id, position: between(before, after) });
    const placed = [id];
    for (const [waiting, { previous }] of this.#parked) {
      if (previous !== id || !this.#parked.has(waiting)) continue;
      placed.push(...this.#insert(waiting, this.#links.findIndex((link) => link.id === id) + 1));
    }
    return placed;
  }
}

function between(before: number | undefined, after: number | undefined): number {
  if (before === undefined && after === undefined) return POSITION_STEP;
  if (after === undefined) return (before ?? 0) + POSITION_STEP;
  return ((before ?? 0) + after) / 2;
}
