import type { RealtimeServerEvent } from '@interview/protocol';
import { OpenToolCalls } from './open-tool-calls.ts';
import { isPatient, type WantedResponse } from './wanted-response.ts';

/** What was said is committed as soon as it has ended; where it is not by then, it was no speech, milliseconds. Our choice. */
const COMMITTED_MS = 2_000;

/** Who speaks, as far as the provider tells, and who may. */
export class Floor {
  readonly #calls: OpenToolCalls;
  /** The response that runs. */
  #active: string | null = null;
  /** The provider says that one runs of which we have not heard. */
  #blocked = false;
  /** What runs was cut, so that it must end soon. */
  #cut = false;
  #listening = false;
  /** Nobody shall speak: nothing is asked for, and what the provider begins is stopped. */
  held = false;
  #silence: NodeJS.Timeout | undefined;
  readonly #free: () => void;

  /** `free`: neither a tool nor the end of a turn is waited for any more. */
  constructor(free: () => void) {
    this.#free = free;
    this.#calls = new OpenToolCalls(free);
  }

  /** A response runs. */
  get taken(): boolean {
    return this.#active !== null || this.#blocked;
  }

  /** A response runs that nobody has cut. */
  get runs(): boolean {
    return this.#active !== null && !this.#cut;
  }

  get active(): string | null {
    return this.#active;
  }

  /** The candidate speaks. */
  get listening(): boolean {
    return this.#listening;
  }

  handle(event: RealtimeServerEvent): void {
    this.#calls.handle(event);
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        clearTimeout(this.#silence);
        this.#listening = true;
        break;
      case 'input_audio_buffer.speech_stopped':
        // What was said is part of the conversation only when it is committed.
        clearTimeout(this.#silence);
        this.#silence = setTimeout(() => {
          this.quiet();
          this.#free();
        }, COMMITTED_MS).unref();
        break;
      case 'input_audio_buffer.committed':
      case 'input_audio_buffer.cleared':
        this.quiet();
        break;
      default:
        break;
    }
  }

  /** A tool call has its output. */
  answered(toolCall: string): void {
    this.#calls.answered(toolCall);
  }

  /** The candidate does not speak any more. */
  quiet(): void {
    clearTimeout(this.#silence);
    this.#listening = false;
  }

  take(responseId: string): void {
    this.#active = responseId;
    this.#cut = false;
  }

  /** What runs is stopped; its end is still to be told. */
  cut(): void {
    this.#cut = true;
  }

  /** Whatever runs without our knowledge, it holds up nobody until `free`. */
  block(): void {
    this.#blocked = true;
  }

  /** A response has ended, null: whichever it was; another that runs goes on. */
  free(responseId: string | null): void {
    if (this.#active !== null && responseId !== null && this.#active !== responseId) return;
    this.#active = null;
    this.#blocked = false;
  }

  /** This may be said as soon as no response runs. */
  allows(wanted: WantedResponse): boolean {
    return !isPatient(wanted) || (!this.#listening && !this.#calls.any);
  }

  stop(): void {
    clearTimeout(this.#silence);
    this.#calls.stop();
    this.held = true;
  }
}
