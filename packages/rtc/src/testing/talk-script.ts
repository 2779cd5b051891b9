import type { Wire } from './conversation-events.ts';
import type { Step, Talk, Told } from './talk.ts';

interface Link {
  id: string;
  previous: string | null;
  row: Told | null;
  forgotten: boolean;
}

/** Takes down a talk: what the provider sends, in which lanes, and its chain of items. */
export class TalkScript {
  readonly #steps: Step[] = [];
  /** As a reader should see it, with what the provider forgot. */
  readonly #chain: Link[] = [];
  #count = 0;

  /** What was taken down. */
  get talk(): Talk {
    return { steps: this.#steps, told: this.#chain.flatMap(({ row }) => row ?? []) };
  }

  /** A name that nothing else has. */
  id(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#count}`;
  }

  /** An event comes after all that stand before it in one of its lanes. */
  send(type: string, fields: Record<string, unknown>, lanes: readonly string[]): void {
    const wire: Wire = { type, event_id: this.id('event'), ...fields };
    this.#steps.push({ wire, lanes });
  }

  /** Puts an item into the conversation, at its end or after the message of that number. Gives its predecessor. */
  place(id: string, row: Told | null, afterNumber?: number): string | null {
    const items = this.#chain.filter(({ forgotten }) => !forgotten);
    const messages = items.filter((link) => !/^item_[fo]/.test(link.id));
    const before =
      afterNumber === undefined ? items.at(-1) : messages[afterNumber % messages.length];
    const previous = before?.id ?? null;
    let index = this.#chain.findIndex((link) => link.id === previous) + 1;
    while (this.#chain[index]?.forgotten) index += 1;
    this.#chain.splice(index, 0, { id, previous, row, forgotten: false });
    return previous;
  }

  /** Tells of an item in its place. The provider's events about one predecessor come in order. */
  show(
    what: 'added' | 'done',
    item: { id: string } & Record<string, unknown>,
    lanes: readonly string[] = [],
  ): void {
    const previous = this.#chain.find(({ id }) => id === item.id)?.previous ?? null;
    this.send(`conversation.item.${what}`, { previous_item_id: previous, item }, [
      `item ${item.id}`,
      `after ${previous}`,
      ...lanes,
    ]);
  }

  /** The provider forgets its last item, unless something was put in before that. */
  forget(): void {
    const [before, link] = this.#chain.filter(({ forgotten }) => !forgotten).slice(-2);
    if (!link || before?.id !== link.previous) return;
    link.forgotten = true;
    const lanes = [`item ${link.id}`, `after ${link.previous}`];
    this.send('conversation.item.deleted', { item_id: link.id }, lanes);
  }
}
