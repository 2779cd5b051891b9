import type { CallId } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import type { PlacedEntry, Renewal, Storage, TakenLease } from '../storage/port.ts';

/** A supervisor that is silent for this long may be replaced, seconds. */
export const LEASE_S = 10;
const RENEW_MS = 3_000;
const RETRY_MS = 1_000;

/** How a call was lost, and who has it now. */
export type Loss = Omit<Renewal, 'ok'>;

export interface LeaseOptions {
  storage: Storage;
  call: CallId;
  holder: string;
  /** Also from a holder that lives: the candidate's page is here now. */
  force: boolean;
  /** Somebody else has the call, or it was closed. */
  lost: (loss: Loss) => void;
  log: FastifyBaseLogger;
}

/** The right to supervise one call. Its epoch fences every write, so that two never act for one call. */
export class Lease {
  readonly epoch: number;
  readonly placed: PlacedEntry[];
  /** Where the interview stood when the lease was taken; nothing that a former holder saves comes after it. */
  readonly reducer: unknown;
  /** The call's own; no page ever sees it. */
  readonly secret: string;
  readonly #options: LeaseOptions;
  readonly #timer: NodeJS.Timeout;
  #dropped = false;
  #renewing: Promise<void> | null = null;

  private constructor(options: LeaseOptions, taken: TakenLease) {
    this.#options = options;
    this.epoch = taken.epoch;
    this.placed = taken.placed;
    this.reducer = taken.reducer;
    this.secret = taken.secret;
    this.#timer = setInterval(() => void this.renew(), RENEW_MS).unref();
  }

  /**
   * Takes the lease, waiting for one that is about to lapse until `signal` gives up.
   *
   * @throws {ProxyError} `taken_over` where another holder lives on; `call_not_found` once the call is closed;
   * `storage_unavailable`
   */
  static async take(options: LeaseOptions, signal: AbortSignal): Promise<Lease> {
    const { storage, call, holder, force } = options;
    for (;;) {
      try {
        return new Lease(options, await storage.takeLease(call, holder, LEASE_S, force));
      } catch (error) {
        const refused = error instanceof ProxyError && error.code !== 'taken_over';
        if ((refused && !error.retryable) || signal.aborted) throw error;
        await pause(RETRY_MS, signal, error);
      }
    }
  }

  /** Asks at once whether the call is still ours. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** The same, with the answer. */
  async confirm(): Promise<boolean> {
    await this.renew();
    return !this.#dropped;
  }

  async #renew(): Promise<void> {
    const { storage, call, lost, log } = this.#options;
    try {
      const { ok, ...loss } = await storage.renewLease(call, this.epoch, LEASE_S);
      if (ok || this.#dropped) return;
      this.drop();
      lost(loss);
    } catch (error) {
      // Nobody else can take it either while the database is away; `save` is fenced in any case.
      log.warn({ err: error }, 'lease not renewed');
    }
  }

  /** Lets another supervisor go on at once. */
  async release(): Promise<void> {
    this.drop();
    await this.#options.storage.releaseLease(this.#options.call, this.epoch);
  }

  /** Renews no more, without telling anybody. */
  drop(): void {
    this.#dropped = true;
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
