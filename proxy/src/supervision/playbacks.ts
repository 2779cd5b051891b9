import type { RealtimeResponse } from '@interview/protocol';
import { cutOff, playOut, type Draft } from './draft.ts';

/** What a provider tells of a playback. */
export type Playback =
  'output_audio_buffer.started' | 'output_audio_buffer.stopped' | 'output_audio_buffer.cleared';

/** Knows of each response where it belongs and when it is played: that is told by response, never by line. Pure. */
export class Playbacks {
  readonly #callStart: number;
  readonly #responses = new Map<
    string,
    { conversationId: string | null; startedMs: number | null }
  >();

  /** `callStart`: Unix time, milliseconds. */
  constructor(callStart: number) {
    this.#callStart = callStart;
  }

  begin({ id, conversationId }: RealtimeResponse): void {
    this.#responses.set(id, { conversationId, startedMs: null });
  }

  /** When it began to be played, milliseconds since the call's start; null before that. */
  startedMs(responseId: string): number | null {
    return this.#responses.get(responseId)?.startedMs ?? null;
  }

  /** True for what is said beside the conversation, whose items have no place. */
  isBeside(responseId: string | null): boolean {
    return responseId !== null && this.#responses.get(responseId)?.conversationId === null;
  }

  /** Returns the lines of whose playback this is. `now`: Unix time, milliseconds. */
  handle(
    type: Playback,
    responseId: string,
    drafts: readonly Draft[],
    now: number,
  ): readonly Draft[] {
    const at = now - this.#callStart;
    const response = this.#responses.get(responseId);
    if (type === 'output_audio_buffer.started' && response) response.startedMs ??= at;
    const lines = this.#linesOf(responseId, drafts);
    for (const draft of lines) {
      if (type === 'output_audio_buffer.started') draft.startedMs ??= at;
      if (type === 'output_audio_buffer.stopped') playOut(draft, at);
      if (type === 'output_audio_buffer.cleared') cutOff(draft, at, now);
    }
    return lines;
  }

  /** Whoever comes while a line is played finds it whole, and is not told in which response it was made. */
  #linesOf(responseId: string, drafts: readonly Draft[]): Draft[] {
    if (!this.#responses.has(responseId) && !drafts.some((one) => one.responseId === responseId)) {
      for (const found of drafts.filter(isFound)) found.responseId = responseId;
    }
    return drafts.filter((draft) => draft.responseId === responseId);
  }
}

/** A line of the interviewer that was asked for, and whose playback may still run. */
export function isFound({ role, responseId, textDone, played }: Draft): boolean {
  return role === 'interviewer' && responseId === null && textDone && !played;
}
