import type { Item } from './items.ts';

/** The items of a conversation in order. */
export class Chain {
  #items: Item[] = [];

  get items(): readonly Item[] {
    return this.#items;
  }

  get lastId(): string | null {
    return this.#items.at(-1)?.id ?? null;
  }

  find(id: string): Item | undefined {
    return this.#items.find((item) => item.id === id);
  }

  /** Inserts after `previousId`: null is the head, absent the tail. Returns the id it stands after. */
  insert(item: Item, previousId: string | null | undefined = this.lastId): string | null {
    const at = previousId === null ? 0 : this.#items.findIndex((one) => one.id === previousId) + 1;
    this.#items.splice(at, 0, item);
    return previousId;
  }

  /** The id of the item before this one; null for the head. */
  previousOf(id: string): string | null {
    const at = this.#items.findIndex((item) => item.id === id);
    return this.#items[at - 1]?.id ?? null;
  }

  remove(id: string): void {
    this.#items = this.#items.filter((item) => item.id !== id);
  }
}
