import type {
  CallId,
  EndReason,
  ParsedServerEvent,
  RealtimeServerEvent,
  ServerMessage,
  WriterMarks,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import type { SessionBrief, Storage } from '../storage/port.ts';
import type { Upstream } from '../upstream/port.ts';
import { Channel } from './channel.ts';
import { Director } from './director.ts';
import { remainingSeconds } from './guards.ts';
import type { InterviewEffect, InterviewInput } from './interview-events.ts';
import {
  currentStep,
  progressOf,
  restoreInterview,
  type InterviewState,
} from './interview-state.ts';
import { Interviewer } from './interviewer.ts';
import { Lease } from './lease.ts';
import { Observer } from './observer.ts';
import { Recorder } from './recorder.ts';
import { replayItems } from './replay.ts';
import { Watch } from './watch.ts';
import { wordsOf } from './words.ts';

const ATTACH_MS = 5_000;
/** The page has this long to settle its last rows before the call is hung up. */
export const CLOSE_IN_MS = 10_000;

export interface SupervisorOptions {
  call: { id: CallId; providerCallId: string; startedAt: number };
  brief: SessionBrief;
  /** Taking over a call that another process began: nothing is replayed and nothing is said. */
  adopted: boolean;
  /** Names this process in the lease. */
  holder: string;
  storage: Storage;
  upstream: Upstream;
  log: FastifyBaseLogger;
  /** To the candidate's pages. */
  tell: (message: ServerMessage) => void;
  /** A page of the candidate is there. */
  present: () => boolean;
  /** The interview is over; the call still lives, so that last rows can come. */
  left: (reason: EndReason) => void;
  /** The candidate is gone, or the provider; the call must be closed. */
  lost: (why: 'absent' | 'upstream_closed') => void;
  /** Another supervisor has the call. */
  fenced: () => void;
}

interface Attached {
  lease: Lease;
  recorder: Recorder;
}

/**
 * Supervises one call on the server's own channel: it decides what comes next, answers the model's tools, keeps the
 * clock and writes the server's copy of the transcript.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #log: FastifyBaseLogger;
  readonly #interviewer: Interviewer;
  readonly #observer: Observer;
  readonly #director: Director;
  readonly #channel: Channel;
  readonly #watch: Watch;
  readonly #stop = new AbortController();
  /** Events that came while we were still attaching. */
  readonly #early: RealtimeServerEvent[] = [];
  #attached: Attached | null = null;
  #deadline: number | null = null;
  #begun = false;
  #leaving = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#log = options.log;
    const { plan } = options.brief.interview;
    this.#channel = new Channel({
      upstream: options.upstream,
      providerCallId: options.call.providerCallId,
      event: (event) => this.#receive(event),
      back: () => this.#interviewer.back(),
      lost: (error) => {
        this.#log.warn({ err: error }, 'the provider closed the call');
        options.lost('upstream_closed');
      },
    });
    this.#interviewer = new Interviewer(
      (event) => this.#channel.send(event),
      () => this.#leave(),
    );
    this.#director = new Director({
      plan,
      state: restoreInterview(options.brief.session.reducer),
      save: (state) => this.#save(state),
      perform: (effect) => this.#perform(effect),
      fenced: () => this.#fence(),
      log: options.log,
    });
    this.#observer = new Observer(() => currentStep(plan, this.#director.state), Date.now());
    this.#watch = new Watch({
      present: options.present,
      speaking: () => this.#observer.speaking,
      lastSpeech: () => this.#observer.lastSpeech,
      deadline: () => this.#director.state.deadline,
      tick: (now) => this.#tick(now),
      time: () => this.#tellTime(),
      absent: () => options.lost('absent'),
      overtime: () => this.#leave(),
    });
  }

  /** @throws {ProxyError} `supervision_unavailable` when it can't be had within 5 s; then the call must not go on */
  async attach(): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(this.#attachMs()), this.#stop.signal]);
    let lease: Lease | undefined;
    try {
      lease = await Lease.take({
        storage: this.#options.storage,
        call: this.#options.call.id,
        holder: this.#options.holder,
        signal,
        lost: () => this.#fence(),
        log: this.#log,
      });
      await this.#channel.open(signal);
      this.#attached = { lease, recorder: this.#recorder(lease) };
    } catch (error) {
      await lease?.release().catch(() => undefined);
      throw new ProxyError(
        'supervision_unavailable',
        'The interview could not be started safely. Try again.',
        { cause: error },
      );
    }
    this.#watch.start();
    for (const event of this.#early.splice(0)) this.#handle(event, this.#attached.recorder);
    this.#begin();
  }

  /** The candidate's media is there. `deadline`: Unix time, milliseconds. */
  connected(deadline: number): void {
    this.#deadline ??= deadline;
    this.#begin();
  }

  /**
   * A page action. `done` only ends the turn; everything else is for the reducer.
   *
   * @throws {ProxyError} `not_connected` before the call is supervised
   */
  async act(kind: 'done' | 'skip' | 'repeat' | 'withdraw' | 'end'): Promise<void> {
    this.#mustBeAttached();
    if (kind !== 'done') {
      await this.#director.input({ now: Date.now(), type: 'action', kind });
    } else if (this.#observer.speaking) {
      this.#interviewer.commit();
      this.#interviewer.answer();
    }
  }

  /**
   * A line that the candidate typed counts as spoken.
   *
   * @throws {ProxyError} `not_connected` before the call is supervised
   */
  async type(text: string): Promise<void> {
    this.#mustBeAttached();
    this.#interviewer.type(text);
    const step = currentStep(this.#plan, this.#director.state);
    const words = wordsOf(text).length;
    await this.#director.input({ now: Date.now(), type: 'spoke', step, ms: 0, words });
    this.#interviewer.answer();
  }

  /** What a page that joins must know. */
  snapshot(): ServerMessage[] {
    const { state } = this.#director;
    const time = this.#time(state);
    return [progressOf(this.#plan, state), ...(time ? [time] : [])];
  }

  /** Why the interview ended, as far as the server knows; null while it runs. */
  get endReason(): EndReason | null {
    return this.#director.state.end?.reason ?? null;
  }

  /** Waits for the last words and stores everything; returns how far this writer has come. */
  async settle(): Promise<WriterMarks> {
    return (await this.#attached?.recorder.finish(this.#stop.signal)) ?? {};
  }

  /** Lets go of the call without ending it. */
  async stop(): Promise<void> {
    if (this.#stopped()) return;
    this.#halt();
    const attached = this.#attached;
    if (!attached) return;
    await Promise.all([this.#director.stop(), attached.recorder.flush()]);
    attached.recorder.stop();
    await attached.lease.release().catch((error: unknown) => {
      this.#log.warn({ err: error }, 'lease not released');
    });
  }

  get #plan() {
    return this.#options.brief.interview.plan;
  }

  /** A call of a process that died is free when its lease has lapsed. */
  #attachMs(): number {
    return this.#options.adopted ? 3 * ATTACH_MS : ATTACH_MS;
  }

  #recorder({ epoch, placed }: Lease): Recorder {
    const { call, brief, storage } = this.#options;
    const hidden = (itemId: string): boolean => this.#interviewer.owns(itemId);
    const session = brief.session.id;
    return new Recorder({ session, call, epoch, placed, hidden, storage, log: this.#log });
  }

  #begin(): void {
    if (this.#begun || this.#deadline === null || !this.#attached) return;
    this.#begun = true;
    void this.#talk(this.#deadline);
  }

  async #talk(deadline: number): Promise<void> {
    const { adopted, brief } = this.#options;
    if (!adopted) {
      this.#interviewer.replay(replayItems(brief.transcript));
      await this.#director.input({ now: Date.now(), type: 'began', deadline });
    }
    for (const message of this.snapshot()) this.#options.tell(message);
  }

  #receive(parsed: ParsedServerEvent): void {
    if (this.#stopped()) return;
    if (parsed.kind !== 'known') this.#log.debug({ kind: parsed.kind }, 'event not understood');
    else if (this.#attached) this.#handle(parsed.event, this.#attached.recorder);
    else this.#early.push(parsed.event);
  }

  #handle(event: RealtimeServerEvent, recorder: Recorder): void {
    const now = Date.now();
    if (event.type === 'error') this.#log.info({ code: event.code }, 'the provider objects');
    this.#interviewer.handle(event);
    const utterances = recorder.handle(event, now);
    for (const input of this.#observer.handle(event, now)) {
      if ('type' in input) this.#input(input);
      else this.#refuse(input.toolCall);
    }
    for (const input of utterances.flatMap((one) => this.#observer.heard(one, now))) {
      this.#input(input);
    }
  }

  #input(input: InterviewInput): void {
    void this.#director.input(input);
  }

  #refuse(toolCall: string): void {
    const current = currentStep(this.#plan, this.#director.state);
    const output = { ok: false, code: 'invalid', current } as const;
    this.#interviewer.reply({ type: 'reply', toolCall, output, speak: true, farewell: null });
  }

  #perform(effect: InterviewEffect): void {
    switch (effect.type) {
      case 'cut':
        this.#interviewer.cut();
        break;
      case 'commit':
        if (this.#observer.speaking) this.#interviewer.commit();
        break;
      case 'steer':
        this.#interviewer.steer(effect.text);
        break;
      case 'say':
        this.#interviewer.say(effect.text, effect.farewell);
        break;
      case 'reply':
        this.#interviewer.reply(effect);
        break;
      case 'progress':
        this.#options.tell(progressOf(this.#plan, this.#director.state));
        break;
      case 'leave':
        this.#leave();
        break;
    }
  }

  async #save(state: InterviewState): Promise<boolean> {
    const { storage, call } = this.#options;
    const epoch = this.#attached?.lease.epoch;
    return epoch === undefined ? false : storage.saveReducer(call.id, epoch, state, state.phase);
  }

  #tick(now: number): void {
    this.#attached?.recorder.settle(now);
    this.#input({ now, type: 'tick', speaking: this.#observer.speaking });
  }

  #tellTime(): void {
    const time = this.#time(this.#director.state);
    if (time) this.#options.tell(time);
  }

  #time(state: InterviewState): ServerMessage | null {
    const seconds = remainingSeconds(state, Date.now());
    return seconds === null ? null : { type: 'time', remaining_s: seconds, paused: false };
  }

  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    const reason = this.endReason ?? 'time_up';
    this.#options.tell({ type: 'end', reason, close_in_ms: CLOSE_IN_MS });
    this.#options.left(reason);
  }

  #fence(): void {
    if (this.#stopped()) return;
    this.#halt();
    this.#attached?.recorder.stop();
    this.#attached?.lease.drop();
    this.#options.fenced();
  }

  #mustBeAttached(): void {
    if (this.#attached) return;
    throw new ProxyError('not_connected', 'The interviewer is not there yet. Try again shortly.');
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #halt(): void {
    this.#stop.abort();
    this.#watch.stop();
    void this.#director.stop();
    this.#interviewer.stop();
    this.#channel.close();
  }
}
