import type { Capabilities, EndReason, LookReply } from '@interview/protocol';
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
import type { Practice } from './media/practice.ts';
import type {
  AskKind,
  CandidateAction,
  Feedback,
  InterviewSessionOptions,
  Levels,
  Ports,
  ResumableInterview,
  StartInput,
} from './options.ts';
import type * as Candidate from './session/candidate.ts';
import { closeCall, closeStore, type SessionContext } from './session/context.ts';
import { createContext } from './session/create-context.ts';
import { mute, resumePlayback, unmute, useMicrophone } from './session/devices.ts';
import { endInterview } from './session/end.ts';
import { overOrNot, requestFor } from './session/join.ts';
import { prepareInterview, startInterview } from './session/start.ts';

/**
 * One interview in one page: from the candidate's link to the stored transcript. Wires the parts, decides nothing.
 *
 * What a step fails with is thrown by its method; what happens to a running interview is told by `error`, and `prepare`
 * and `start` do both. After `destroy()` a session stays dead: in React make it in an effect and destroy it in the
 * clean-up, in Vue keep it in a `shallowRef` (its private fields bear no proxy).
 *
 * @example
 * const session = new InterviewSession({ startUrl, invitation });
 * session.on('transcript', ({ lines }) => render(lines));
 * const about = await session.look();
 * await session.prepare();
 * await session.start({ consents: answersTo(about.consents) });
 */
export class InterviewSession {
  /** Listeners by event; true for those that hear it once. */
  readonly #listeners = new Map<InterviewEventName, Map<(payload: never) => void, boolean>>();
  readonly #context: SessionContext;

  /** Touches nothing but the options; may be made outside a browser. */
  constructor(options: InterviewSessionOptions) {
    this.#context = createContext(options, (event, payload) => this.#tell(event, payload));
  }

  /**
   * Interviews that were begun in this browser in the last 24 hours and not finished, newest first. A person who is not
   * that candidate must be able to say so: `forget()`. Empty where nothing may be stored. Never rejects.
   *
   * @example
   * const [unfinished] = await InterviewSession.resumable();
   * if (unfinished) session = new InterviewSession({ startUrl, invitation: unfinished.invitation });
   */
  static async resumable(ports?: Partial<Ports>): Promise<ResumableInterview[]> {
    const { resumableInterviews } = await import('./session/resumable.ts');
    return resumableInterviews(ports);
  }

  /** Where the interview stands. */
  get state(): InterviewState {
    return this.#context.machine.state;
  }

  /** Whose turn it is. */
  get turn(): Turn {
    return this.#context.view.turn;
  }

  /** The transcript in reading order. The array is replaced, never changed. */
  get lines(): readonly TranscriptLine[] {
    return this.#context.view.lines;
  }

  /** The candidate muted the microphone. */
  get muted(): boolean {
    return this.#context.media.muted;
  }

  /** Null until the server told. */
  get progress(): Progress | null {
    return this.#context.view.progress;
  }

  /** Null until the server told. */
  get time(): TimeLeft | null {
    return this.#context.view.time;
  }

  /** How far the transcript is stored. */
  get delivery(): DeliveryStatus {
    return this.#context.view.delivery;
  }

  /** What this interviewer can do: which buttons make sense. Null before the call is answered. */
  get capabilities(): Capabilities | null {
    return this.#context.call?.capabilities ?? null;
  }

  /** The last error; null after the step was tried again with success. */
  get error(): InterviewError | null {
    return this.#context.view.error;
  }

  /** Listens to an event. What a listener throws is logged and reaches nobody else. */
  on<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    return this.#listen(event, listener, false);
  }

  /** Listens to the next event of that name. */
  once<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    return this.#listen(event, listener, true);
  }

  /** Stops listening. */
  off<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /**
   * Asks what the link is about. Changes nothing.
   *
   * @throws InterviewError invitation_…, start_unreachable, start_timeout, start_refused, insecure_context
   */
  async look(): Promise<LookReply> {
    const { backend, abort } = this.#context;
    const request = await requestFor(this.#context, 'look');
    return overOrNot(this.#context, backend.look(request, abort.signal));
  }

  /**
   * Asks for the microphone and shows its level. Call it in a user gesture, so that sound is allowed too.
   *
   * @throws InterviewError microphone_…, insecure_context, in_app_browser
   */
  prepare(): Promise<void> {
    return prepareInterview(this.#context);
  }

  /**
   * Begins or resumes the interview; resolves when it is live (or completed, where the server ends it meanwhile). Also
   * the retry after `failed`. Opens the microphone
   * itself where `prepare` was not called.
   *
   * @throws InterviewError of the step that failed; the state is `failed` then
   */
  start(input: StartInput): Promise<void> {
    return startInterview(this.#context, input);
  }

  /** Microphones and speakers. Labels are empty until the microphone was allowed. */
  devices(): Promise<DeviceList> {
    return this.#context.media.devices();
  }

  /** Speaks through another microphone, at once and in the call too. @throws InterviewError microphone_… */
  setMicrophone(id: string): Promise<void> {
    return useMicrophone(this.#context, id);
  }

  /** Plays through another speaker. @throws InterviewError unsupported_browser */
  setSpeaker(id: string): Promise<void> {
    return this.#context.media.setSpeaker(id);
  }

  /** Plays a short chime through the chosen speaker; resolves when it was played. Call it in a user gesture. */
  testSpeaker(): Promise<void> {
    return this.#context.media.testSpeaker();
  }

  /**
   * Records up to a minute in memory and plays it back; nothing is sent. Needs an open microphone (`prepare`).
   *
   * @throws InterviewError invalid_state, unsupported where the browser can't record
   * @example
   * const practice = await session.practice();
   * stopButton.onclick = () => practice.stop(); // plays it back
   * await practice.finished;
   */
  practice(): Promise<Practice> {
    return this.#context.media.practice();
  }

  /** Sends silence. With `release` the microphone itself is let go and the browser's recording sign goes out. */
  mute(options?: { release?: boolean }): Promise<void> {
    return mute(this.#context, options);
  }

  /** Speaks again. @throws InterviewError microphone_… where a released microphone can't be opened again */
  unmute(): Promise<void> {
    return unmute(this.#context);
  }

  /** One of the candidate's buttons. @throws InterviewError invalid_state, unsupported, proxy_unreachable */
  act(kind: CandidateAction): Promise<void> {
    return this.#candidate(({ act }, context) => act(context, kind));
  }

  /** Says something in writing. @throws InterviewError invalid_state, unsupported, proxy_unreachable */
  sendText(text: string): Promise<void> {
    return this.#candidate(({ sendText }, context) => sendText(context, text));
  }

  /** Lets the interview wait: the clock stands. @throws InterviewError invalid_state, unsupported, proxy_unreachable */
  pause(): Promise<void> {
    return this.#candidate(({ pause }, context) => pause(context));
  }

  /** Goes on after a pause. @throws InterviewError invalid_state, proxy_unreachable */
  unpause(): Promise<void> {
    return this.#candidate(({ unpause }, context) => unpause(context));
  }

  /**
   * Asks for an adjustment, a person or, while the interview runs, help. Works before the start too.
   *
   * @param note at most 2000 characters
   * @throws InterviewError start_…, proxy_unreachable, invalid_state
   */
  ask(kind: AskKind, note: string): Promise<void> {
    return this.#candidate(({ ask }, context) => ask(context, kind, note));
  }

  /**
   * Puts the candidate's own wording beside a line. The line itself stays as it was. Works for 24 h after the end while
   * this page is open.
   *
   * @param id of a line of the transcript
   * @param text at most 8000 characters
   * @throws InterviewError invalid_state, proxy_unreachable, unsupported for a line that is not the candidate's own
   */
  correct(id: string, text: string): Promise<void> {
    return this.#candidate(({ correct }, context) => correct(context, id, text));
  }

  /** Tells what the candidate thinks of the interview. Works after the end too. @throws InterviewError as `correct` */
  giveFeedback(feedback: Feedback): Promise<void> {
    return this.#candidate(({ giveFeedback }, context) => giveFeedback(context, feedback));
  }

  /** Tries at once, while `reconnecting`, rather than after the pause that is under way. */
  retryNow(): void {
    this.#context.joined?.signaller.wake();
    this.#context.hurry?.();
  }

  /**
   * Ends the interview: the microphone is freed at once; resolves when everything is stored and the session is
   * completed.
   *
   * @throws InterviewError delivery_failed when rows could not be delivered; they stay stored, and it may be called again
   */
  end(reason: EndReason = 'candidate_ended'): Promise<void> {
    return endInterview(this.#context, reason, { byServer: false });
  }

  /** Both voices' levels now, 0 to 1; read it at the display's rate. */
  levels(): Levels {
    return this.#context.media.levels();
  }

  /** Plays what the browser had blocked. Call it in a user gesture. @throws InterviewError playback_blocked */
  resumePlayback(): Promise<void> {
    return resumePlayback(this.#context);
  }

  /** Stops everything at once and tells nothing more. Rows that wait stay stored and are sent by the next page. */
  destroy(): void {
    this.#listeners.clear();
    this.#context.destroyed = true;
    this.#context.abort.abort();
    closeCall(this.#context);
    void closeStore(this.#context);
    this.#context.media.destroy();
  }

  async #candidate(
    does: (can: typeof Candidate, context: SessionContext) => Promise<void>,
  ): Promise<void> {
    const can = await import('./session/candidate.ts').catch((error: unknown) => {
      throw InterviewError.from(error, 'proxy_unreachable');
    });
    await does(can, this.#context);
  }

  #listen(event: InterviewEventName, listener: (payload: never) => void, once: boolean): this {
    const listeners = this.#listeners.get(event) ?? new Map<typeof listener, boolean>();
    this.#listeners.set(event, listeners.set(listener, once));
    return this;
  }

  #tell<Name extends InterviewEventName>(event: Name, payload: InterviewEvents[Name]): void {
    const listeners = this.#listeners.get(event);
    // A copy: a listener may stop or begin listening.
    for (const [listener, once] of [...(listeners ?? [])]) {
      if (once) listeners?.delete(listener);
      try {
        // Which payload belongs to which event is held by the types of `on` and `#tell`.
        listener(payload as never);
      } catch (error) {
        this.#context.logger.error('A listener threw.', { event, error });
      }
    }
  }
}
