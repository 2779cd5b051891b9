import { randomBytes } from 'node:crypto';
import {
  OWN_ITEM_PREFIX,
  serverWriterId,
  type CallId,
  type EndReason,
  type RealtimeClientEvent,
  type RealtimeServerEvent,
  type ServerMessage,
  type WriterMarks,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import type { SessionBrief, Storage } from '../storage/port.ts';
import type { Sideband, Upstream } from '../upstream/port.ts';
import { Conversation } from './conversation.ts';
import { Director } from './director.ts';
import { Farewell } from './farewell.ts';
import { remainingSeconds, type InterviewEffect, type InterviewInput } from './interview.ts';
import {
  currentStep,
  progressOf,
  restoreInterview,
  type InterviewState,
} from './interview-state.ts';
import { Lease, pause } from './lease.ts';
import { Observer } from './observer.ts';
import { replayItems } from './replay.ts';
import { ResponseQueue } from './response-queue.ts';
import { RowCourier } from './row-courier.ts';

const ATTACH_MS = 5_000;
const ATTACH_RETRY_MS = 200;
const TICK_MS = 1_000;
const TIME_EVERY_TICKS = 5;
/** No page and no speech for so long: the candidate is gone. */
const ABSENT_MS = 45_000;
/** Whatever is said, a call ends this long after the time is up. */
const OVERTIME_MS = 180_000;
const SETTLE_OPEN_MS = 5_000;
const SETTLE_DRAIN_MS = 3_000;
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
  sideband: Sideband;
  conversation: Conversation;
  courier: RowCourier;
}

/**
 * Supervises one call on the server's own channel: it decides what comes next, answers the model's tools, keeps the
 * clock and writes the server's copy of the transcript.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #log: FastifyBaseLogger;
  readonly #queue: ResponseQueue;
  readonly #observer: Observer;
  readonly #director: Director;
  readonly #farewell: Farewell;
  readonly #own = new Set<string>();
  readonly #stop = new AbortController();
  /** Events that came while we were still attaching. */
  readonly #early: RealtimeServerEvent[] = [];
  #attached: Attached | null = null;
  #deadline: number | null = null;
  #begun = false;
  #leaving = false;
  #ticks = 0;
  #lastPresence = Date.now();
  #ticker: NodeJS.Timeout | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#log = options.log;
    const { plan } = options.brief.interview;
    this.#queue = new ResponseQueue((event) => this.#send(event));
    this.#farewell = new Farewell(() => this.#leave());
    this.#director = new Director({
      plan,
      state: restoreInterview(options.brief.session.reducer),
      save: (state) => this.#save(state),
      perform: (effect) => this.#perform(effect),
      fenced: () => this.#fence(),
      log: options.log,
    });
    this.#observer = new Observer(() => currentStep(plan, this.#director.state), Date.now());
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
      const recorder = this.#recorder(lease);
      this.#attached = { lease, sideband: await this.#open(signal), ...recorder };
    } catch (error) {
      await lease?.release().catch(() => undefined);
      throw new ProxyError(
        'supervision_unavailable',
        'The interview could not be started safely. Try again.',
        { cause: error },
      );
    }
    this.#ticker = setInterval(() => this.#tick(), TICK_MS).unref();
    for (const event of this.#early.splice(0)) this.#handle(event);
    this.#begin();
  }

  /** The candidate's media is there. `deadline`: Unix time, milliseconds. */
  connected(deadline: number): void {
    this.#deadline ??= deadline;
    this.#begin();
  }

  /** A page action. `done` only ends the turn; everything else is for the reducer. */
  async act(kind: 'done' | 'skip' | 'repeat' | 'withdraw' | 'end'): Promise<void> {
    if (kind !== 'done') {
      await this.#director.input({ now: Date.now(), type: 'action', kind });
    } else if (this.#observer.speaking) {
      this.#send({ type: 'input_audio_buffer.commit' });
      this.#queue.want({ say: null, farewell: false });
    }
  }

  /** A line that the candidate typed counts as spoken. */
  async type(text: string): Promise<void> {
    const id = `${OWN_ITEM_PREFIX.typed}${randomBytes(9).toString('base64url')}`;
    const content = [{ type: 'input_text' as const, text }];
    this.#send({
      type: 'conversation.item.create',
      item: { id, type: 'message', role: 'user', content },
    });
    const step = currentStep(this.#plan, this.#director.state);
    const words = text.split(/\s+/).length;
    await this.#director.input({ now: Date.now(), type: 'spoke', step, ms: 0, words });
    this.#queue.want({ say: null, farewell: false });
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

  /** Waits for the last words, closes what stays open and stores everything. */
  async settle(): Promise<WriterMarks> {
    const attached = this.#attached;
    if (!attached) return {};
    const until = AbortSignal.any([AbortSignal.timeout(SETTLE_OPEN_MS), this.#stop.signal]);
    while (attached.conversation.open && !until.aborted) {
      await pause(100, until, null).catch(() => undefined);
    }
    attached.courier.add(attached.conversation.settle(Infinity));
    await attached.courier.drain(SETTLE_DRAIN_MS);
    const { writer, sequence } = attached.courier.mark;
    return { [writer]: sequence };
  }

  /** Lets go of the call without ending it. */
  async stop(): Promise<void> {
    if (this.#stopped()) return;
    this.#halt();
    const attached = this.#attached;
    if (!attached) return;
    attached.courier.add(attached.conversation.settle(Infinity));
    await attached.courier.drain(SETTLE_DRAIN_MS);
    attached.courier.stop();
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

  #recorder(lease: Lease): { conversation: Conversation; courier: RowCourier } {
    const { call, brief, storage } = this.#options;
    const writer = serverWriterId(call.id, lease.epoch);
    const conversation = new Conversation({
      start: call.startedAt,
      placed: lease.placed.flatMap(({ item_id: id, position }) =>
        id === null ? [] : [{ id, position }],
      ),
      hidden: (itemId) => this.#own.has(itemId),
    });
    const store = (entries: readonly unknown[]) =>
      storage.storeEntries(brief.session.id, writer, entries);
    return {
      conversation,
      courier: new RowCourier({ writer, call: call.id, store, log: this.#log }),
    };
  }

  async #open(signal: AbortSignal): Promise<Sideband> {
    const { call, upstream } = this.#options;
    const handlers = {
      event: (parsed: Parameters<Parameters<Upstream['attach']>[1]['event']>[0]) => {
        if (parsed.kind === 'known') this.#handle(parsed.event);
        else this.#log.debug({ kind: parsed.kind }, 'event not understood');
      },
      closed: () => void this.#reopen(),
    };
    for (;;) {
      try {
        return await upstream.attach(call.providerCallId, handlers, signal);
      } catch (error) {
        // A call that was just answered may not be known on every machine of the provider yet.
        if (signal.aborted) throw error;
        await pause(ATTACH_RETRY_MS, signal, error);
      }
    }
  }

  async #reopen(): Promise<void> {
    if (this.#stopped() || !this.#attached) return;
    const signal = AbortSignal.any([AbortSignal.timeout(ATTACH_MS), this.#stop.signal]);
    try {
      this.#attached.sideband = await this.#open(signal);
      this.#queue.reset();
    } catch (error) {
      if (this.#stopped()) return;
      this.#log.warn({ err: error }, 'the provider closed the call');
      this.#options.lost('upstream_closed');
    }
  }

  #begin(): void {
    if (this.#begun || this.#deadline === null || !this.#attached) return;
    this.#begun = true;
    void this.#talk(this.#deadline);
  }

  async #talk(deadline: number): Promise<void> {
    const { adopted, brief } = this.#options;
    if (!adopted) {
      for (const item of replayItems(brief.transcript)) this.#create(item);
      await this.#director.input({ now: Date.now(), type: 'began', deadline });
    }
    for (const message of this.snapshot()) this.#options.tell(message);
  }

  #handle(event: RealtimeServerEvent): void {
    const attached = this.#attached;
    if (this.#stopped()) return;
    if (!attached) {
      this.#early.push(event);
      return;
    }
    const now = Date.now();
    if (event.type === 'error') this.#log.info({ code: event.code }, 'the provider objects');
    this.#queue.handle(event);
    const utterances = attached.conversation.handle(event, now);
    attached.courier.add(utterances);
    for (const input of this.#observer.handle(event, now)) {
      if ('type' in input) this.#input(input);
      else this.#refuse(input.toolCall);
    }
    for (const input of utterances.flatMap((one) => this.#observer.heard(one, now))) {
      this.#input(input);
    }
    this.#farewell.handle(event, (id) => this.#queue.wantedBy(id)?.farewell === true);
  }

  #input(input: InterviewInput): void {
    void this.#director.input(input);
  }

  #refuse(toolCall: string): void {
    const current = currentStep(this.#plan, this.#director.state);
    const output = { ok: false, code: 'invalid', current } as const;
    this.#perform({ type: 'reply', toolCall, output, speak: true, farewell: null });
  }

  #perform(effect: InterviewEffect): void {
    switch (effect.type) {
      case 'cut': {
        this.#queue.cut();
        return;
      }
      case 'commit':
        if (this.#observer.speaking) this.#send({ type: 'input_audio_buffer.commit' });
        return;
      case 'steer': {
        this.#steer(effect.text);
        return;
      }
      case 'say':
        if (effect.farewell) this.#farewell.expect();
        {
          this.#queue.want({ say: effect.text, farewell: effect.farewell });
          return;
        }
      case 'reply': {
        this.#reply(effect);
        return;
      }
      case 'progress': {
        this.#options.tell(progressOf(this.#plan, this.#director.state));
        return;
      }
      case 'leave': {
        this.#leave();
        return;
      }
    }
  }

  #reply(effect: Extract<InterviewEffect, { type: 'reply' }>): void {
    const output = JSON.stringify(effect.output);
    this.#send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: effect.toolCall, output },
    });
    if (effect.farewell !== null) this.#farewell.expect();
    if (effect.speak)
      this.#queue.want({ say: effect.farewell, farewell: effect.farewell !== null });
  }

  #steer(text: string): void {
    const id = `${OWN_ITEM_PREFIX.steering}${randomBytes(9).toString('base64url')}`;
    const content = [{ type: 'input_text' as const, text }];
    this.#create({ id, type: 'message', role: 'system', content });
  }

  /** Creates an item that is nobody's utterance. */
  #create(item: Extract<RealtimeClientEvent, { type: 'conversation.item.create' }>['item']): void {
    if (item.id !== undefined) this.#own.add(item.id);
    this.#send({ type: 'conversation.item.create', item });
  }

  #send(event: RealtimeClientEvent): void {
    this.#attached?.sideband.send(event);
  }

  async #save(state: InterviewState): Promise<boolean> {
    const { storage, call } = this.#options;
    const epoch = this.#attached?.lease.epoch;
    return epoch === undefined ? false : storage.saveReducer(call.id, epoch, state, state.phase);
  }

  #tick(): void {
    const now = Date.now();
    const attached = this.#attached;
    if (!attached) return;
    attached.courier.add(attached.conversation.settle(now));
    this.#input({ now, type: 'tick', speaking: this.#observer.speaking });
    if (this.#options.present()) this.#lastPresence = now;
    const quiet = now - Math.max(this.#lastPresence, this.#observer.lastSpeech);
    if (quiet >= ABSENT_MS && !this.#observer.speaking) {
      this.#options.lost('absent');
      return;
    }
    const { state } = this.#director;
    if (state.deadline !== null && now >= state.deadline + OVERTIME_MS) this.#leave();
    this.#ticks += 1;
    const time = this.#ticks % TIME_EVERY_TICKS === 0 ? this.#time(state) : null;
    if (time) this.#options.tell(time);
  }

  #time(state: InterviewState): ServerMessage | null {
    const seconds = remainingSeconds(state, Date.now());
    return seconds === null ? null : { type: 'time', remaining_s: seconds, paused: false };
  }

  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#farewell.stop();
    const reason = this.endReason ?? 'time_up';
    this.#options.tell({ type: 'end', reason, close_in_ms: CLOSE_IN_MS });
    this.#options.left(reason);
  }

  #fence(): void {
    if (this.#stopped()) return;
    this.#halt();
    this.#attached?.courier.stop();
    this.#attached?.lease.drop();
    this.#options.fenced();
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #halt(): void {
    this.#stop.abort();
    clearInterval(this.#ticker);
    this.#director.stop();
    this.#queue.stop();
    this.#farewell.stop();
    this.#attached?.sideband.close();
  }
}
