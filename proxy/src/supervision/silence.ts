import type { RealtimeServerEvent } from '@interview/protocol';

/** What is done about a candidate who says nothing, in this order. */
export type SilenceStep = 'offer_repeat' | 'offer_skip' | 'check_line' | 'pause' | 'absent';

/** Each step, and how long after the interviewer's last words it is taken, milliseconds. */
export type SilenceLadder = readonly { after: number; step: SilenceStep }[];

/**
 * Milliseconds from the end of what the interviewer said, as far as it was heard. Our choices: thinking takes time, and
 * nobody is scored by it. The last is five minutes into the pause.
 */
export const SILENCE_STEPS: SilenceLadder = [
  { after: 20_000, step: 'offer_repeat' },
  { after: 45_000, step: 'offer_skip' },
  { after: 90_000, step: 'check_line' },
  { after: 180_000, step: 'pause' },
  { after: 480_000, step: 'absent' },
];

/** How long nobody has said anything. Times are Unix times, milliseconds. */
export interface Silence {
  /** When the interviewer's words ended; null while it is not the candidate's turn. */
  readonly since: number | null;
  /** How many steps were taken since. */
  readonly taken: number;
}

export const noSilence: Silence = { since: null, taken: 0 };

/** The interviewer was heard to the end. What is said about the silence itself does not begin it anew. */
export function silenceBegins(silence: Silence, now: number): Silence {
  return silence.taken > 0 ? silence : { since: now, taken: 0 };
}

/** The next step that is due; of several that are, as after a stop of the machine, only the last. */
export function silenceGoesOn(
  ladder: SilenceLadder,
  silence: Silence,
  now: number,
): { silence: Silence; step: SilenceStep | null } {
  const { since, taken } = silence;
  if (since === null) return { silence, step: null };
  const due = ladder.filter(({ after }) => now - since >= after).length;
  if (due <= taken) return { silence, step: null };
  return { silence: { since, taken: due }, step: ladder[due - 1]?.step ?? null };
}

/** True once the silence has led to a pause. */
export function hasPaused(ladder: SilenceLadder, { taken }: Silence): boolean {
  return ladder.slice(0, taken).some(({ step }) => step === 'pause');
}

/** Why nobody minds a silence. */
export interface SilenceGrounds {
  paused: boolean;
  waiting: boolean;
  quietUntil: number;
  muted: boolean;
}

/** Listens for silence in a call. */
export class SilenceWatch {
  readonly #ladder: SilenceLadder;
  readonly #isPrompt: (responseId: string) => boolean;
  readonly #speaking: () => boolean;
  #silence: Silence = noSilence;
  /** The pause that the silence led to has begun. */
  #paused = false;
  /** It was not for the candidate to speak. */
  #waited = false;

  /** `isPrompt`: the response is about the silence itself; `speaking`: the candidate speaks, by what was told so far. */
  constructor(
    ladder: SilenceLadder,
    { isPrompt, speaking }: { isPrompt: (responseId: string) => boolean; speaking: () => boolean },
  ) {
    this.#ladder = ladder;
    this.#isPrompt = isPrompt;
    this.#speaking = speaking;
  }

  handle(event: RealtimeServerEvent, now: number): void {
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
      case 'input_audio_buffer.committed':
        this.broken();
        break;
      case 'response.created':
        if (!this.#isPrompt(event.response.id)) this.broken();
        break;
      case 'output_audio_buffer.started':
        if (!this.#isPrompt(event.responseId)) this.broken();
        break;
      case 'input_audio_buffer.speech_stopped':
      case 'output_audio_buffer.stopped':
      case 'output_audio_buffer.cleared':
        this.begins(now);
        break;
    }
  }

  /** It is the candidate's turn from now on. What is cut short by their speech leads to no silence. */
  begins(now: number): void {
    if (this.#speaking()) return;
    this.#silence = silenceBegins(this.#silence, now);
  }

  /** The candidate did something, or somebody speaks. */
  broken(): void {
    this.#silence = noSilence;
    this.#paused = false;
  }

  /**
   * `paused`: nobody listens; `waiting`: it is not for the candidate to speak, for another reason. A silence begins anew
   * at `quietUntil`, Unix time in milliseconds, and while `muted`.
   */
  tick(now: number, { paused, waiting, quietUntil, muted }: SilenceGrounds): SilenceStep | null {
    if (quietUntil > now) this.#silence = { since: quietUntil, taken: 0 };
    else if (muted && this.#silence.since !== null) this.#silence = { since: now, taken: 0 };
    const ours = hasPaused(this.#ladder, this.#silence);
    // A pause of the candidate's own, or the end of any, is no silence.
    if (waiting || (paused ? !ours : this.#paused)) this.broken();
    else this.#paused = paused;
    // After a fault nobody may have heard the question.
    if (this.#waited && !waiting && !paused) this.begins(now);
    this.#waited = waiting;
    const { silence, step } = silenceGoesOn(this.#ladder, this.#silence, now);
    this.#silence = silence;
    return step;
  }
}

/** What the model is to say about a silence; null where nothing is said. `language`: its English name. */
export function promptFor(step: SilenceStep, language: string): string | null {
  const tasks: Partial<Record<SilenceStep, string>> = {
    offer_repeat: 'Ask in one short sentence whether you shall repeat the question.',
    offer_skip:
      'Say in one or two short sentences that there is no hurry, and that the candidate may skip this question or type the answer.',
    check_line: 'Ask in one short sentence whether the candidate can hear you.',
  };
  const task = tasks[step];
  if (task === undefined) return null;
  return `The candidate has said nothing for a while. Speak ${language}, calmly and kindly. ${task} Say nothing else.`;
}
