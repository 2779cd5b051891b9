import type { CallId, SessionId } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { Storage } from '../storage/port.ts';
import { delay } from './delay.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 8_000;
/** Of one call no more are kept: whoever reviews it has seen enough, and the table is no place for a flood. */
const MAX_EVENTS = 100;

export interface IntegrityLogOptions {
  session: SessionId;
  call: CallId;
  storage: Storage;
  log: FastifyBaseLogger;
}

/** Writes down what a reviewer should know of a call, one after the other, until the database has it. */
export class IntegrityLog {
  readonly #options: IntegrityLogOptions;
  readonly #stop = new AbortController();
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(options: IntegrityLogOptions) {
    this.#options = options;
  }

  /** Resolves when it is stored, or given up. Never rejects. */
  record(kind: string, detail: Record<string, unknown>): Promise<void> {
    this.#count += 1;
    if (this.#count > MAX_EVENTS) return this.#last;
    this.#last = this.#last.then(() => this.#store(kind, detail));
    return this.#last;
  }

  /** Tries what waits once more, and no more after that. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#last;
  }

  async #store(kind: string, detail: Record<string, unknown>): Promise<void> {
    const { session, call, storage, log } = this.#options;
    const stopped = this.#stop.signal;
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        await storage.recordEvent(session, call, kind, detail);
        return;
      } catch (error) {
        log.error({ err: error, kind }, 'an integrity event waits for the database');
        if (stopped.aborted) return;
        await delay(wait, stopped, error).catch(() => undefined);
      }
    }
  }
}
