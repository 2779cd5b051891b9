import type { CallId, SessionId } from '@interview/protocol';
import { LiveSession } from './live-session.ts';
import type { Services } from './services.ts';

/** The sessions that this process has pages or calls of. Everything in them can be had from Postgres again. */
export class LiveSessions {
  readonly #services: Services;
  readonly #sessions = new Map<SessionId, LiveSession>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Does something in the name of a session, which is not forgotten meanwhile. */
  during<T>(id: SessionId, work: (session: LiveSession) => Promise<T>): Promise<T> {
    const session = this.#sessionOf(id);
    return session.during(() => work(session));
  }

  get size(): number {
    return this.#sessions.size;
  }

  get calls(): number {
    return this.held.length;
  }

  /** The calls that are looked after here. */
  get held(): CallId[] {
    return [...this.#sessions.values()].flatMap(({ call }) => (call ? [call.id] : []));
  }

  /** Lets go of every call, so that another process can take it up. */
  async letGo(): Promise<void> {
    await Promise.allSettled([...this.#sessions.values()].map(async (one) => one.call?.letGo()));
  }

  #sessionOf(id: SessionId): LiveSession {
    const known = this.#sessions.get(id);
    if (known) return known;
    const session: LiveSession = new LiveSession(id, this.#services, () => {
      if (this.#sessions.get(id) === session) this.#sessions.delete(id);
    });
    this.#sessions.set(id, session);
    return session;
  }
}
