import type { Drain } from '../drain.ts';
import type { UpstreamHealth, UpstreamReport } from '../metrics/upstream-health.ts';
import type { Storage } from '../storage/port.ts';

/** A database that takes longer is of no use to a candidate who waits, milliseconds. */
const DATABASE_DEADLINE_MS = 3_000;
/** Whoever asks often does not ask the database often, milliseconds. */
const REPEAT_MS = 1_000;

/** Whether interviews can be held here now. */
export interface Readiness {
  ready: boolean;
  checks: { database: 'ok' | 'unavailable'; upstream: UpstreamReport['state'] };
  draining: boolean;
}

/** Asks the database, at most once a second, and tells what is known of the rest. */
export class ReadinessCheck {
  readonly #storage: Pick<Storage, 'check'>;
  readonly #health: UpstreamHealth;
  readonly #drain: Drain;
  #database: { asked: number; answer: Promise<Readiness['checks']['database']> } | null = null;

  constructor(storage: Pick<Storage, 'check'>, health: UpstreamHealth, drain: Drain) {
    this.#storage = storage;
    this.#health = health;
    this.#drain = drain;
  }

  /** A provider that failed last keeps nobody away: only a further call can show that it is back. */
  async look(): Promise<Readiness> {
    const database = await this.#askDatabase();
    const draining = this.#drain.begun;
    return {
      ready: database === 'ok' && !draining,
      checks: { database, upstream: this.#health.report.state },
      draining,
    };
  }

  #askDatabase(): Promise<Readiness['checks']['database']> {
    const now = Date.now();
    if (this.#database && now - this.#database.asked < REPEAT_MS) return this.#database.answer;
    const answer = this.#check();
    this.#database = { asked: now, answer };
    return answer;
  }

  async #check(): Promise<Readiness['checks']['database']> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'unavailable'>((resolve) => {
      timer = setTimeout(() => resolve('unavailable'), DATABASE_DEADLINE_MS).unref();
    });
    const asked = this.#storage.check().then(
      () => 'ok' as const,
      () => 'unavailable' as const,
    );
    const found = await Promise.race([asked, late]);
    clearTimeout(timer);
    return found;
  }
}
