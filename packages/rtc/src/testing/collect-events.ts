import type { InterviewEventName, InterviewEvents } from '../events.ts';

/**
 * Whatever tells interview events: a session, or a double of one.
 *
 * @example
 * const source: EventSource = new InterviewSession({ backend });
 */
export interface EventSource {
  on<Name extends InterviewEventName>(
    event: Name,
    listener: (payload: InterviewEvents[Name]) => void,
  ): unknown;
}

/**
 * Events of one name as they came, and a way to wait for the next that fits.
 *
 * @example
 * const states = collectEvents(session, 'statechange');
 * await states.until(({ state }) => state === 'live');
 */
export interface CollectedEvents<Name extends InterviewEventName> {
  readonly all: readonly InterviewEvents[Name][];
  /**
   * Resolves with the first event that fits, past or to come.
   *
   * @param deadlineMs milliseconds until it rejects; default 5000
   */
  until(
    fits: (payload: InterviewEvents[Name]) => boolean,
    deadlineMs?: number,
  ): Promise<InterviewEvents[Name]>;
}

/**
 * Collects the events of one name, so that a test waits for what happens and never sleeps.
 *
 * @example
 * const states = collectEvents(session, 'statechange');
 * await states.until(({ state }) => state === 'live');
 */
export function collectEvents<Name extends InterviewEventName>(
  source: EventSource,
  name: Name,
): CollectedEvents<Name> {
  const all: InterviewEvents[Name][] = [];
  const watchers = new Set<(payload: InterviewEvents[Name]) => void>();
  source.on(name, (payload) => {
    all.push(payload);
    for (const watch of [...watchers]) watch(payload);
  });
  const until: CollectedEvents<Name>['until'] = (fits, deadlineMs = 5_000) => {
    const past = all.find(fits);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(watch);
        const seen = JSON.stringify(all.slice(-5));
        reject(new Error(`No fitting «${name}» came within ${deadlineMs} ms. Last: ${seen}`));
      }, deadlineMs);
      const watch = (payload: InterviewEvents[Name]): void => {
        if (!fits(payload)) return;
        clearTimeout(timer);
        watchers.delete(watch);
        resolve(payload);
      };
      watchers.add(watch);
    });
  };
  return { all, until };
}
