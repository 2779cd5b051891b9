import type {
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeServerEvent,
  RealtimeSession,
} from '@interview/protocol';
import { nothing, type Finding } from './finding.ts';
import { ForeignItems } from './foreign-items.ts';
import { METADATA_KEY } from './requests.ts';
import { SessionSettings } from './session-settings.ts';

/** The server truncates what was cut off within moments, milliseconds. Our choice, generously. */
const TRUNCATION_MS = 3_000;
/** So long after taking over, what the supervisor before sent may still arrive, milliseconds. */
export const INHERITED_MS = 3_000;
/** So often within so many milliseconds ends a call. */
const MAX_STRIKES = 3;
const STRIKES_MS = 60_000;

/** What is to be done about an event. */
export interface Verdict extends Finding {
  /** It happened often enough now to end the call. */
  enough: boolean;
}

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
  readonly #items: ForeignItems;
  readonly #inheritsUntil: number;
  /** Marks of responses that we asked for and that have not begun. */
  readonly #asked = new Set<string>();
  readonly #foreignResponses = new Set<string>();
  readonly #truncated = new Set<string>();
  /** Servers that echo no metadata can't be held to it. */
  #echoesMarks = false;
  #told = false;
  /** When something that was being said was last cut off. */
  #cutAt = -Infinity;
  #strikes: number[] = [];

  constructor({ sessions, adopted, isOfAnother, now }: TamperingOptions) {
    this.#settings = sessions.length === 0 ? null : new SessionSettings(sessions);
    this.#inheritsUntil = adopted ? now + INHERITED_MS : 0;
    this.#items = new ForeignItems({ adopted, inheritsUntil: this.#inheritsUntil, isOfAnother });
  }

  /** We send this. */
  sent(event: RealtimeClientEvent, now: number): void {
    switch (event.type) {
      case 'session.update':
        this.#settings?.update(event.session);
        break;
      case 'conversation.item.create':
        this.#items.creates(event.item);
        break;
      case 'conversation.item.delete':
        this.#items.deletes(event.item_id);
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
    return this.#items.has(itemId);
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
        return this.#items.added(event.item, event.previousItemId, now);
      case 'conversation.item.retrieved':
        return this.#items.found(event.item);
      case 'conversation.item.deleted':
        return this.#items.deleted(event.itemId, now);
      case 'conversation.item.truncated':
        return this.#truncation(event.itemId, now);
      case 'response.created':
        return this.#begun(event.response, now);
      case 'response.output_item.added':
        this.#items.ofResponse(event.item.id);
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
    if (anew && this.#told) this.#items.missed();
    const at = this.#told ? {} : { at: 'attach' };
    this.#told = true;
    if (!this.#settings) return nothing;
    const { changed, corrections } = this.#settings.check(session, { anew });
    return {
      foreign: changed.length === 0 ? null : { what: 'config', detail: { changed, ...at } },
      undo: corrections.map((one) => ({ type: 'session.update', session: one })),
    };
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
