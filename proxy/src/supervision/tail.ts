import type {
  ConversationItem,
  RealtimeClientEvent,
  RealtimeServerEvent,
} from '@interview/protocol';
import type { OwnItems } from './own-items.ts';

/** A provider that does not tell within this is not waited for, milliseconds. */
const LOOK_MS = 3_000;

/** What the tail is looked at with. */
export interface TailOptions {
  own: OwnItems;
  send: (event: RealtimeClientEvent) => void;
}

/** What stands last; null: nothing is there. `isNew`: nothing was heard of it before. */
export interface Last {
  item: ConversationItem | null;
  isNew: boolean;
}

/** null: the provider does not tell. */
type Found = (last: Last | null) => void;

/**
 * Finds out what stands last in a conversation of which events were missed. The provider has no list of items; but it
 * tells of a new one what stands before it, and sends an item that it is asked for by its id.
 */
export class Tail {
  readonly #options: TailOptions;
  /** Messages and outputs as they came, without their content: nobody asks for it. */
  readonly #known = new Map<string, ConversationItem>();
  /** Calls of tools that began and whose end was not seen. */
  readonly #begun = new Set<string>();
  /** Turns of the candidate whose words were not told. */
  readonly #wordless = new Set<string>();
  /** Put at the end by us, and not known to be gone: of one whose coming was missed the next look must see beyond. */
  readonly #notes = new Set<string>();
  #look: { note: string; wanted: string | null; found: Found } | null = null;
  #open: (item: ConversationItem) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** `found` is called once; `open` for each call of a tool that had begun before. */
  look(found: Found, open: (item: ConversationItem) => void): void {
    this.#tell(null);
    this.#look = { note: this.#putNote(), wanted: null, found };
    this.#open = open;
    this.#timer = setTimeout(() => this.#tell(null), LOOK_MS).unref();
    for (const one of [...this.#begun, ...this.#wordless]) this.#retrieve(one);
  }

  handle(event: RealtimeServerEvent): void {
    switch (event.type) {
      case 'conversation.item.added':
      case 'conversation.item.created':
        if (this.#notes.has(event.item.id))
          this.#noted(event.item.id, event.previousItemId ?? null);
        else if (event.item.kind !== 'function_call')
          this.#known.set(event.item.id, { ...event.item, content: [] });
        break;
      case 'input_audio_buffer.committed':
        this.#wordless.add(event.itemId);
        break;
      case 'conversation.item.input_audio_transcription.completed':
      case 'conversation.item.input_audio_transcription.failed':
        this.#wordless.delete(event.itemId);
        break;
      case 'conversation.item.deleted':
        this.#wordless.delete(event.itemId);
        this.#known.delete(event.itemId);
        this.#notes.delete(event.itemId);
        break;
      case 'response.output_item.added':
        if (event.item.kind === 'function_call') this.#begun.add(event.item.id);
        break;
      case 'response.output_item.done':
        this.#begun.delete(event.item.id);
        break;
      case 'conversation.item.retrieved':
        this.#retrieved(event.item);
        break;
      default:
        break;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#look = null;
  }

  /** Returns its id. */
  #putNote(): string {
    const { own, send } = this.#options;
    const id = own.newId();
    const text = 'The connection was interrupted for a moment.';
    const content = [{ type: 'input_text' as const, text }];
    this.#notes.add(id);
    own.add(id);
    send({
      type: 'conversation.item.create',
      item: { id, type: 'message', role: 'system', content },
    });
    return id;
  }

  #takeAway(note: string): void {
    this.#options.send({ type: 'conversation.item.delete', item_id: note });
  }

  #noted(note: string, previous: string | null): void {
    this.#takeAway(note);
    if (note !== this.#look?.note) return;
    if (previous !== null && this.#notes.has(previous)) {
      this.#takeAway(previous);
      this.#look.note = this.#putNote();
      return;
    }
    const known = previous === null ? null : this.#known.get(previous);
    if (known !== undefined || previous === null) this.#tell({ item: known ?? null, isNew: false });
    else {
      this.#look.wanted = previous;
      if (!this.#begun.has(previous) && !this.#wordless.has(previous)) this.#retrieve(previous);
    }
  }

  #retrieved(item: ConversationItem): void {
    if (this.#look?.wanted === item.id) this.#tell({ item, isNew: true });
    else if (this.#begun.has(item.id) && item.status !== 'in_progress') this.#open(item);
    if (item.status !== 'in_progress') this.#begun.delete(item.id);
    this.#wordless.delete(item.id);
  }

  #retrieve(itemId: string): void {
    this.#options.send({ type: 'conversation.item.retrieve', item_id: itemId });
  }

  #tell(last: Last | null): void {
    clearTimeout(this.#timer);
    const look = this.#look;
    this.#look = null;
    look?.found(last);
  }
}
