import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  InterviewError,
  InterviewSession,
  type Capabilities,
  type ConsentGiven,
  type EndReason,
  type InterviewEventName,
  type InterviewEvents,
  type InterviewListener,
  type InterviewSessionOptions,
  type Levels,
  type LookReply,
  type Quality,
  type StartInput,
} from '@interview/rtc';
import {
  InterviewCompletedEvent,
  InterviewConsentEvent,
  InterviewDeliveryEvent,
  InterviewDeviceChangeEvent,
  InterviewErrorEvent,
  InterviewProgressEvent,
  InterviewQualityEvent,
  InterviewStateChangeEvent,
  InterviewTimeEvent,
  InterviewTranscriptEvent,
} from '../events.ts';
import { secondsLeft, type TimeTold } from './countdown.ts';
import type { RoomFacts } from '../view-model.ts';

/** The public door of a session, which a double can stand in for. */
export type SessionDoor = Pick<
  InterviewSession,
  Exclude<keyof InterviewSession, 'on' | 'once' | 'off'>
> & {
  on<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): unknown;
};

/** Makes the session of a room. */
export type SessionFactory = (options: InterviewSessionOptions) => SessionDoor;

/** The factory of every room that is given no other. */
export const realSession: SessionFactory = (options) => new InterviewSession(options);

type Host = ReactiveControllerHost & Element;

/**
 * Joins a room to its session: passes requests on, keeps what the session told, and sends it out as events. The session
 * owns the truth; nothing is assumed ahead of it.
 */
export class SessionController implements ReactiveController {
  readonly #host: Host;
  readonly #told = new WeakSet<InterviewError>();
  #session: SessionDoor | null = null;
  #startedWith: StartInput | null = null;
  #about: LookReply | null = null;
  #consentMissing = false;

  /** What the last step failed with. */
  error: InterviewError | null = null;
  /** The screen that the candidate asked for before the call. */
  wanted: 'welcome' | 'check' = 'welcome';
  soundBlocked = false;
  ended: EndReason | null = null;
  devices: InterviewEvents['devices'] | null = null;
  /** How good the connection is; null until a call is up for a while, and once it is gone. */
  quality: Quality | null = null;
  /** What the server told of the time, counted on from then; null until it told. */
  clock: TimeTold | null = null;

  /** What the candidate put beside lines in this page, by their ids. The map is replaced, never changed. */
  corrections: ReadonlyMap<string, string> = new Map();

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  /** An element that is only moved comes back within the same task and keeps its interview. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.close();
    });
  }

  /** Both voices now. */
  readonly levels = (): Levels => this.#session?.levels() ?? { candidate: 0, interviewer: 0 };

  /** The session, or null while the page has not told enough to make one. */
  get session(): SessionDoor | null {
    return this.#session;
  }

  /** What the link is about, once the server told. What was agreed before an interruption holds and is not asked again. */
  get about(): LookReply | null {
    const about = this.#about;
    return about?.resumable === true && !this.#consentMissing ? { ...about, consents: [] } : about;
  }

  /** Which of the candidate's buttons make sense; null before the call is answered. */
  get capabilities(): Capabilities | null {
    return this.#session?.capabilities ?? null;
  }

  get facts(): Omit<RoomFacts, 'missing' | 'parts'> {
    const state = this.#session?.state ?? 'idle';
    // What a session remembers of an earlier step counts only where it stopped.
    const remembered = state === 'failed' ? this.#session?.error : null;
    return {
      state,
      looked: this.#about !== null,
      wanted: this.wanted,
      error: (this.error ?? remembered)?.code ?? null,
      started: this.#startedWith !== null,
      soundBlocked: this.soundBlocked,
      ended: this.ended,
    };
  }

  open(factory: SessionFactory, options: InterviewSessionOptions): void {
    this.close();
    this.#listen(factory(options));
    this.#host.requestUpdate();
  }

  /** Lets go of the session. What it stored is sent by the next page. */
  close(): void {
    this.#session?.destroy();
    this.#session = null;
    this.#startedWith = null;
    this.#about = null;
    this.#consentMissing = false;
    this.error = null;
    this.wanted = 'welcome';
    this.soundBlocked = false;
    this.ended = null;
    this.devices = null;
    this.quality = null;
    this.clock = null;
    this.corrections = new Map();
  }

  look(): Promise<boolean> {
    return this.#step(async (session) => {
      this.#about = await session.look();
    });
  }

  /** Asks for the microphone. Call it in a user gesture. */
  prepare(): Promise<boolean> {
    this.wanted = 'check';
    if (this.#session?.state === 'preparing') return Promise.resolve(false);
    return this.#step(async (session) => {
      if (session.state !== 'ready') await session.prepare();
      await this.#listDevices(session);
    });
  }

  /** Begins with these answers. */
  start(consents: readonly ConsentGiven[], mode: StartInput['mode'] = 'voice'): Promise<boolean> {
    if (this.talking || !this.#host.dispatchEvent(new InterviewConsentEvent({ consents })))
      return Promise.resolve(false);
    this.#startedWith = { consents: [...consents], mode };
    return this.restart();
  }

  /** The same start once more, after something failed. */
  restart(): Promise<boolean> {
    const input = this.#startedWith ?? { consents: [] };
    return this.#step((session) => session.start(input));
  }

  /** True from the first attempt to connect until the interview is over. */
  get talking(): boolean {
    const state = this.#session?.state ?? 'idle';
    return !['idle', 'preparing', 'ready', 'failed', 'completed'].includes(state);
  }

  /** Does nothing where nothing was begun. */
  end(reason?: EndReason): Promise<boolean> {
    if (!this.talking && this.#session?.state !== 'failed') return Promise.resolve(false);
    return this.#step((session) => session.end(reason));
  }

  /**
   * Asks the session for what the talk can do without. A refusal is told by `interview-error` and is no failure of the
   * interview; false then, and where no session is there.
   */
  async ask(run: (session: SessionDoor) => Promise<unknown>): Promise<boolean> {
    const session = this.#session;
    if (session === null) return false;
    try {
      await run(session);
      return session === this.#session;
    } catch (error) {
      if (session === this.#session) this.#tell(InterviewError.from(error));
      return false;
    }
  }

  /** The candidate's answer is complete. */
  done(): Promise<boolean> {
    return this.ask((session) => session.act('done'));
  }

  /** Puts the candidate's own wording beside a line; `corrections` holds it once it is stored. */
  async correct(id: string, text: string): Promise<boolean> {
    const stored = await this.ask((session) => session.correct(id, text));
    if (stored) this.corrections = new Map(this.corrections).set(id, text);
    this.#host.requestUpdate();
    return stored;
  }

  /** Sends silence, or speaks again where the microphone opens again; `session.muted` tells. */
  mute(muted: boolean): Promise<boolean> {
    return this.ask((session) => (muted ? session.mute() : session.unmute()));
  }

  /** Asks for what can be chosen, where it is not known. */
  listDevices(): Promise<boolean> {
    return this.ask(async (session) => {
      await this.#listDevices(session);
      this.#host.requestUpdate();
    });
  }

  chooseMicrophone(id: string): Promise<boolean> {
    return this.#step((session) => session.setMicrophone(id));
  }

  soundOn(): Promise<boolean> {
    return this.#step(async (session) => {
      await session.resumePlayback();
      this.soundBlocked = false;
    });
  }

  toWelcome(): void {
    this.wanted = 'welcome';
    this.error = null;
    this.#host.requestUpdate();
  }

  /** One step; false when it failed, and then `error` says why. A session that was let go is not reported on. */
  async #step(run: (session: SessionDoor) => Promise<void>): Promise<boolean> {
    const session = this.#session;
    if (!session) return false;
    this.error = null;
    this.#host.requestUpdate();
    try {
      await run(session);
      return session === this.#session;
    } catch (caught) {
      if (session === this.#session) await this.#failed(InterviewError.from(caught), session);
      return false;
    } finally {
      this.#host.requestUpdate();
    }
  }

  async #failed(error: InterviewError, session: SessionDoor): Promise<void> {
    if (error.code === 'consent_required') {
      this.#consentMissing = true;
      // The wording may have changed meanwhile; the old one stays where no new one can be had.
      this.#about = await session.look().catch(() => this.#about);
    }
    this.error = error;
    this.#tell(error);
  }

  async #listDevices(session: SessionDoor): Promise<void> {
    const list = await session.devices();
    this.devices ??= { ...list, microphoneId: null, speakerId: null };
  }

  #tell(error: InterviewError): void {
    if (this.#told.has(error)) return;
    this.#told.add(error);
    this.#host.dispatchEvent(new InterviewErrorEvent({ error }));
  }

  #listen(session: SessionDoor): void {
    this.#session = session;
    const { send, redraw } = this.#doors(session);
    session.on('statechange', (change) => {
      if (change.state === 'live') {
        this.error = null;
        this.soundBlocked = false;
      }
      // What was measured before belongs to a call that is gone.
      if (change.state !== 'paused' && change.state !== 'live') this.quality = null;
      this.#holdClock(change.previous !== 'live');
      send(new InterviewStateChangeEvent(change));
    });
    session.on('transcript', (payload) => send(new InterviewTranscriptEvent(payload)));
    session.on('delivery', (payload) => send(new InterviewDeliveryEvent(payload)));
    session.on('progress', (payload) => send(new InterviewProgressEvent(payload)));
    session.on('time', (payload) => {
      this.clock = { ...payload, at: performance.now() };
      send(new InterviewTimeEvent(payload));
    });
    session.on('devices', (payload) => {
      this.devices = payload;
      send(new InterviewDeviceChangeEvent(payload));
    });
    session.on('quality', (payload) => {
      this.quality = payload;
      send(new InterviewQualityEvent(payload));
    });
    session.on('turn', redraw);
    session.on('muted', redraw);
    session.on('error', ({ error }) => {
      this.soundBlocked ||= error.code === 'playback_blocked';
      this.#tell(error);
      redraw();
    });
    session.on('ended', (payload) => {
      this.ended = payload.reason;
      send(new InterviewCompletedEvent(payload));
    });
  }

  /** Keeps what was left until now, so that time spent waiting is not counted later. */
  #holdClock(waited: boolean): void {
    if (this.clock === null) return;
    const at = performance.now();
    this.clock = { ...this.clock, remainingS: secondsLeft(this.clock, at, waited), at };
  }

  /** Ways out that close once another session has taken the place of `session`. */
  #doors(session: SessionDoor): { send: (event: Event) => void; redraw: () => void } {
    const redraw = (): void => {
      if (session === this.#session) this.#host.requestUpdate();
    };
    const send = (event: Event): void => {
      if (session !== this.#session) return;
      this.#host.dispatchEvent(event);
      redraw();
    };
    return { send, redraw };
  }
}
