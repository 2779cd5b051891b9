import { InterviewError } from '../errors.ts';

/** Choosing a speaker is not everywhere, whatever the types say. */
type SinkAudio = Omit<HTMLAudioElement, 'setSinkId'> & Partial<Pick<HTMLAudioElement, 'setSinkId'>>;

/** How long the browser may take to say whether it plays, milliseconds. It says so at once or not at all. */
const VERDICT_MS = 1_000;

/** Plays the interviewer through an audio element that is in no document. */
export class Playback {
  readonly #audio: SinkAudio;
  #verdict: Promise<boolean> = Promise.resolve(true);

  constructor(audio: HTMLAudioElement) {
    this.#audio = audio;
    audio.autoplay = true;
  }

  /** Plays a stream from now on. */
  play(stream: MediaStream): void {
    this.#audio.srcObject = stream;
    this.#verdict = this.#tryToPlay();
  }

  /** False when the browser wants a gesture first. */
  allowed(): Promise<boolean> {
    return this.#verdict;
  }

  /** Tries again, in a gesture. @throws InterviewError playback_blocked */
  async resume(): Promise<void> {
    this.#verdict = this.#tryToPlay();
    if (!(await this.#verdict)) {
      throw new InterviewError('playback_blocked', 'The browser still refuses to play sound.');
    }
  }

  /** Plays through a speaker, where the browser can choose. @throws InterviewError unsupported_browser */
  async setSpeaker(id: string): Promise<void> {
    if (!this.#audio.setSinkId) {
      throw new InterviewError('unsupported_browser', 'This browser cannot choose a speaker.');
    }
    await this.#audio.setSinkId(id);
  }

  /** Falls silent and lets the stream go. */
  stop(): void {
    this.#audio.pause();
    this.#audio.srcObject = null;
  }

  #tryToPlay(): Promise<boolean> {
    const played = this.#audio.play().then(
      () => true,
      // Only a refusal counts: play() also rejects when a newer stream takes its place.
      (error: unknown) => !(error instanceof DOMException && error.name === 'NotAllowedError'),
    );
    const patience = new Promise<boolean>((resolve) => setTimeout(resolve, VERDICT_MS, true));
    return Promise.race([played, patience]);
  }
}
