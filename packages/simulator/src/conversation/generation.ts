import type { Decision } from '../brain.ts';
import { makeId } from '../ids.ts';
import type { Chain } from './chain.ts';
import { itemOnWire, type CallItem, type Item, type ReplyItem } from './items.ts';
import type { ConversationPorts, Playback } from './ports.ts';

/** Speech has about this many characters a second. */
const CHARACTERS_PER_SECOND = 14;
/** Pieces of text that come before the sound does. */
const PIECES_BEFORE_AUDIO = 4;
/** From the item's end to the response's, milliseconds: the gap in which only the response can be cancelled. */
const SETTLE_MS = 20;

/** What was asked for. */
export interface GenerationRequest {
  decide(): Decision;
  form: 'audio' | 'text';
  /** Outside the conversation: its items are in no chain. */
  apart: boolean;
  metadata: Record<string, string> | null;
  delayMs: number;
}

/** What a generation needs of those around it. */
export interface GenerationHost {
  readonly ports: ConversationPorts;
  readonly chain: Chain;
  readonly conversationId: string;
  /** The `audio` and `max_output_tokens` members of a response. */
  describe(): Record<string, unknown>;
  /** Plays `text`, all that `item` will say. */
  play(responseId: string, item: ReplyItem, text: string): Playback;
  /** `response.done` is out. */
  done(): void;
}

/** One response from its request to `response.done`. The sound goes on after it, by itself. */
export class Generation {
  readonly id = makeId('resp');
  readonly #host: GenerationHost;
  readonly #request: GenerationRequest;
  #item: ReplyItem | CallItem | null = null;
  #playback: Playback | null = null;
  #whole = '';
  #cancelNext: () => void = () => undefined;
  #ended = false;

  constructor(host: GenerationHost, request: GenerationRequest) {
    this.#host = host;
    this.#request = request;
  }

  /** Announces the response and thinks for a while. What the model knows is fixed now. */
  begin(): void {
    const decision = this.#request.decide();
    this.#emit('response.created', { response: this.#describe('in_progress', null) });
    this.#emit('rate_limits.updated', {
      rate_limits: [
        { name: 'requests', limit: 5000, remaining: 4999, reset_seconds: 0.012 },
        { name: 'tokens', limit: 400_000, remaining: 399_000, reset_seconds: 0.15 },
      ],
    });
    this.#later(this.#request.delayMs, () => {
      if (decision.kind === 'say') this.#say(decision.text);
      else this.#call(decision.name, JSON.stringify(decision.arguments));
    });
  }

  /**
   * Ends it early. What was generated stays; what was not is never said.
   * Returns the reply that was cut off before its sound began, if that is how it stood.
   */
  cancel(reason: 'turn_detected' | 'client_cancelled'): ReplyItem | null {
    this.#cancelNext();
    const item = this.#item;
    const open = item?.status === 'in_progress' ? item : null;
    if (open?.kind === 'reply') {
      open.interrupted = true;
      if (this.#playback) this.#playback.limit(open.text.length / this.#whole.length);
      else if (open.form === 'audio') open.heardMs = 0;
    }
    if (open) this.#close(open, 'incomplete');
    this.#finish('cancelled', { type: 'cancelled', reason });
    const unheard = open?.kind === 'reply' && open.form === 'audio' && !this.#playback;
    return unheard ? open : null;
  }

  #say(text: string): void {
    this.#whole = text;
    const item: ReplyItem = {
      id: makeId('item'),
      kind: 'reply',
      status: 'in_progress',
      form: this.#request.form,
      text: '',
      interrupted: false,
      heardMs: null,
      truncated: false,
    };
    this.#open(item);
    this.#emit('response.content_part.added', { ...this.#place(item), part: this.#part(item) });
    const pieces = text.match(/\S+\s*/g) ?? [text];
    this.#speakPiece(item, pieces, 0);
  }

  #speakPiece(item: ReplyItem, pieces: readonly string[], index: number): void {
    const piece = pieces[index];
    if (piece === undefined) {
      this.#close(item, 'completed');
      this.#later(SETTLE_MS, () => this.#finish('completed', null));
      return;
    }
    const type =
      item.form === 'audio'
        ? 'response.output_audio_transcript.delta'
        : 'response.output_text.delta';
    item.text += piece;
    this.#emit(type, { ...this.#place(item), delta: piece });
    const due = index + 1 === Math.min(PIECES_BEFORE_AUDIO, pieces.length);
    if (due && item.form === 'audio') this.#playback = this.#host.play(this.id, item, this.#whole);
    const pause =
      (piece.length / CHARACTERS_PER_SECOND / this.#host.ports.pace.generationSpeed) * 1000;
    this.#later(pause, () => this.#speakPiece(item, pieces, index + 1));
  }

  #call(name: string, json: string): void {
    const item: CallItem = {
      id: makeId('item'),
      kind: 'call',
      status: 'in_progress',
      callId: makeId('call'),
      name,
      arguments: '',
    };
    this.#open(item);
    const pieces = json.match(/[\s\S]{1,12}/g) ?? [];
    for (const delta of pieces) {
      this.#emit('response.function_call_arguments.delta', { ...this.#toolPlace(item), delta });
    }
    item.arguments = json;
    this.#close(item, 'completed');
    this.#later(SETTLE_MS, () => this.#finish('completed', null));
  }

  #open(item: ReplyItem | CallItem): void {
    this.#item = item;
    this.#emit('response.output_item.added', {
      response_id: this.id,
      output_index: 0,
      item: itemOnWire(item),
    });
    if (this.#request.apart) return;
    this.#emit('conversation.item.added', {
      previous_item_id: this.#host.chain.insert(item),
      item: itemOnWire(item),
    });
  }

  #close(item: ReplyItem | CallItem, status: 'completed' | 'incomplete'): void {
    item.status = status;
    if (item.kind === 'call') {
      this.#emit('response.function_call_arguments.done', {
        ...this.#toolPlace(item),
        name: item.name,
        arguments: item.arguments,
      });
    } else {
      this.#closeParts(item);
    }
    this.#emit('response.output_item.done', {
      response_id: this.id,
      output_index: 0,
      item: itemOnWire(item),
    });
    if (this.#request.apart) return;
    this.#emit('conversation.item.done', {
      previous_item_id: this.#host.chain.previousOf(item.id),
      item: itemOnWire(item),
    });
  }

  #closeParts(item: ReplyItem): void {
    const place = this.#place(item);
    if (item.form === 'audio') {
      this.#emit('response.output_audio.done', place);
      this.#emit('response.output_audio_transcript.done', { ...place, transcript: item.text });
    } else {
      this.#emit('response.output_text.done', { ...place, text: item.text });
    }
    this.#emit('response.content_part.done', { ...place, part: this.#part(item) });
  }

  #finish(status: 'completed' | 'cancelled', details: Record<string, unknown> | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#emit('response.done', { response: this.#describe(status, details) });
    this.#host.done();
  }

  #describe(status: string, details: Record<string, unknown> | null): Record<string, unknown> {
    const output: Item[] = this.#item && status !== 'in_progress' ? [this.#item] : [];
    const spoken = Math.ceil((this.#item?.kind === 'reply' ? this.#item.text.length : 40) / 4);
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: output.map(itemOnWire),
      conversation_id: this.#request.apart ? null : this.#host.conversationId,
      output_modalities: [this.#request.form],
      ...this.#host.describe(),
      usage:
        status === 'in_progress'
          ? null
          : { total_tokens: 100 + spoken, input_tokens: 100, output_tokens: spoken },
      metadata: this.#request.metadata,
    };
  }

  #part(item: ReplyItem): Record<string, unknown> {
    return item.form === 'audio'
      ? { type: 'audio', transcript: item.text }
      : { type: 'text', text: item.text };
  }

  #place(item: Item): Record<string, unknown> {
    return { response_id: this.id, item_id: item.id, output_index: 0, content_index: 0 };
  }

  #toolPlace(item: CallItem): Record<string, unknown> {
    return { response_id: this.id, item_id: item.id, output_index: 0, call_id: item.callId };
  }

  #later(ms: number, action: () => void): void {
    this.#cancelNext = this.#host.ports.timers.after(ms, action);
  }

  #emit(type: string, fields: Record<string, unknown>): void {
    this.#host.ports.emit({ type, ...fields });
  }
}
