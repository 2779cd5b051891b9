import { makeId } from '../ids.ts';
import { RequestError } from '../request-error.ts';
import type { CandidateTurn } from '../scenario.ts';
import type { Chain } from './chain.ts';
import { itemOnWire, type SpeechItem } from './items.ts';
import type { ConversationPorts } from './ports.ts';

/** Less audio than this can't be committed, milliseconds. */
const MIN_COMMIT_MS = 100;
/** Between two deltas of a transcription, milliseconds. */
const DELTA_STEP_MS = 40;

/** What an input needs of the conversation around it. */
export interface InputHost {
  readonly ports: ConversationPorts;
  readonly chain: Chain;
  transcribes(): boolean;
  /** A turn was committed; `respond` unless the client has asked for none. */
  committed(turn: CandidateTurn): void;
}

/** The input audio buffer: reserves an item when speech starts, commits it, has it transcribed. */
export class Input {
  readonly #host: InputHost;
  #open: string | null = null;

  constructor(host: InputHost) {
    this.#host = host;
  }

  /** Speech began at `audioMs` of the input's own clock. */
  speechStarted(audioMs: number): void {
    this.#open = makeId('item');
    this.#emit('input_audio_buffer.speech_started', {
      audio_start_ms: Math.round(audioMs),
      item_id: this.#open,
    });
  }

  /** Silence ended the turn; one that was committed or cleared meanwhile is over already. */
  speechStopped(audioMs: number): void {
    const id = this.#open;
    const { speechMs } = this.#host.ports.ear.take();
    if (id === null) return;
    this.#open = null;
    this.#emit('input_audio_buffer.speech_stopped', {
      audio_end_ms: Math.round(audioMs),
      item_id: id,
    });
    this.#commit(id, speechMs, true);
  }

  /**
   * A client commits what is there.
   *
   * @throws RequestError `input_audio_buffer_commit_empty`
   */
  commit(detectsTurns: boolean): void {
    const { bufferedMs, speechMs } = this.#host.ports.ear.take();
    const nothing = detectsTurns ? this.#open === null : bufferedMs < MIN_COMMIT_MS;
    if (nothing) {
      const found = detectsTurns ? 0 : bufferedMs;
      throw new RequestError(
        'input_audio_buffer_commit_empty',
        'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, ' +
          `but buffer only has ${found.toFixed(2)}ms of audio.`,
      );
    }
    const id = this.#open ?? makeId('item');
    this.#open = null;
    this.#commit(id, speechMs, false);
  }

  /** Forgets what was heard and not committed; an item that was reserved for it never comes. */
  clear(): void {
    this.#host.ports.ear.take();
    this.#open = null;
    this.#emit('input_audio_buffer.cleared', {});
  }

  #commit(id: string, speechMs: number, byTurnDetection: boolean): void {
    const turn = this.#host.ports.nextTurn();
    const item: SpeechItem = {
      id,
      kind: 'speech',
      status: 'completed',
      heard: turn.transcription === 'empty' ? '' : turn.text,
      transcript: null,
      outcome: 'pending',
    };
    const previous = this.#host.chain.insert(item);
    this.#emit('input_audio_buffer.committed', { previous_item_id: previous, item_id: id });
    for (const type of ['conversation.item.added', 'conversation.item.done']) {
      this.#emit(type, { previous_item_id: previous, item: itemOnWire(item) });
    }
    if (this.#host.transcribes()) this.#transcribe(item, turn, speechMs);
    if (byTurnDetection) this.#host.committed(turn);
  }

  #transcribe(item: SpeechItem, turn: CandidateTurn, speechMs: number): void {
    if (turn.transcription === 'never') return;
    const { pace, timers } = this.#host.ports;
    const delay = turn.transcription_delay_ms ?? pace.transcriptionDelayMs;
    timers.after(delay, () => {
      if (turn.transcription === 'failed') this.#fail(item);
      else if (turn.transcription === 'empty') this.#complete(item, '', speechMs);
      else this.#write(item, turn.text ?? honestTranscript(speechMs), speechMs);
    });
  }

  #write(item: SpeechItem, text: string, speechMs: number): void {
    const pieces = text.match(/\S+\s*(?:\S+\s*){0,2}/g) ?? [text];
    pieces.forEach((delta, index) => {
      this.#host.ports.timers.after(index * DELTA_STEP_MS, () => {
        this.#emit('conversation.item.input_audio_transcription.delta', {
          item_id: item.id,
          content_index: 0,
          delta,
        });
        if (index === pieces.length - 1) this.#complete(item, text, speechMs);
      });
    });
  }

  #complete(item: SpeechItem, text: string, speechMs: number): void {
    item.transcript = text;
    item.outcome = text.trim() === '' ? 'inaudible' : 'final';
    this.#emit('conversation.item.input_audio_transcription.completed', {
      item_id: item.id,
      content_index: 0,
      // The provider ends its transcripts with a line break.
      transcript: `${text}\n`,
      usage: { type: 'duration', seconds: Math.round(speechMs / 100) / 10 },
    });
  }

  #fail(item: SpeechItem): void {
    item.outcome = 'failed';
    this.#emit('conversation.item.input_audio_transcription.failed', {
      item_id: item.id,
      content_index: 0,
      error: {
        type: 'server_error',
        code: null,
        message: 'Input transcription failed for this item.',
        param: null,
      },
    });
  }

  #emit(type: string, fields: Record<string, unknown>): void {
    this.#host.ports.emit({ type, ...fields });
  }
}

/** Without a scenario nobody knows the words, and the transcript says so. */
export function honestTranscript(speechMs: number): string {
  return `[Simulated transcript: ${(speechMs / 1000).toFixed(1)} seconds of speech]`;
}
