import type { Call } from './call.ts';
import { RequestError } from './request-error.ts';

/** Ended calls whose record is kept, at most. */
const MAX_ENDED = 500;

/** The calls of this simulator, the newest last. */
export class CallRegistry {
  readonly #calls = new Map<string, Call>();

  get all(): readonly Call[] {
    return [...this.#calls.values()];
  }

  add(call: Call): void {
    this.#calls.set(call.id, call);
    const ended = this.all.filter((one) => one.endedAt);
    for (const one of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) {
      this.#calls.delete(one.id);
    }
  }

  /**
   * A call, ended or not.
   *
   * @throws RequestError `call_id_not_found`
   */
  get(id: string): Call {
    const call = this.#calls.get(id);
    if (call) return call;
    throw notFound(id);
  }

  /**
   * A call that goes on.
   *
   * @throws RequestError `call_id_not_found`
   */
  live(id: string): Call {
    const call = this.get(id);
    if (call.endedAt) throw notFound(id);
    return call;
  }

  endAll(): void {
    for (const call of this.#calls.values()) call.end();
  }
}

function notFound(id: string): RequestError {
  return new RequestError('call_id_not_found', `No session found for call_id: ${id}.`, {
    param: 'call_id',
    status: 404,
  });
}
