import type { RealtimeServerEvent } from '@interview/protocol';
import type { SessionBrief } from '../storage/port.ts';
import type { Director } from './director.ts';
import { languageName } from './instructions.ts';
import type { Interviewer } from './interviewer.ts';
import type { Observer } from './observer.ts';
import { promptFor, SILENCE_STEPS, SilenceWatch, type SilenceLadder } from './silence.ts';
import type { Utterance } from './utterance.ts';

export interface PatienceOptions {
  brief: SessionBrief;
  /** Instead of what is done about a silence otherwise. */
  ladder: SilenceLadder | undefined;
  director: Director;
  interviewer: Interviewer;
  observer: Observer;
}

/** Knows when it is for the candidate to speak or write, and does what is to be done when they do not. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #silence: SilenceWatch;
  /** In writing: the interviewer's last word waits for an answer, which nobody sees being typed. */
  #awaited = false;
  /** The candidate's microphone is off. */
  muted = false;

  constructor(options: PatienceOptions) {
    this.#options = options;
    const { ladder = SILENCE_STEPS, interviewer, observer } = options;
    this.#silence = new SilenceWatch(ladder, {
      isPrompt: (id) => interviewer.prompted(id),
      speaking: () => observer.speaking,
    });
  }

  /** After the observer: an event may be the end of what the candidate said. */
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
  get typing(): boolean {
    const { brief, director } = this.#options;
    const written = brief.session.mode === 'text';
    return written && this.#awaited && director.state.phase !== 'closing';
  }

  /** Time went on. In writing nobody sees whether somebody is at it. */
  tick(now: number): void {
    const { brief, director, observer } = this.#options;
    const { session, interview } = brief;
    const { phase, paused_since: since, troubled_since: troubled, quiet_until } = director.state;
    const step = this.#silence.tick(now, {
      paused: since !== null,
      waiting: session.mode === 'text' || phase === 'closing' || troubled !== null,
      quietUntil: observer.speaking ? 0 : quiet_until,
      muted: this.muted,
    });
    if (step === null) return;
    const task = promptFor(step, languageName(interview.language));
    if (task !== null) void director.perform([{ type: 'prompt', task }]);
    else void director.input({ now, type: step === 'pause' ? 'pause' : 'absent' });
  }
}
