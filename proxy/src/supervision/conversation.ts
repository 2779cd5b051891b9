import type { ConversationItem, RealtimeServerEvent } from '@interview/protocol';
import {
  append,
  endTurn,
  fail,
  finish,
  giveUp,
  newDraft,
  take,
  transcribe,
  truncate,
  type Draft,
} from './draft.ts';
import { ItemChain, PARK_MS } from './item-chain.ts';
import { isFound, Playbacks, type Playback } from './playbacks.ts';
import { speakerOf, utteranceOf, type Utterance } from './utterance.ts';

/**
 * Keeps the server's copy of a conversation: pure but for the time that is passed in. Every method returns the
 * utterances that became final, or of which more is known now.
 */
export class Conversation {
  readonly #chain: ItemChain;
  readonly #drafts = new Map<string, Draft>();
  readonly #hidden: (itemId: string) => boolean;
  readonly #playbacks: Playbacks;
  readonly #start: number;

  /** `start`: Unix time of the call's start, milliseconds; `hidden`: items that we created and that nobody said. */
  constructor(options: {
    start: number;
    placed: readonly { id: string; position: number }[];
    hidden: (itemId: string) => boolean;
  }) {
    this.#chain = new ItemChain(options.placed);
    this.#start = options.start;
    this.#playbacks = new Playbacks(options.start);
    this.#hidden = options.hidden;
  }

  handle(event: RealtimeServerEvent, now: number): Utterance[] {
    switch (event.type) {
      case 'input_audio_buffer.speech_started': {
        const draft = this.#draft(event.itemId, now);
        draft.startedMs ??= event.audioStartMs;
        return [];
      }
      case 'input_audio_buffer.speech_stopped':
        this.#draft(event.itemId, now).endedMs = event.audioEndMs;
        return [];
      case 'input_audio_buffer.committed':
        return this.#committed(event.itemId, event.previousItemId, now);
      case 'conversation.item.added':
      case 'conversation.item.done':
      case 'conversation.item.created':
        return this.#item(event.item, event.previousItemId, event.type, now);
      case 'conversation.item.retrieved':
        return this.#retrieved(event.item, now);
      case 'conversation.item.input_audio_transcription.delta': {
        const draft = this.#draft(event.itemId, now);
        if (!draft.textDone) append(draft, event.contentIndex, event.delta);
        return [];
      }
      case 'conversation.item.input_audio_transcription.completed': {
        const draft = this.#draft(event.itemId, now);
        transcribe(draft, event);
        return this.#tell([draft]);
      }
      case 'conversation.item.input_audio_transcription.failed': {
        const draft = this.#draft(event.itemId, now);
        fail(draft);
        return this.#tell([draft]);
      }
      case 'conversation.item.truncated':
        return this.#truncated(event.itemId, event.audioEndMs, now);
      default:
        return this.#response(event, now);
    }
  }

  /** Closes what waited too long; `Infinity` closes everything, as at the end of a call. */
  settle(now: number): Utterance[] {
    const placed = this.#settled(now);
    const late = [...this.#drafts.values()].filter(
      (one) => now >= one.closeAt && one.told === null,
    );
    for (const draft of late) giveUp(draft);
    return this.#tell(new Set([...placed, ...late]));
  }

  /**
   * Closes, for good, what has its whole text, as where another supervisor goes on: that one hears the rest, and what
   * is told of half a line now would stand above it.
   */
  handOver(): Utterance[] {
    const placed = this.#settled(Infinity);
    const whole = [...this.#drafts.values()].filter((one) => one.textDone && one.told === null);
    for (const draft of whole) giveUp(draft);
    return this.#tell(new Set([...placed, ...whole]));
  }

  /** Places what nobody has told the place of. */
  #settled(now: number): Draft[] {
    const found = [...this.#drafts.values()]
      .filter((one) => one.role !== null && one.textDone && now - one.seenAt >= PARK_MS)
      .filter((one) => !this.#playbacks.isBeside(one.responseId))
      .flatMap((one) => this.#chain.adopt(one.itemId, now));
    const placed = [...found, ...this.#chain.settle(now)];
    return placed.flatMap((id) => this.#drafts.get(id) ?? []);
  }

  /** True while an utterance is under way or its text is still to come. */
  get open(): boolean {
    return [...this.#drafts.values()].some(
      (draft) =>
        draft.told === null && draft.role !== null && this.#chain.positionOf(draft.itemId) !== null,
    );
  }

  #committed(itemId: string, previous: string | null, now: number): Utterance[] {
    endTurn(this.#draft(itemId, now), previous, { now, callStart: this.#start });
    // Whoever speaks while a line is played cuts it, and that is told before.
    const before = [...this.#drafts.values()].filter((one) => isFound(one) && !one.interrupted);
    for (const draft of before) draft.played = true;
    return [...this.#place(itemId, previous, now), ...this.#tell(before)];
  }

  #item(
    item: ConversationItem,
    previous: string | null | undefined,
    type: string,
    now: number,
  ): Utterance[] {
    if (item.kind !== 'message' || this.#hidden(item.id)) {
      return this.#place(item.id, previous, now);
    }
    const draft = this.#draft(item.id, now);
    draft.role = speakerOf(item.role) ?? draft.role;
    draft.previousItemId = previous ?? draft.previousItemId;
    take(draft, item.content);
    const written = item.content.some((part) => part.kind === 'text');
    if (item.role !== 'assistant' && written) draft.textDone = true;
    const done = type === 'conversation.item.done' && item.status !== 'in_progress';
    if (item.role === 'assistant' && done) finish(draft, item, now);
    return [...this.#place(item.id, previous, now), ...this.#tell([draft])];
  }

  /** Of an item that was asked for since its own events were missed nobody tells the place: it is the newest. */
  #retrieved(item: ConversationItem, now: number): Utterance[] {
    if (this.#drafts.get(item.id)?.textDone || item.status === 'in_progress') return [];
    const told = this.#item(item, undefined, 'conversation.item.done', now);
    const draft = this.#drafts.get(item.id);
    const transcript = item.content.map((part) => part.text ?? '').join('');
    if (!draft || item.role !== 'user' || transcript === '') return told;
    transcribe(draft, { contentIndex: 0, transcript, language: null });
    return this.#tell([draft]);
  }

  #response(event: RealtimeServerEvent, now: number): Utterance[] {
    switch (event.type) {
      case 'response.created':
        this.#playbacks.begin(event.response);
        return [];
      case 'response.output_item.added':
      case 'response.output_item.done':
        return this.#output(event.responseId, event.item, event.type, now);
      case 'response.text.delta': {
        const draft = this.#draft(event.itemId, now);
        draft.responseId ??= event.responseId;
        if (!draft.textDone) append(draft, event.contentIndex, event.delta);
        return [];
      }
      case 'response.text.done':
        if (event.text !== '')
          this.#draft(event.itemId, now).parts.set(event.contentIndex, event.text);
        return [];
      case 'response.done':
        return this.#tell(
          event.response.output
            .filter((item) => item.kind === 'message' && this.#drafts.has(item.id))
            .map((item) => this.#finished(this.#draft(item.id, now), item, now)),
        );
      case 'output_audio_buffer.started':
      case 'output_audio_buffer.stopped':
      case 'output_audio_buffer.cleared':
        return this.#playback(event.type, event.responseId, now);
      default:
        return [];
    }
  }

  #output(responseId: string, item: ConversationItem, type: string, now: number): Utterance[] {
    if (item.kind !== 'message') return [];
    const draft = this.#draft(item.id, now);
    draft.role = 'interviewer';
    draft.responseId = responseId;
    draft.startedMs ??= this.#playbacks.startedMs(responseId);
    if (type === 'response.output_item.done') return this.#tell([this.#finished(draft, item, now)]);
    take(draft, item.content);
    return [];
  }

  #finished(draft: Draft, item: ConversationItem, now: number): Draft {
    finish(draft, item, now);
    return draft;
  }

  #playback(type: Playback, responseId: string, now: number): Utterance[] {
    const drafts = [...this.#drafts.values()];
    return this.#tell(this.#playbacks.handle(type, responseId, drafts, now));
  }

  #truncated(itemId: string, heardMs: number, now: number): Utterance[] {
    const draft = this.#draft(itemId, now);
    truncate(draft, heardMs, now);
    return this.#tell([draft]);
  }

  #place(itemId: string, previous: string | null | undefined, now: number): Utterance[] {
    const placed = this.#chain.place(itemId, previous, now);
    return this.#tell(placed.flatMap((id) => this.#drafts.get(id) ?? []));
  }

  #draft(itemId: string, now: number): Draft {
    const known = this.#drafts.get(itemId);
    if (known) return known;
    const draft = newDraft(itemId, now);
    this.#drafts.set(itemId, draft);
    return draft;
  }

  /** The final ones among `drafts` that are new or changed since they were last told. */
  #tell(drafts: Iterable<Draft>): Utterance[] {
    return [...new Set(drafts)].flatMap((draft) => {
      const utterance = utteranceOf(draft, this.#chain.positionOf(draft.itemId));
      if (!utterance) return [];
      const version = JSON.stringify(utterance);
      if (version === draft.told) return [];
      draft.told = version;
      return [utterance];
    });
  }
}
