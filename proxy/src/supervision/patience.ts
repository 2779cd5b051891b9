import type { InterviewMode, RealtimeServerEvent } from '@interview/protocol';
import type { InterviewState } from './interview-state.ts';
import { languageName } from './instructions.ts';
import { promptFor, SILENCE_STEPS, SilenceWatch, type SilenceLadder } from './silence.ts';
import type { Utterance } from './utterance.ts';

export interface PatienceOptions {
  mode: InterviewMode;
  /** BCP 47 tag. */
  language: string;
  /** Instead of what is done about a silence otherwise. */
  ladder: SilenceLadder | undefined;
  /** The response is about the silence itself. */
  isPrompt: (responseId: string) => boolean;
  /** Let the model say something of this kind. */
  prompt: (task: string) => void;
  pause: () => void;
  absent: () => void;
}

/** Knows when it is for the candidate to speak or write, and does what is to be done when they do not. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #silence: SilenceWatch;
  /** In writing: the interviewer's last word waits for an answer, which nobody sees being typed. */
  #awaited = false;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#silence = new SilenceWatch(options.ladder ?? SILENCE_STEPS, options.isPrompt);
  }

  handle(event: RealtimeServerEvent, now: number): void {
    this.#silence.handle(event, now);
  }

  /** Lines that are final now. */
  heard(utterances: readonly Utterance[]): void {
    if (utterances.some(({ role }) => role === 'interviewer')) this.#awaited = true;
  }

  /** It is the candidate's turn from now on, Unix time in milliseconds. */
  begins(now: number): void {
    this.#silence.begins(now);
  }

  /** The candidate did something. */
  broken(): void {
    this.#silence.broken();
  }

  /** The candidate wrote something. */
  typed(): void {
    this.broken();
    this.#awaited = false;
  }

  /** Whoever writes may be in the middle of an answer. */
  isTyping({ phase }: InterviewState): boolean {
    return this.#options.mode === 'text' && this.#awaited && phase !== 'closing';
  }

  /** Time went on. In writing nobody sees whether somebody is at it. */
  tick(now: number, { phase, paused_since, troubled_since }: InterviewState): void {
    const { mode, language, prompt, pause, absent } = this.#options;
    const waiting = mode === 'text' || phase === 'closing' || troubled_since !== null;
    const step = this.#silence.tick(now, { paused: paused_since !== null, waiting });
    if (step === null) return;
    const task = promptFor(step, languageName(language));
    if (task !== null) prompt(task);
    else if (step === 'pause') pause();
    else absent();
  }
}
