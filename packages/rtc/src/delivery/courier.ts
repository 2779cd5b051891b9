import type { ServerMessage, WriterId } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Signaller } from '../signalling/signaller.ts';
import type { Batch } from './batch.ts';
import type { Outbox } from './outbox.ts';

/** How long an acknowledgement may take, milliseconds; then the batch is sent again. */
const ACK_MS = 15_000;
/** How long another page of this browser may hold up a batch, milliseconds. It may be frozen in the middle of one. */
const TURN_MS = 2_000;
/** The longest pause that a server may ask for, milliseconds. */
const MAX_PAUSE_MS = 60_000;
/** Pauses after batches that the server could not take, milliseconds. */
const pauses = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** What a courier needs. */
export interface CourierOptions {
  outbox: Pick<Outbox, keyof Outbox>;
  signaller: Pick<Signaller, 'request' | 'flush'>;
  /** Keeps two pages from sending the same rows at once; null sends without asking. */
  locks: LockManager | null;
  logger: Logger;
  /** At least 0, below 1. */
  random: () => number;
  /**
   * The server refuses for good. The rows stay stored, except after `delivery_expired`: nobody will ever take them, so
   * they are purged once this was told.
   */
  onRefused: (error: InterviewError) => void;
}

/** Carries rows from the outbox to the server: one batch at a time, until each is acknowledged. */
export class Courier {
  readonly #options: CourierOptions;
  #connected = false;
  #running = false;
  #stopped = false;
  #failures = 0;
  /** The least pause that the server asked for, milliseconds. */
  #askedMs = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #onItsWay: Batch | null = null;
  #drained: ((drained: boolean) => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** A connection stands. `marks` are what the server says it holds, so that only the rest is sent. */
  async connected(marks: Readonly<Record<string, number>>): Promise<void> {
    const { outbox } = this.#options;
    this.#connected = true;
    this.#failures = 0;
    this.#unpause();
    for (const [writerId, last] of Object.entries(marks)) {
      outbox.acknowledge(writerId as WriterId, last);
    }
    this.wake();
    await outbox.refresh();
    this.wake();
  }

  /** The connection is gone; rows wait. */
  disconnected(): void {
    this.#connected = false;
    this.#unpause();
  }

  /** There may be something to send. After a failure it waits until the pause is over. */
  wake(): void {
    if (this.#running || this.#pause !== undefined || !this.#mayCarry) return;
    this.#running = true;
    void this.#carry().finally(() => {
      this.#running = false;
      if (!this.#options.outbox.next()) this.#tellDrained(true);
      else if (this.#mayCarry) this.#later();
    });
  }

  /**
   * Resolves true when nothing waits any more, in no page of this browser; false at the deadline, or once it is stopped.
   *
   * @param deadlineMs milliseconds
   */
  async drained(deadlineMs: number): Promise<boolean> {
    const { outbox } = this.#options;
    await outbox.settled();
    await outbox.refresh();
    if (!outbox.next() || this.#stopped) return !outbox.next();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs, false);
      this.#drained.push((drained) => {
        clearTimeout(timer);
        resolve(drained);
      });
      this.wake();
    });
  }

  /**
   * Sends what it can of a page that is left, without waiting for an answer. It is a bonus: nothing is forgotten by
   * it, a row that is still being stored does not go along, and the next page sends all of it again.
   */
  flush(): void {
    if (this.#stopped) return;
    const { outbox, signaller } = this.#options;
    for (const batch of outbox.unsent(this.#onItsWay)) signaller.flush(messageOf(batch));
  }

  /** Carries nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#unpause();
    this.#tellDrained(false);
  }

  get #mayCarry(): boolean {
    return this.#connected && !this.#stopped;
  }

  /** Sends until nothing waits or something is in the way. */
  async #carry(): Promise<void> {
    const { outbox, logger } = this.#options;
    try {
      while (this.#mayCarry && outbox.next()) {
        const advanced = await this.#inTurn(() => this.#carryOne());
        if (!advanced) throw new Error('Nothing of it.');
        this.#failures = this.#askedMs = 0;
      }
    } catch (error) {
      logger.warn('Batch not acknowledged.', { error });
      this.#failures += 1;
      const failure = InterviewError.from(error, 'delivery_failed');
      this.#askedMs = Math.min(failure.retryAfterMs, MAX_PAUSE_MS);
      // A refused token is renewed with the connection, or ends it.
      if (!failure.retryable && failure.code !== 'token_refused') this.#refused(failure);
    }
  }

  /** Only one page of this browser sends at a time, each a batch. Where that can't be had, twice sent is harmless. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const { locks, outbox } = this.#options;
    if (!locks) return work();
    const name = `interview-room-outbox:${outbox.sessionId}`;
    let begun: Promise<T> | undefined;
    const once = (): Promise<T> => (begun ??= work());
    try {
      return await locks.request(name, { signal: AbortSignal.timeout(TURN_MS) }, once);
    } catch {
      return once();
    }
  }

  /** Sends one batch. False when the server did not advance. */
  async #carryOne(): Promise<boolean> {
    const { outbox, signaller, logger } = this.#options;
    let batch = outbox.next();
    if (batch && batch.writerId !== outbox.writerId) {
      // Of another page, which may live and have delivered them meanwhile.
      await outbox.refresh();
      batch = outbox.next();
    }
    if (!batch || !this.#mayCarry) return true;
    this.#onItsWay = batch;
    try {
      const reply = await signaller.request(messageOf(batch), ACK_MS);
      if (reply.type !== 'ack') return false;
      if (reply.refused.length > 0) {
        // Committed as tombstones: they count, so that nothing blocks behind them.
        logger.error('Rows refused.', { refused: reply.refused });
      }
      const through = committedThrough(batch, reply);
      outbox.acknowledge(batch.writerId, through);
      return through >= (batch.entries[0]?.sequence ?? 0);
    } finally {
      this.#onItsWay = null;
    }
  }

  #refused(error: InterviewError): void {
    this.stop();
    this.#options.onRefused(error);
    if (error.code === 'delivery_expired') void this.#options.outbox.clear();
  }

  #later(): void {
    const step = pauses[Math.min(this.#failures, pauses.length) - 1] ?? 0;
    const pause = Math.max(step, this.#askedMs);
    const jitter = pause * 0.5 * this.#options.random();
    this.#pause = setTimeout(() => {
      this.#unpause();
      this.wake();
    }, pause + jitter);
  }

  #unpause(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #tellDrained(drained: boolean): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const tell of waiting) tell(drained);
  }
}

const messageOf = ({ writerId, entries }: Batch) => ({
  type: 'transcript' as const,
  writer_id: writerId,
  entries,
});

/**
 * Up to where the server holds the batch's writer. It counts from the first sequence on; when rows before the batch are
 * gone everywhere, its mark stays below them for ever, and the batch is held all the same if every row was counted.
 */
function committedThrough(
  { entries }: Batch,
  { last_sequence, stored, duplicates, refused }: Extract<ServerMessage, { type: 'ack' }>,
): number {
  const first = entries[0]?.sequence ?? 0;
  const counted = stored + duplicates + refused.length >= entries.length;
  if (last_sequence + 1 < first && counted) return entries.at(-1)?.sequence ?? 0;
  return last_sequence;
}
