import { InterviewError, type InterviewErrorCode } from '../errors.ts';

/** How long the browser may take to say whether it plays, milliseconds. It says so at once or not at all. */
const VERDICT_MS = 1_000;
/** How long after the system paused it is played again, milliseconds: at once it could be a tug of war. */
const AGAIN_MS = 500;

/** What a chime and a practice are given, whose files are loaded on demand and therefore import nothing. */
export interface Beside {
  audio: HTMLAudioElement;
  /** The element is on the chosen speaker. */
  routed: false | Promise<void>;
  /** Makes their errors. */
  failure: (code: InterviewErrorCode, cause: unknown) => Error;
  /** Cuts them short. */
  signal: AbortSignal;
}

/** Plays the interviewer through an audio element that is in no document. */
export class Playback {
  readonly #create: () => HTMLAudioElement;
  readonly #audio: HTMLAudioElement;
  readonly #onBlocked: () => void;
  /** The interviewer's voice. */
  #stream: MediaStream | null = null;
  #verdict: Promise<boolean> = Promise.resolve(true);
  #speakerId = '';
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @param onBlocked what played was paused, and the browser wants a gesture before it plays on */
  constructor(create: () => HTMLAudioElement, onBlocked: () => void) {
    this.#create = create;
    this.#onBlocked = onBlocked;
    this.#audio = create();
    this.#audio.autoplay = true;
    this.#audio.addEventListener('pause', () => {
      clearTimeout(this.#again);
      if (this.#stream) this.#again = setTimeout(() => this.playOn(), AGAIN_MS);
    });
  }

  /** Empty: the browser's choice. */
  get speakerId(): string {
    return this.#speakerId;
  }

  /** Plays silence in a gesture: Safari lets an element speak later that was played in one. */
  unlock(context: AudioContext): void {
    const audio = this.#audio;
    if (audio.srcObject) return;
    const { stream } = context.createMediaStreamDestination();
    const done = (): void => {
      for (const track of stream.getTracks()) track.stop();
      if (audio.srcObject === stream) audio.srcObject = null;
    };
    audio.srcObject = stream;
    audio.play().then(done, done);
  }

  /** Plays a stream from now on. */
  play(stream: MediaStream): void {
    this.#audio.srcObject = this.#stream = stream;
    this.#verdict = this.#tryToPlay();
  }

  /** Plays on where the system paused: for a telephone call, another app, or a headset that was pulled out. */
  playOn(): void {
    if (!this.#audio.paused || this.#stream?.active !== true) return;
    this.#verdict = this.#tryToPlay();
    void this.#verdict.then((allowed) => {
      if (!allowed && this.#stream) this.#onBlocked();
    });
  }

  /** False when the browser wants a gesture first. */
  allowed(): Promise<boolean> {
    return this.#verdict;
  }

  /** Tries again, in a gesture. @throws InterviewError playback_blocked */
  async resume(): Promise<void> {
    this.#verdict = this.#tryToPlay();
    if (!(await this.#verdict)) {
      throw new InterviewError('playback_blocked');
    }
  }

  /**
   * Plays through a speaker; empty is the browser's choice.
   *
   * @throws InterviewError unsupported_browser where none can be chosen, unsupported where this one can't
   */
  async setSpeaker(id: string): Promise<void> {
    if (id === this.#speakerId) return;
    const audio = this.#audio;
    try {
      await audio.setSinkId(id);
      this.#speakerId = id;
    } catch (error) {
      // Choosing is not everywhere, whatever the types say.
      const code = 'setSinkId' in audio ? 'unsupported' : 'unsupported_browser';
      throw InterviewError.from(error, code);
    }
  }

  /** Another element, unlocked in this gesture, and when it is on the same speaker (else on the browser's choice). */
  beside(): Pick<Beside, 'audio' | 'routed'> {
    const audio = this.#create();
    const nothing = (): void => undefined;
    audio.play().catch(nothing);
    audio.pause();
    const routed = this.#speakerId !== '' && audio.setSinkId(this.#speakerId).catch(nothing);
    return { audio, routed };
  }

  /** Falls silent and lets the stream go. */
  stop(): void {
    clearTimeout(this.#again);
    this.#audio.pause();
    this.#audio.srcObject = this.#stream = null;
  }

  #tryToPlay(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, VERDICT_MS, true);
    this.#audio.play().then(
      () => resolve(true),
      // Only a refusal counts: play() also rejects when a newer stream takes its place.
      (error: unknown) =>
        resolve(!(error instanceof DOMException && error.name === 'NotAllowedError')),
    );
    return promise.finally(() => clearTimeout(timer));
  }
}
