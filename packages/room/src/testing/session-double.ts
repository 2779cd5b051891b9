import {
  InterviewError,
  type AskKind,
  type CandidateAction,
  type Capabilities,
  type DeliveryStatus,
  type DeviceList,
  type EndReason,
  type Feedback,
  type InterviewEventName,
  type InterviewEvents,
  type InterviewListener,
  type InterviewState,
  type Levels,
  type LookReply,
  type Practice,
  type Progress,
  type StartInput,
  type TimeLeft,
  type TranscriptLine,
  type Turn,
} from '@interview/rtc';
import type { SessionDoor } from '../controllers/session-controller.ts';
import { sampleAbout } from './sample-about.ts';

/** A session that does what a script tells it, for looking at the room and for testing it. */
export class SessionDouble implements SessionDoor {
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  /** Calls in the order in which they came. */
  readonly calls: string[] = [];
  about: LookReply = sampleAbout;
  /** What the next call of a name fails with. */
  readonly failures = new Map<string, InterviewError>();
  started: StartInput | null = null;
  state: InterviewState = 'idle';
  turn: Turn = 'listening';
  lines: readonly TranscriptLine[] = [];
  muted = false;
  progress: Progress | null = null;
  time: TimeLeft | null = null;
  delivery: DeliveryStatus = { pending: 0, acknowledged: 0, kept: 'indexeddb' };
  error: InterviewError | null = null;
  capabilities: Capabilities | null = null;
  /** What the interviewer can do once the call is answered. */
  able: Capabilities = {
    supervision: 'sideband',
    actions: ['done', 'skip', 'repeat', 'withdraw', 'end'],
    text: true,
    pause: true,
  };
  microphones: readonly MediaDeviceInfo[] = [
    device('audioinput', 'built-in', 'Built-in microphone'),
  ];
  speakers: readonly MediaDeviceInfo[] = [];
  heard: Levels = { candidate: 0, interviewer: 0 };
  /** The last practice. */
  rehearsal: PracticeDouble | null = null;

  on<Name extends InterviewEventName>(event: Name, listener: InterviewListener<Name>): this {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener));
    return this;
  }

  /** Sends an event as the session would. */
  emit<Name extends InterviewEventName>(event: Name, payload: InterviewEvents[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      (listener as InterviewListener<Name>)(payload);
    }
  }

  /** Moves to a state and tells it. */
  become(state: InterviewState): void {
    const previous = this.state;
    this.state = state;
    this.emit('statechange', { state, previous });
  }

  /** Resolves once this state is reached. */
  untilState(wanted: InterviewState): Promise<void> {
    if (this.state === wanted) return Promise.resolve();
    return new Promise((resolve) => {
      this.on('statechange', ({ state }) => {
        if (state === wanted) resolve();
      });
    });
  }

  say(lines: readonly TranscriptLine[]): void {
    this.lines = lines;
    this.emit('transcript', { lines });
  }

  take(turn: Turn): void {
    this.turn = turn;
    this.emit('turn', { turn });
  }

  tellTime(time: TimeLeft): void {
    this.time = time;
    this.emit('time', time);
  }

  advance(progress: Progress): void {
    this.progress = progress;
    this.emit('progress', progress);
  }

  deliver(delivery: DeliveryStatus): void {
    this.delivery = delivery;
    this.emit('delivery', delivery);
  }

  /** The connection or the interview breaks off. */
  fail(error: InterviewError): void {
    this.error = error;
    this.become('failed');
    this.emit('error', { error });
  }

  async look(): Promise<LookReply> {
    await this.#called('look');
    return this.about;
  }

  async prepare(): Promise<void> {
    this.become('preparing');
    try {
      await this.#called('prepare');
    } catch (error) {
      this.become('idle');
      throw error;
    }
    this.become('ready');
  }

  async start(input: StartInput): Promise<void> {
    this.started = input;
    this.become('connecting');
    try {
      await this.#called('start');
    } catch (error) {
      this.error = InterviewError.from(error);
      this.become('failed');
      throw error;
    }
    this.error = null;
    this.capabilities = this.able;
    this.become('live');
  }

  async devices(): Promise<DeviceList> {
    await this.#called('devices');
    return { microphones: [...this.microphones], speakers: [...this.speakers] };
  }

  setMicrophone(id: string): Promise<void> {
    return this.#called(`setMicrophone ${id}`);
  }

  setSpeaker(id: string): Promise<void> {
    return this.#called(`setSpeaker ${id}`);
  }

  testSpeaker(): Promise<void> {
    return this.#called('testSpeaker');
  }

  /** A recording that goes on until it is told; `rehearsal.end()` plays it to the end. */
  async practice(): Promise<Practice> {
    await this.#called('practice');
    return (this.rehearsal = new PracticeDouble((call) => this.calls.push(call)));
  }

  mute({ release = false }: { release?: boolean } = {}): Promise<void> {
    this.muted = true;
    this.emit('muted', { muted: true, released: release });
    return this.#called(release ? 'mute release' : 'mute');
  }

  async unmute(): Promise<void> {
    await this.#called('unmute');
    this.muted = false;
    this.emit('muted', { muted: false, released: false });
  }

  act(kind: CandidateAction): Promise<void> {
    return this.#called(`act ${kind}`);
  }

  sendText(text: string): Promise<void> {
    return this.#called(`sendText ${text}`);
  }

  async pause(): Promise<void> {
    await this.#called('pause');
    this.become('paused');
  }

  async unpause(): Promise<void> {
    await this.#called('unpause');
    this.become('live');
  }

  ask(kind: AskKind, note: string): Promise<void> {
    return this.#called(`ask ${kind} ${note}`);
  }

  correct(id: string, text: string): Promise<void> {
    return this.#called(`correct ${id} ${text}`);
  }

  giveFeedback({ rating, text }: Feedback): Promise<void> {
    return this.#called(`giveFeedback ${rating ?? ''} ${text ?? ''}`);
  }

  retryNow(): void {
    this.calls.push('retryNow');
  }

  async end(reason: EndReason = 'candidate_ended'): Promise<void> {
    this.become('ending');
    await this.#called(`end ${reason}`);
    this.become('completed');
    this.emit('ended', { reason, status: 'completed' });
  }

  levels(): Levels {
    return this.heard;
  }

  resumePlayback(): Promise<void> {
    return this.#called('resumePlayback');
  }

  destroy(): void {
    this.calls.push('destroy');
    this.#listeners.clear();
  }

  /** Holds calls of this name until the promise settles. */
  readonly held = new Map<string, Promise<void>>();

  async #called(call: string): Promise<void> {
    this.calls.push(call);
    const name = call.split(' ')[0] ?? call;
    await this.held.get(name);
    const failure = this.failures.get(name);
    if (failure === undefined) return;
    this.failures.delete(name);
    throw failure;
  }
}

/** A session of a link that asks for no agreement. */
export function withoutConsents(): SessionDouble {
  const session = new SessionDouble();
  session.about = { ...sampleAbout, consents: [] };
  return session;
}

/** A microphone or speaker. */
export function device(kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo {
  const info = { deviceId, label, groupId: '', kind };
  return { ...info, toJSON: () => info };
}

/** A practice that does what it is told, without a microphone. */
export class PracticeDouble implements Practice {
  readonly #told: (call: string) => void;
  readonly #end = Promise.withResolvers<undefined>();
  state: Practice['state'] = 'recording';
  readonly finished: Promise<void> = this.#end.promise;

  constructor(told: (call: string) => void) {
    this.#told = told;
  }

  stop(): void {
    this.#told('practice.stop');
    this.state = 'playing';
  }

  cancel(): void {
    this.#told('practice.cancel');
    this.end();
  }

  /** It was played to the end. */
  end(): void {
    this.state = 'done';
    this.#end.resolve(undefined);
  }
}
