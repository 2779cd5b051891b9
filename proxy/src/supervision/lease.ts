import type { CallId } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import type { PlacedEntry, Renewal, Storage, TakenLease } from '../storage/port.ts';
import { delay } from './delay.ts';

/** A supervisor that is silent for this long may be replaced, seconds. */
export const LEASE_S = 10;
const RENEW_MS = 3_000;
const RETRY_MS = 1_000;
/** Where it answered within the last so many milliseconds, a database that is slow is not waited for longer than the second. */
const FRESH_MS = 5_000;
const PATIENCE_MS = 500;
/** So long two supervisors may both believe that a call is theirs, milliseconds. Our choice. */
const PROOF_MS = 2_000;

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
  /** When what the database last said was asked for, by the monotonic clock: it counts from a later moment. */
  #renewedAt: number;
  #renewing: Promise<boolean | null> | null = null;

  private constructor(options: LeaseOptions, taken: TakenLease, askedAt: number) {
    this.#options = options;
    this.#renewedAt = askedAt;
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
      const askedAt = performance.now();
      try {
        return new Lease(options, await storage.takeLease(call, holder, LEASE_S, force), askedAt);
      } catch (error) {
        const refused = error instanceof ProxyError && error.code !== 'taken_over';
        if ((refused && !error.retryable) || signal.aborted) throw error;
        await delay(RETRY_MS, signal, error);
      }
    }
  }

  /** Asks at once whether the call is still ours; null where nobody can tell. */
  renew(): Promise<boolean | null> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** The same, where the database does not answer as far as we know it: until the lease lapses nobody can take it. */
  async confirm(): Promise<boolean> {
    const fresh = performance.now() - this.#renewedAt < FRESH_MS;
    await (fresh ? within(PATIENCE_MS, this.renew()) : this.renew());
    return !this.#dropped && !this.lapsed;
  }

  /** Only what the database says from now on, and soon, counts: another supervisor has shown itself. */
  async prove(): Promise<boolean> {
    const asked = (this.#renewing ?? Promise.resolve()).then(() => this.renew());
    return (await within(PROOF_MS, asked)) === true;
  }

  /** It could not be renewed for so long that somebody else may have the call. */
  get lapsed(): boolean {
    return performance.now() - this.#renewedAt >= LEASE_S * 1000;
  }

  async #renew(): Promise<boolean | null> {
    const { storage, call, lost, log } = this.#options;
    const askedAt = performance.now();
    try {
      const { ok, ...loss } = await storage.renewLease(call, this.epoch, LEASE_S);
      if (ok) this.#renewedAt = askedAt;
      if (ok || this.#dropped) return ok;
      this.drop();
      lost(loss);
      return false;
    } catch (error) {
      // `save` is fenced in any case.
      log.warn({ err: error }, 'lease not renewed');
      return null;
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

/** null where it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const done = new AbortController();
  try {
    return await Promise.race([
      work,
      delay(ms, done.signal, null).then(
        () => null,
        () => null,
      ),
    ]);
  } finally {
    done.abort();
  }
}
