import { EventEmitter } from 'eventemitter3';
import type { EndReason, LookReply } from '@interview/protocol';
import { InterviewError } from './errors.ts';
import type {
  DeliveryStatus,
  DeviceList,
  InterviewEventName,
  InterviewEvents,
  InterviewListener,
  InterviewState,
  Progress,
  TimeLeft,
  TranscriptLine,
  Turn,
} from './events.ts';
import type { CandidateAction, InterviewSessionOptions, Levels, StartInput } from './options.ts';

/**
 * One interview in one page: from the candidate's link to the stored transcript. Wires the parts, decides nothing.
 *
 * @example
 * const session = new InterviewSession({ startUrl, invitation });
 * session.on('transcript', ({ lines }) => render(lines));
 * const about = await session.look();
 * await session.prepare();
 * await session.start({ consents: answersTo(about.consents) });
 */
export class InterviewSession {
  readonly #events = new EventEmitter();
  readonly #options: InterviewSessionOptions;

  constructor(options: InterviewSessionOptions) {
    this.#options = options;
  }

  /** Where the interview stands. */
  get state(): InterviewState {
    return 'idle';
  }

  /** Whose turn it is. */
  get turn(): Turn {
    return 'listening';
  }

  /** The transcript in reading order. The array is replaced, never changed. */
  get lines(): readonly TranscriptLine[] {
    return [];
  }

  /** The candidate muted the microphone. */
  get muted(): boolean {
    return false;
  }

  /** Null until the server told. */
  get progress(): Progress | null {
    return null;
  }

  /** Null until the server told. */
  get time(): TimeLeft | null {
    return null;
  }

  /** How far the transcript is stored. */
  get delivery(): DeliveryStatus {
    return { pending: 0, acknowledged: 0, kept: 'memory' };
  }

  /** The last error; null after a step succeeded. */
  get error(): InterviewError | null {
    return null;
  }

  /** Listens to an event. */
  on<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    this.#events.on(event, listener);
    return this;
  }

  /** Listens to the next event of that name. */
  once<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    this.#events.once(event, listener);
    return this;
  }

  /** Stops listening. */
  off<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    this.#events.off(event, listener);
    return this;
  }

  /** Asks what the link is about. Changes nothing. */
  look(): Promise<LookReply> {
    return Promise.reject(this.#absent());
  }

  /** Asks for the microphone and shows its level. Call it in a user gesture, so that sound is allowed too. */
  prepare(): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Begins or resumes the interview; resolves when it is live. Also a retry after `failed`. */
  start(_input: StartInput): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Microphones and speakers. */
  devices(): Promise<DeviceList> {
    return Promise.reject(this.#absent());
  }

  /** Speaks through another microphone. */
  setMicrophone(_id: string): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Plays through another speaker, where the browser can. */
  setSpeaker(_id: string): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Sends silence. */
  mute(): void {
    this.#emit('muted', { muted: true });
  }

  /** Speaks again. */
  unmute(): void {
    this.#emit('muted', { muted: false });
  }

  /** One of the candidate's buttons. */
  act(_kind: CandidateAction): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Says something in writing. */
  sendText(_text: string): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Ends the interview; resolves when everything is stored and the session is completed. */
  end(_reason: EndReason = 'candidate_ended'): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Both voices' levels now; read it at the display's rate. */
  levels(): Levels {
    return { candidate: 0, interviewer: 0 };
  }

  /** Plays what the browser had blocked. Call it in a user gesture. */
  resumePlayback(): Promise<void> {
    return Promise.reject(this.#absent());
  }

  /** Stops everything at once. Rows that wait stay stored and are sent by the next page. */
  destroy(): void {
    this.#events.removeAllListeners();
  }

  #emit<Name extends InterviewEventName>(event: Name, payload: InterviewEvents[Name]): void {
    this.#events.emit(event, payload);
  }

  #absent(): InterviewError {
    return new InterviewError(
      'invalid_state',
      `Nothing is wired for ${String(this.#options.startUrl)} yet.`,
    );
  }
}
