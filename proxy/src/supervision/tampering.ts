import {
  OWN_ITEM_PREFIX,
  type ConversationItem,
  type CreatableItem,
  type RealtimeClientEvent,
  type RealtimeResponse,
  type RealtimeServerEvent,
  type RealtimeSession,
} from '@interview/protocol';
import { METADATA_KEY } from './response-queue.ts';
import { SessionSettings } from './session-settings.ts';

/** The server truncates what was cut off within moments, milliseconds. Our choice, generously. */
const TRUNCATION_MS = 3_000;
/** So long after taking over, what the supervisor before sent may still arrive, milliseconds. */
export const INHERITED_MS = 3_000;
/** So often within so many milliseconds ends a call. */
const MAX_STRIKES = 3;
const STRIKES_MS = 60_000;
/** Nobody takes more turns and writes more lines than this within a minute. Our choice, generously. */
const MAX_TURNS = 60;
const TURNS_MS = 60_000;

/** What somebody else did to the call which only we may do. */
export interface Foreign {
  what: 'config' | 'item' | 'deletion' | 'truncation' | 'response';
  /** For people who review; nothing that anybody said. */
  detail: Record<string, unknown>;
}

/** What is to be done about an event. */
export interface Verdict {
  /** null where nothing is foreign. */
  foreign: Foreign | null;
  /** Puts right what can be, or finds out about what is not known. */
  undo: RealtimeClientEvent[];
  /** It happened often enough now to end the call. */
  enough: boolean;
}

type Finding = Omit<Verdict, 'enough'>;

const nothing: Finding = { foreign: null, undo: [] };

/** `previous`: what stands before it; null at the head, undefined until that is told. */
type OwnItem = { item: CreatableItem; previous?: string | null };

export interface TamperingOptions {
  /** What the session may look like at first, the last as it should; none where that can't be told. */
  sessions: readonly RealtimeSession[];
  /** Another supervisor had the call before. */
  adopted: boolean;
  /** True for items that another supervisor of the call made. */
  isOfAnother: (itemId: string) => boolean;
  /** Unix time, milliseconds. */
  now: number;
}

/**
 * Tells what a page did by its own channel that only the server may do. The provider tells everybody everything and
 * nobody who did it: what we have sent is ours, what belongs to a response that we asked for is the model's, and the
 * rest is foreign. A candidate's own words are theirs in whatever way they come. Pure.
 */
export class Tampering {
  readonly #settings: SessionSettings | null;
  readonly #isOfAnother: (itemId: string) => boolean;
  readonly #inheritsUntil: number;
  readonly #ours = new Map<string, OwnItem>();
  readonly #deleting = new Set<string>();
  /** Marks of responses that we asked for and that have not begun. */
  readonly #asked = new Set<string>();
  readonly #ofResponses = new Set<string>();
  readonly #present = new Set<string>();
  readonly #foreignItems = new Set<string>();
  readonly #foreignResponses = new Set<string>();
  readonly #truncated = new Set<string>();
  /** Predecessors that were asked for. */
  readonly #sought = new Set<string>();
  /** Everything that happened in the call was told to us. */
  #complete: boolean;
  /** When the candidate's last items came. */
  #turns: number[] = [];
  /** Servers that echo no metadata can't be held to it. */
  #echoesMarks = false;
  #told = false;
  /** When something that was being said was last cut off. */
  #cutAt = -Infinity;
  #strikes: number[] = [];

  constructor({ sessions, adopted, isOfAnother, now }: TamperingOptions) {
    this.#settings = sessions.length === 0 ? null : new SessionSettings(sessions);
    this.#isOfAnother = isOfAnother;
    this.#inheritsUntil = adopted ? now + INHERITED_MS : 0;
    this.#complete = !adopted;
  }

  /** We send this. */
  sent(event: RealtimeClientEvent, now: number): void {
    switch (event.type) {
      case 'session.update':
        this.#settings?.update(event.session);
        break;
      case 'conversation.item.create':
        if (event.item.id !== undefined) this.#ours.set(event.item.id, { item: event.item });
        break;
      case 'conversation.item.delete':
        this.#deleting.add(event.item_id);
        break;
      case 'response.create': {
        const mark = event.response?.metadata?.[METADATA_KEY];
        if (mark !== undefined) this.#asked.add(mark);
        break;
      }
      case 'output_audio_buffer.clear':
        this.#cutAt = now;
        break;
      default:
        break;
    }
  }

  /** `now`: Unix time, milliseconds. */
  handle(event: RealtimeServerEvent, now: number): Verdict {
    const finding = this.#find(event, now);
    const { foreign } = finding;
    // Nobody knows who changed what we find when we come.
    if (foreign === null || 'at' in foreign.detail) return { ...finding, enough: false };
    this.#strikes = [...this.#strikes.filter((at) => now - at < STRIKES_MS), now];
    return { ...finding, enough: this.#strikes.length >= MAX_STRIKES };
  }

  /** What puts the same right as everything is to be now: settings may have changed since that was found. */
  asOfNow(event: RealtimeClientEvent): RealtimeClientEvent[] {
    if (event.type !== 'session.update' || !this.#settings) return [event];
    const sessions = this.#settings.asOfNow(event.session);
    return sessions.map((session) => ({ type: 'session.update', session }));
  }

  /** True for items that somebody else made in our name or the model's. */
  isForeignItem(itemId: string): boolean {
    return this.#foreignItems.has(itemId);
  }

  /** True for responses that we did not ask for. */
  isForeignResponse(responseId: string): boolean {
    return this.#foreignResponses.has(responseId);
  }

  #find(event: RealtimeServerEvent, now: number): Finding {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        return this.#session(event);
      case 'conversation.item.added':
      case 'conversation.item.created':
        return this.#seek(event.previousItemId, this.#added(event.item, event.previousItemId, now));
      case 'conversation.item.retrieved':
        return this.#found(event.item);
      case 'conversation.item.deleted':
        return this.#deleted(event.itemId, now);
      case 'conversation.item.truncated':
        return this.#truncation(event.itemId, now);
      case 'response.created':
        return this.#begun(event.response, now);
      case 'response.output_item.added':
        this.#ofResponses.add(event.item.id);
        return nothing;
      case 'response.done':
        return this.#done(event.response, now);
      case 'output_audio_buffer.started':
        return this.#foreignResponses.has(event.responseId)
          ? { foreign: null, undo: [{ type: 'output_audio_buffer.clear' }] }
          : nothing;
      case 'output_audio_buffer.cleared':
      case 'input_audio_buffer.speech_started':
        this.#cutAt = now;
        return nothing;
      case 'error':
        if (event.clientEventId !== null) this.#asked.delete(event.clientEventId);
        return nothing;
      default:
        return nothing;
    }
  }

  #session({
    type,
    session,
  }: Extract<RealtimeServerEvent, { session: Record<string, unknown> }>): Finding {
    const anew = type === 'session.created';
    // Of what happened while the channel was gone nobody tells.
    if (anew && this.#told) this.#complete = false;
    const at = this.#told ? {} : { at: 'attach' };
    this.#told = true;
    if (!this.#settings) return nothing;
    const { changed, corrections } = this.#settings.check(session, { anew });
    return {
      foreign: changed.length === 0 ? null : { what: 'config', detail: { changed, ...at } },
      undo: corrections.map((one) => ({ type: 'session.update', session: one })),
    };
  }

  #added(item: ConversationItem, previous: string | null | undefined, now: number): Finding {
    this.#present.add(item.id);
    const ours = this.#ours.get(item.id);
    if (ours && ours.previous === undefined && previous !== undefined) ours.previous = previous;
    if (ours || this.#ofResponses.has(item.id) || this.#isOfAnother(item.id)) return nothing;
    const vouched = isInOurName(item)
      ? now < this.#inheritsUntil
      : item.role === 'user' && this.#isTurn(now);
    return vouched ? nothing : this.#foreignItem(item);
  }

  /** A turn of the candidate's; what is more than anybody takes is a page's. */
  #isTurn(now: number): boolean {
    this.#turns = this.#turns.filter((at) => now - at < TURNS_MS);
    if (this.#turns.length >= MAX_TURNS) return false;
    this.#turns.push(now);
    return true;
  }

  #foreignItem(item: ConversationItem, at: { at?: string } = {}): Finding {
    this.#foreignItems.add(item.id);
    const detail = { item_id: item.id, kind: item.kind, role: item.role, ...at };
    return {
      foreign: { what: 'item', detail },
      undo: [{ type: 'conversation.item.delete', item_id: item.id }],
    };
  }

  /** What was put before our first item while nobody listened shows itself as its predecessor. */
  #seek(previous: string | null | undefined, finding: Finding): Finding {
    if (!this.#complete || previous === null || previous === undefined) return finding;
    if (this.#isKnown(previous) || this.#sought.has(previous)) return finding;
    this.#sought.add(previous);
    const look = { type: 'conversation.item.retrieve', item_id: previous } as const;
    return { ...finding, undo: [...finding.undo, look] };
  }

  /**
   * An item whose coming was not told. Of what the model said, and what a supervisor replayed, before we came or while
   * we were gone nobody can tell whose it is; a hint and an answer to a tool bear the call's mark.
   */
  #found(item: ConversationItem): Finding {
    if (this.#isKnown(item.id)) return nothing;
    this.#present.add(item.id);
    const plain = item.role === 'user' && !isInOurName(item);
    const unknown = item.role === 'system' || item.kind === 'function_call_output';
    if (plain || (!this.#complete && !unknown)) return nothing;
    return this.#foreignItem(item, { at: this.#complete ? 'attach' : 'gap' });
  }

  #isKnown(id: string): boolean {
    const sets = [this.#present, this.#ours, this.#ofResponses, this.#foreignItems];
    return sets.some((one) => one.has(id)) || this.#isOfAnother(id);
  }

  /** What we created can be created again; what somebody said can not. */
  #deleted(itemId: string, now: number): Finding {
    const told = this.#present.delete(itemId);
    const ours = this.#ours.get(itemId);
    if (this.#deleting.delete(itemId)) {
      this.#ours.delete(itemId);
      return nothing;
    }
    if (this.#foreignItems.has(itemId)) return nothing;
    // The one before still tidies up; the one that is to come takes back what it has just made.
    const another = now < this.#inheritsUntil || (told && this.#isOfAnother(itemId));
    if (another && !ours) return nothing;
    return {
      foreign: { what: 'deletion', detail: { item_id: itemId } },
      undo: ours ? [this.#again(ours)] : [],
    };
  }

  #again({ item, previous }: OwnItem): RealtimeClientEvent {
    const type = 'conversation.item.create';
    if (previous === null) return { type, previous_item_id: 'root', item };
    const there = previous !== undefined && this.#present.has(previous);
    return there ? { type, previous_item_id: previous, item } : { type, item };
  }

  /** The server's own follows what was cut off, once. */
  #truncation(itemId: string, now: number): Finding {
    const again = this.#truncated.has(itemId);
    this.#truncated.add(itemId);
    const cut = now - this.#cutAt < TRUNCATION_MS || now < this.#inheritsUntil;
    if (!again && cut) return nothing;
    return { foreign: { what: 'truncation', detail: { item_id: itemId } }, undo: [] };
  }

  #begun({ id, metadata }: RealtimeResponse, now: number): Finding {
    const mark = metadata?.[METADATA_KEY];
    if (mark !== undefined && this.#asked.delete(mark)) {
      this.#echoesMarks = true;
      return nothing;
    }
    if (mark !== undefined && now < this.#inheritsUntil) return nothing;
    const [oldest] = this.#asked;
    if (mark === undefined && oldest !== undefined && !this.#echoesMarks) {
      this.#asked.delete(oldest);
      return nothing;
    }
    this.#foreignResponses.add(id);
    return {
      foreign: { what: 'response', detail: { response_id: id } },
      undo: [{ type: 'response.cancel', response_id: id }],
    };
  }

  /** What a foreign response left is taken back, a call of a tool as well: nobody answers it. */
  #done({ id, status, output }: RealtimeResponse, now: number): Finding {
    if (status === 'cancelled') this.#cutAt = now;
    if (!this.#foreignResponses.has(id)) return nothing;
    return {
      foreign: null,
      undo: output.map((item) => ({ type: 'conversation.item.delete', item_id: item.id })),
    };
  }
}

function isInOurName({ id }: ConversationItem): boolean {
  return Object.values(OWN_ITEM_PREFIX).some((prefix) => id.startsWith(prefix));
}
