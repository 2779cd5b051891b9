import type { RealtimeServerEvent } from '@interview/protocol';
import { OpenToolCalls } from './open-tool-calls.ts';
import { isPatient, type WantedResponse } from './wanted-response.ts';

/** Who speaks, as far as the provider tells, and who may. */
export class Floor {
  readonly #calls: OpenToolCalls;
  /** The response that runs. */
  #active: string | null = null;
  /** The provider says that one runs of which we have not heard. */
  #blocked = false;
  #listening = false;

  /** `answered`: no tool is waited for any more. */
  constructor(answered: () => void) {
    this.#calls = new OpenToolCalls(answered);
  }

  /** A response runs. */
  get taken(): boolean {
    return this.#active !== null || this.#blocked;
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
    if (event.type === 'input_audio_buffer.speech_started') this.#listening = true;
    // Not when the speech has stopped: what was said is part of the conversation only when it is committed.
    if (
      event.type === 'input_audio_buffer.committed' ||
      event.type === 'input_audio_buffer.cleared'
    )
      this.#listening = false;
  }

  /** A tool call has its output. */
  answered(toolCall: string): void {
    this.#calls.answered(toolCall);
  }

  /** The candidate does not speak any more. */
  quiet(): void {
    this.#listening = false;
  }

  take(responseId: string): void {
    this.#active = responseId;
    this.#blocked = false;
  }

  /** Whatever runs without our knowledge, it holds up nobody until `free`. */
  block(): void {
    this.#blocked = true;
  }

  /** Returns false where another response runs than the one that has ended; null: whichever it was. */
  free(responseId: string | null): boolean {
    if (this.#active !== null && responseId !== null && this.#active !== responseId) return false;
    this.#active = null;
    this.#blocked = false;
    return true;
  }

  /** This may be said as soon as no response runs. */
  allows(wanted: WantedResponse): boolean {
    return !isPatient(wanted) || (!this.#listening && !this.#calls.any);
  }

  stop(): void {
    this.#calls.stop();
    this.#blocked = true;
  }
}
