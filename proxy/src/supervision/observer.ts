import type { ConversationItem, RealtimeServerEvent } from '@interview/protocol';
import type { Utterance } from './utterance.ts';
import type { InterviewInput } from './interview-events.ts';
import { readToolCall } from './tools.ts';
import { wordsOf } from './words.ts';

/** Speech of an ordinary pace; only to tell how much of a cut line was heard. */
const MS_PER_CHARACTER = 65;
/** Likewise, until the transcription tells how many words there were; the model may be faster than that. */
const MS_PER_WORD = 400;

interface SpokenTurn {
  /** The step in which it began. */
  step: string;
  /** On the provider's clock, milliseconds. */
  since: number;
  counted: boolean;
  /** As far as they were told. */
  words: number;
}

/** Turns what the provider tells into inputs of the interview. */
export class Observer {
  readonly #step: () => string;
  readonly #turns = new Map<string, SpokenTurn>();
  readonly #toolCalls = new Set<string>();
  #speaking: string | null = null;
  #lastSpeech: number;

  /** `step` names the current step. */
  constructor(step: () => string, now: number) {
    this.#step = step;
    this.#lastSpeech = now;
  }

  get speaking(): boolean {
    return this.#speaking !== null;
  }

  /** When the candidate last spoke, Unix time in milliseconds. */
  get lastSpeech(): number {
    return this.#lastSpeech;
  }

  handle(event: RealtimeServerEvent, now: number): InterviewInput[] {
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        this.#speaking = event.itemId;
        this.#lastSpeech = now;
        this.#turn(event.itemId, event.audioStartMs);
        return [];
      case 'input_audio_buffer.speech_stopped': {
        this.#quiet(event.itemId, now);
        const turn = this.#turn(event.itemId, event.audioEndMs);
        return this.#spoke(turn, event.audioEndMs - turn.since, now);
      }
      case 'input_audio_buffer.cleared':
        this.#speaking = null;
        return [];
      case 'input_audio_buffer.committed': {
        // Committed by hand: nobody tells when the speech stopped.
        const ms = this.#speaking === event.itemId ? now - this.#lastSpeech : 0;
        this.#quiet(event.itemId, now);
        return this.#spoke(this.#turn(event.itemId, 0), ms, now);
      }
      case 'conversation.item.input_audio_transcription.completed': {
        const turn = this.#turns.get(event.itemId);
        if (!turn) return [];
        const words = wordsOf(event.transcript).length - turn.words;
        turn.words += words;
        return words === 0 ? [] : [{ now, type: 'spoke', step: turn.step, ms: 0, words }];
      }
      case 'conversation.item.retrieved':
        return event.item.role === 'user' ? this.#missed(event.item, now) : [];
      case 'response.output_item.done':
        return this.take(event.item, now);
      case 'response.done':
        return event.response.status === 'cancelled'
          ? []
          : event.response.output.flatMap((item) => this.take(item, now));
      default:
        return [];
    }
  }

  /** Events may have been missed: whoever spoke until now has stopped, as far as anybody can tell. */
  back(now: number): void {
    if (this.#speaking !== null) this.#quiet(this.#speaking, now);
  }

  /** What of an interviewer's line was heard; what is written is read as far as it was delivered. */
  heard(utterance: Utterance, now: number): InterviewInput[] {
    if (utterance.role !== 'interviewer') return [];
    const { text, heardMs, status, written } = utterance;
    const unknown = status === 'interrupted' && heardMs === null && !written;
    const characters = heardMs === null ? text.length : Math.round(heardMs / MS_PER_CHARACTER);
    return [{ now, type: 'heard', text: unknown ? '' : text.slice(0, characters) }];
  }

  /** A call of a tool, each once, in whichever event it comes first; anything else is none. */
  take(item: ConversationItem, now: number): InterviewInput[] {
    const { toolCallId: toolCall, name } = item;
    if (item.kind !== 'function_call' || toolCall === null || name === null) return [];
    // One that is still being written is told when it is done.
    if ((item.status ?? 'completed') !== 'completed' || this.#toolCalls.has(toolCall)) return [];
    this.#toolCalls.add(toolCall);
    return [{ now, toolCall, ...readToolCall(name, item.arguments ?? '') }];
  }

  /** A turn whose end was missed: only its words tell how long it was. */
  #missed(item: ConversationItem, now: number): InterviewInput[] {
    const words = wordsOf(item.content.map((part) => part.text ?? '').join(' ')).length;
    const turn = this.#turn(item.id, 0);
    if (turn.counted) return [];
    turn.counted = true;
    turn.words = words;
    return [{ now, type: 'spoke', step: turn.step, ms: Math.max(1, words * MS_PER_WORD), words }];
  }

  /** A turn whose beginning was missed, as after taking over a call, begins where it is first heard of. */
  #turn(itemId: string, since: number): SpokenTurn {
    const known = this.#turns.get(itemId);
    if (known) return known;
    const turn = { step: this.#step(), since, counted: false, words: 0 };
    this.#turns.set(itemId, turn);
    return turn;
  }

  #quiet(itemId: string, now: number): void {
    if (this.#speaking === itemId) this.#speaking = null;
    this.#lastSpeech = now;
  }

  #spoke(turn: SpokenTurn, ms: number, now: number): InterviewInput[] {
    if (turn.counted) return [];
    turn.counted = true;
    const estimate = Math.round(ms / MS_PER_WORD) - turn.words;
    const words = turn.words === 0 ? Math.max(0, estimate) : 0;
    turn.words += words;
    return [{ now, type: 'spoke', step: turn.step, ms: Math.max(1, ms), words }];
  }
}
