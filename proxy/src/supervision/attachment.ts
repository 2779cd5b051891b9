import type {
  CallId,
  ParsedServerEvent,
  RealtimeClientEvent,
  RealtimeServerEvent,
  SessionId,
  WriterMarks,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import type { Storage } from '../storage/port.ts';
import type { Upstream } from '../upstream/port.ts';
import { Channel } from './channel.ts';
import { Lease, type Loss } from './lease.ts';
import { Recorder } from './recorder.ts';
import type { Utterance } from './utterance.ts';
import { within } from './within.ts';

/** So many events are kept while we are attaching; of a flood only the newest, as after a gap in the channel. */
const MAX_EARLY = 2_000;

export interface AttachmentOptions {
  call: { id: CallId; providerCallId: string; startedAt: number };
  session: SessionId;
  /** Names this process in the lease. */
  holder: string;
  /** Take the call also from a process that lives: the candidate's page is here now. */
  force: boolean;
  storage: Storage;
  upstream: Upstream;
  log: FastifyBaseLogger;
  /** Items that nobody said. */
  hidden: (itemId: string) => boolean;
  /** In the provider's order; what came while attaching comes as soon as we are attached. */
  event: (event: RealtimeServerEvent) => void;
  /** The call is ours, and with it what the lease knows. */
  taken: (lease: Lease) => void;
  /** We are attached, and what came meanwhile was handed on. */
  opened: () => void;
  /** The channel broke and is back; what happened meanwhile is not known. */
  back: () => void;
  /** The provider closed the call. */
  lost: () => void;
  /** Another process has the lease, or a newer call the session. */
  fenced: (loss: Loss) => void;
}

interface Held {
  lease: Lease;
  recorder: Recorder;
}

/** A process's hold on one call: the lease, the channel to the provider, and the transcript that the lease fences. */
export class Attachment {
  readonly #options: AttachmentOptions;
  readonly #log: FastifyBaseLogger;
  readonly #channel: Channel;
  readonly #stop = new AbortController();
  /** Events that came while we were still attaching. */
  readonly #early: RealtimeServerEvent[] = [];
  #held: Held | null = null;
  #epoch: number | null = null;

  constructor(options: AttachmentOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#channel = new Channel({
      upstream: options.upstream,
      providerCallId: options.call.providerCallId,
      event: (event) => this.#receive(event),
      // In a call that is not ours yet there is nothing to go on with, and nothing to end.
      back: () => this.#held && options.back(),
      broke: () => void this.#held?.lease.renew(),
      lost: (error) => {
        this.#log.warn({ err: error }, 'the provider closed the call');
        if (this.#held) options.lost();
        else this.close();
      },
    });
  }

  /** @throws {ProxyError} `supervision_unavailable` when it can't be had within `withinMs` milliseconds */
  async open(withinMs: number): Promise<void> {
    const { signal, end } = within(withinMs, this.#stop.signal);
    const { storage, call, holder, force, fenced: lost, taken } = this.#options;
    let lease: Lease | undefined;
    try {
      // Taking from a holder that lives: from its last word on we must hear everything ourselves.
      if (force) await this.#channel.open(signal);
      const log = this.#log;
      lease = await Lease.take({ storage, call: call.id, holder, force, lost, log }, signal);
      this.#epoch = lease.epoch;
      // Nobody may be waiting any more.
      signal.throwIfAborted();
      taken(lease);
      if (!force) await this.#channel.open(signal);
      this.#held = { lease, recorder: this.#recorder(lease) };
    } catch (error) {
      this.close();
      this.#early.length = 0;
      await lease?.release().catch(() => undefined);
      throw new ProxyError(
        'supervision_unavailable',
        'The interview could not be started safely. Try again.',
        { cause: error },
      );
    } finally {
      end();
    }
    for (const event of this.#early.splice(0)) this.#options.event(event);
    this.#options.opened();
  }

  /** True from the moment it was opened, even after it was closed. */
  get attached(): boolean {
    return this.#held !== null;
  }

  get closed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** What fences every write; null before the lease is held. */
  get epoch(): number | null {
    return this.#epoch;
  }

  /** Asks whether the call is still ours. */
  async confirm(): Promise<boolean> {
    return (await this.#held?.lease.confirm()) === true && !this.closed;
  }

  /** The same where another supervisor has shown itself: only what the database says now counts. */
  async prove(): Promise<boolean> {
    return (await this.#held?.lease.prove()) === true && !this.closed;
  }

  /** Somebody else may have the call by now. */
  get lapsed(): boolean {
    return this.#held?.lease.lapsed ?? false;
  }

  send(event: RealtimeClientEvent): void {
    this.#channel.send(event);
  }

  /** Returns the utterances that are final now, or of which more is known. `now`: Unix time, milliseconds. */
  record(event: RealtimeServerEvent, now: number): Utterance[] {
    return this.#held?.recorder.handle(event, now) ?? [];
  }

  /** Closes utterances that waited too long, and returns them. */
  settle(now: number): Utterance[] {
    return this.#held?.recorder.settle(now) ?? [];
  }

  /** Waits for the last words and stores everything; returns how far this writer has come. */
  async finish(): Promise<WriterMarks> {
    return (await this.#held?.recorder.finish(this.#stop.signal)) ?? {};
  }

  /** Asks at once whether the call is still ours. */
  ask(): void {
    void this.#held?.lease.renew();
  }

  /** Takes no more events and gives up whatever is waited for; rows and lease are kept. */
  close(): void {
    this.#stop.abort();
    this.#channel.close();
  }

  /** Stores what there is, as far as the database takes it. */
  async flush(): Promise<void> {
    await this.#held?.recorder.flush();
  }

  /** Lets another process go on at once. */
  async release(): Promise<void> {
    this.#held?.recorder.stop();
    await this.#held?.lease.release().catch((error: unknown) => {
      this.#log.warn({ err: error }, 'lease not released');
    });
  }

  /** The lease is somebody else's: stores what was heard, whose rows are this epoch's own, and writes no more. */
  async drop(): Promise<void> {
    this.#held?.lease.drop();
    await this.#held?.recorder.handOver();
  }

  #recorder({ epoch, placed }: Lease): Recorder {
    const { call, session, hidden, storage } = this.#options;
    return new Recorder({ session, call, epoch, placed, hidden, storage, log: this.#log });
  }

  #receive(parsed: ParsedServerEvent): void {
    if (this.closed) return;
    if (parsed.kind !== 'known') this.#log.debug({ kind: parsed.kind }, 'event not understood');
    else if (this.#held) this.#options.event(parsed.event);
    else if (this.#early.push(parsed.event) > MAX_EARLY) this.#early.shift();
  }
}
