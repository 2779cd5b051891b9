import {
  serverWriterId,
  type CallId,
  type RealtimeServerEvent,
  type SessionId,
  type WriterMarks,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { PlacedEntry, Storage } from '../storage/port.ts';
import { Conversation } from './conversation.ts';
import { delay } from './delay.ts';
import { RowCourier } from './row-courier.ts';
import type { Utterance } from './utterance.ts';

/** How long the end of a call waits for the last words, and then for the database, milliseconds. */
const OPEN_MS = 5_000;
const DRAIN_MS = 3_000;
const LOOK_MS = 100;

export interface RecorderOptions {
  session: SessionId;
  call: { id: CallId; startedAt: number };
  epoch: number;
  placed: readonly PlacedEntry[];
  /** Items that we created and that nobody said. */
  hidden: (itemId: string) => boolean;
  storage: Storage;
  log: FastifyBaseLogger;
}

/** Writes the server's copy of a call's transcript. */
export class Recorder {
  readonly #conversation: Conversation;
  readonly #courier: RowCourier;

  constructor({ session, call, epoch, placed, hidden, storage, log }: RecorderOptions) {
    const writer = serverWriterId(call.id, epoch);
    this.#conversation = new Conversation({
      start: call.startedAt,
      placed: placed.flatMap(({ item_id: id, position }) =>
        id === null ? [] : [{ id, position }],
      ),
      hidden,
    });
    const store = (entries: readonly unknown[]) => storage.storeEntries(session, writer, entries);
    this.#courier = new RowCourier({ writer, call: call.id, store, log });
  }

  /** Returns the utterances that are final now, or of which more is known. */
  handle(event: RealtimeServerEvent, now: number): Utterance[] {
    const utterances = this.#conversation.handle(event, now);
    this.#courier.add(utterances);
    return utterances;
  }

  /** Closes what waited too long, and returns it. */
  settle(now: number): Utterance[] {
    const utterances = this.#conversation.settle(now);
    this.#courier.add(utterances);
    return utterances;
  }

  /** Waits for the last words, closes what stays open and stores everything. `signal` cuts the waiting short. */
  async finish(signal: AbortSignal): Promise<WriterMarks> {
    const until = AbortSignal.any([AbortSignal.timeout(OPEN_MS), signal]);
    while (this.#conversation.open && !until.aborted) {
      await delay(LOOK_MS, until, null).catch(() => undefined);
    }
    await this.flush();
    const { writer, sequence } = this.#courier.mark;
    return { [writer]: sequence };
  }

  /** Closes what is open with what it has, and stores everything as far as the database takes it. */
  async flush(): Promise<void> {
    this.settle(Infinity);
    await this.#courier.drain(DRAIN_MS);
  }

  /** Leaves the transcript to the next supervisor: what is whole is stored, as far as the database takes it. */
  async handOver(): Promise<void> {
    this.#courier.add(this.#conversation.handOver());
    await this.#courier.drain(DRAIN_MS);
    this.stop();
  }

  stop(): void {
    this.#courier.stop();
  }
}
