import type { CallId } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import type { PlacedEntry, Storage } from '../storage/port.ts';

/** A supervisor that is silent for this long may be replaced, seconds. */
const LEASE_S = 10;
const RENEW_MS = 3_000;
const RETRY_MS = 1_000;

/** The right to supervise one call. Its epoch fences every write, so that two never act for one call. */
export class Lease {
  readonly epoch: number;
  readonly placed: PlacedEntry[];
  readonly #storage: Storage;
  readonly #call: CallId;
  readonly #timer: NodeJS.Timeout;
  /** Many ask at once where somebody floods the call. */
  #confirming: Promise<boolean> | null = null;

  private constructor(
    storage: Storage,
    call: CallId,
    taken: { epoch: number; placed: PlacedEntry[] },
    lost: () => void,
    log: FastifyBaseLogger,
  ) {
    this.#storage = storage;
    this.#call = call;
    this.epoch = taken.epoch;
    this.placed = taken.placed;
    this.#timer = setInterval(() => {
      storage.renewLease(call, taken.epoch, LEASE_S).then(
        (held) => {
          if (held) return;
          clearInterval(this.#timer);
          lost();
        },
        // Nobody else can take it either while the database is away; `save` is fenced in any case.
        (error: unknown) => log.warn({ err: error }, 'lease not renewed'),
      );
    }, RENEW_MS).unref();
  }

  /**
   * Takes the lease, waiting for one that is about to lapse until `signal` gives up.
   *
   * @throws {ProxyError} `taken_over` where another holder lives on; `storage_unavailable`
   */
  static async take(options: {
    storage: Storage;
    call: CallId;
    holder: string;
    signal: AbortSignal;
    lost: () => void;
    log: FastifyBaseLogger;
  }): Promise<Lease> {
    for (;;) {
      try {
        const taken = await options.storage.takeLease(options.call, options.holder, LEASE_S);
        return new Lease(options.storage, options.call, taken, options.lost, options.log);
      } catch (error) {
        const refused = error instanceof ProxyError && error.code !== 'taken_over';
        if ((refused && !error.retryable) || options.signal.aborted) throw error;
        await pause(RETRY_MS, options.signal, error);
      }
    }
  }

  /** Asks whether it is still ours. Nobody else can take it either while the database is away. */
  confirm(): Promise<boolean> {
    this.#confirming ??= this.#storage
      .renewLease(this.#call, this.epoch, LEASE_S)
      .catch(() => true)
      .finally(() => (this.#confirming = null));
    return this.#confirming;
  }

  /** Lets another supervisor go on at once. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#storage.releaseLease(this.#call, this.epoch);
  }

  /** Renews no more, without telling anybody. */
  drop(): void {
    clearInterval(this.#timer);
  }
}

/** Waits, or rejects with `reason` when `signal` gives up. */
export async function pause(ms: number, signal: AbortSignal, reason: unknown): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(reason instanceof Error ? reason : new Error('given up'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    }, ms);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
