import type { WriterId } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Signaller } from '../signalling/signaller.ts';
import type { Outbox } from './outbox.ts';

/** How long an acknowledgement may take, milliseconds; then the batch is sent again. */
const ACK_MS = 15_000;
/** Pauses after batches that the server could not take, milliseconds. */
const pauses = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** What a courier needs. */
export interface CourierOptions {
  outbox: Outbox;
  signaller: Pick<Signaller, 'request'>;
  logger: Logger;
  /** At least 0, below 1. */
  random: () => number;
  /** The server refuses for good. The rows stay stored. */
  onRefused: (error: InterviewError) => void;
}

/** Carries rows from the outbox to the server: one batch at a time, until each is acknowledged. */
export class Courier {
  readonly #options: CourierOptions;
  #connected = false;
  #running = false;
  #stopped = false;
  #failures = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #drained: (() => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** A connection stands. `marks` are what the server says it holds, so that only the rest is sent. */
  async connected(marks: Readonly<Record<string, number>>): Promise<void> {
    for (const [writerId, last] of Object.entries(marks)) {
      await this.#options.outbox.acknowledge(writerId as WriterId, last);
    }
    this.#connected = true;
    this.#failures = 0;
    this.wake();
  }

  /** The connection is gone; rows wait. */
  disconnected(): void {
    this.#connected = false;
    clearTimeout(this.#pause);
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#running || !this.#connected || this.#stopped) return;
    clearTimeout(this.#pause);
    this.#running = true;
    void this.#carry().finally(() => {
      this.#running = false;
      if (!this.#options.outbox.next()) this.#tellDrained();
      else if (this.#connected && !this.#stopped) this.#later();
    });
  }

  /**
   * Resolves true when nothing waits any more, false at the deadline.
   *
   * @param deadlineMs milliseconds
   */
  async drained(deadlineMs: number): Promise<boolean> {
    await this.#options.outbox.settled();
    if (!this.#options.outbox.next()) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs, false);
      this.#drained.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
      this.wake();
    });
  }

  /** Carries nothing more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pause);
  }

  /** Sends until nothing waits or something is in the way. */
  async #carry(): Promise<void> {
    while (this.#connected && !this.#stopped) {
      const batch = this.#options.outbox.next();
      if (!batch) return;
      try {
        const advanced = await this.#send(batch.writerId, batch.entries);
        if (!advanced) throw new Error('The server acknowledged nothing of the batch.');
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        this.#options.logger.warn('A batch was not acknowledged.', { error });
        const final = error instanceof InterviewError && !error.retryable;
        if (final) this.#refused(error);
        return;
      }
    }
  }

  async #send(writer_id: WriterId, entries: readonly unknown[]): Promise<boolean> {
    const { signaller, outbox, logger } = this.#options;
    const message = { type: 'transcript' as const, writer_id, entries: [...entries] };
    const reply = await signaller.request(message, ACK_MS);
    if (reply.type !== 'ack') return false;
    if (reply.refused.length > 0) {
      // Committed as tombstones: they count, so that nothing blocks behind them.
      logger.error('The server refused rows.', { refused: reply.refused });
    }
    return outbox.acknowledge(reply.writer_id, reply.last_sequence);
  }

  #refused(error: InterviewError): void {
    this.stop();
    this.#options.onRefused(error);
  }

  #later(): void {
    const pause = pauses[Math.min(this.#failures, pauses.length) - 1] ?? 0;
    const jitter = pause * 0.5 * this.#options.random();
    this.#pause = setTimeout(() => this.wake(), pause + jitter);
  }

  #tellDrained(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const tell of waiting) tell();
  }
}
