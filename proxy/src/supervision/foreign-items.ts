import {
  OWN_ITEM_PREFIX,
  type ConversationItem,
  type CreatableItem,
  type RealtimeClientEvent,
} from '@interview/protocol';
import { nothing, type Finding } from './finding.ts';

/** Nobody takes more turns and writes more lines than this within a minute. Our choice, generously. */
const MAX_TURNS = 60;
const TURNS_MS = 60_000;

/** `previous`: what stands before it; null at the head, undefined until that is told. */
type OwnItem = { item: CreatableItem; previous?: string | null };

export interface ForeignItemsOptions {
  /** Another supervisor had the call before. */
  adopted: boolean;
  /** Until then what that one sent may still arrive, Unix time in milliseconds. */
  inheritsUntil: number;
  /** True for items that another supervisor of the call made. */
  isOfAnother: (itemId: string) => boolean;
}

/** Tells the items of a conversation that are neither ours, nor the model's, nor the candidate's. Pure. */
export class ForeignItems {
  readonly #options: ForeignItemsOptions;
  readonly #ours = new Map<string, OwnItem>();
  readonly #deleting = new Set<string>();
  readonly #ofResponses = new Set<string>();
  readonly #present = new Set<string>();
  readonly #foreign = new Set<string>();
  /** Predecessors that were asked for. */
  readonly #sought = new Set<string>();
  /** Everything that happened in the call was told to us. */
  #complete: boolean;
  /** When the candidate's last items came. */
  #turns: number[] = [];

  constructor(options: ForeignItemsOptions) {
    this.#options = options;
    this.#complete = !options.adopted;
  }

  /** We create this. */
  creates(item: CreatableItem): void {
    if (item.id !== undefined) this.#ours.set(item.id, { item });
  }

  /** We delete this. */
  deletes(itemId: string): void {
    this.#deleting.add(itemId);
  }

  /** The model makes it in a response, whoever asked for that. */
  ofResponse(itemId: string): void {
    this.#ofResponses.add(itemId);
  }

  /** The channel was gone: of what happened meanwhile nobody tells. */
  missed(): void {
    this.#complete = false;
  }

  /** True for items that somebody else made in our name or the model's. */
  has(itemId: string): boolean {
    return this.#foreign.has(itemId);
  }

  /** An item is new. `now`: Unix time, milliseconds. */
  added(item: ConversationItem, previous: string | null | undefined, now: number): Finding {
    const { foreign, undo } = this.#judge(item, previous, now);
    return { foreign, undo: [...undo, ...this.#seek(previous)] };
  }

  /**
   * An item whose coming was not told. Of what the model said, and what a supervisor replayed, before we came or while
   * we were gone nobody can tell whose it is; a hint and an answer to a tool bear the call's mark.
   */
  found(item: ConversationItem): Finding {
    if (this.#isKnown(item.id)) return nothing;
    this.#present.add(item.id);
    const plain = item.role === 'user' && !isInOurName(item);
    const marked = item.role === 'system' || item.kind === 'function_call_output';
    if (plain || (!this.#complete && !marked)) return nothing;
    return this.#takeBack(item, { at: this.#complete ? 'attach' : 'gap' });
  }

  /** What we created can be created again; what somebody said can not. `now`: Unix time, milliseconds. */
  deleted(itemId: string, now: number): Finding {
    const told = this.#present.delete(itemId);
    const ours = this.#ours.get(itemId);
    if (this.#deleting.delete(itemId)) {
      this.#ours.delete(itemId);
      return nothing;
    }
    if (this.#foreign.has(itemId)) return nothing;
    // The one before still tidies up; the one that is to come takes back what it has just made.
    const { inheritsUntil, isOfAnother } = this.#options;
    const another = now < inheritsUntil || (told && isOfAnother(itemId));
    if (another && !ours) return nothing;
    return {
      foreign: { what: 'deletion', detail: { item_id: itemId } },
      undo: ours ? [this.#again(ours)] : [],
    };
  }

  #judge(item: ConversationItem, previous: string | null | undefined, now: number): Finding {
    this.#present.add(item.id);
    const ours = this.#ours.get(item.id);
    if (ours && ours.previous === undefined && previous !== undefined) ours.previous = previous;
    const { inheritsUntil, isOfAnother } = this.#options;
    if (ours || this.#ofResponses.has(item.id) || isOfAnother(item.id)) return nothing;
    const vouched = isInOurName(item)
      ? now < inheritsUntil
      : item.role === 'user' && this.#isTurn(now);
    return vouched ? nothing : this.#takeBack(item);
  }

  /** A turn of the candidate's; what is more than anybody takes is a page's. */
  #isTurn(now: number): boolean {
    this.#turns = this.#turns.filter((at) => now - at < TURNS_MS);
    if (this.#turns.length >= MAX_TURNS) return false;
    this.#turns.push(now);
    return true;
  }

  #takeBack({ id, kind, role }: ConversationItem, at: { at?: 'attach' | 'gap' } = {}): Finding {
    this.#foreign.add(id);
    return {
      foreign: { what: 'item', detail: { item_id: id, kind, role, ...at } },
      undo: [{ type: 'conversation.item.delete', item_id: id }],
    };
  }

  /** What was put before the first item that we see, while nobody listened, shows itself as its predecessor. */
  #seek(previous: string | null | undefined): RealtimeClientEvent[] {
    if (!this.#complete || previous === null || previous === undefined) return [];
    if (this.#isKnown(previous) || this.#sought.has(previous)) return [];
    this.#sought.add(previous);
    return [{ type: 'conversation.item.retrieve', item_id: previous }];
  }

  #isKnown(id: string): boolean {
    const sets = [this.#present, this.#ours, this.#ofResponses, this.#foreign];
    return sets.some((one) => one.has(id)) || this.#options.isOfAnother(id);
  }

  #again({ item, previous }: OwnItem): RealtimeClientEvent {
    const type = 'conversation.item.create';
    if (previous === null) return { type, previous_item_id: 'root', item };
    const there = previous !== undefined && this.#present.has(previous);
    return there ? { type, previous_item_id: previous, item } : { type, item };
  }
}

function isInOurName({ id }: ConversationItem): boolean {
  return Object.values(OWN_ITEM_PREFIX).some((prefix) => id.startsWith(prefix));
}
