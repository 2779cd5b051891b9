import { InterviewError } from '../errors.ts';
import type { InterviewState } from '../events.ts';

/** Every legal step. Nothing else decides what may follow what. */
const legal: Readonly<Record<InterviewState, readonly InterviewState[]>> = {
  idle: ['preparing', 'connecting', 'ending'],
  preparing: ['ready', 'idle', 'ending'],
  ready: ['preparing', 'connecting', 'idle', 'ending'],
  connecting: ['live', 'ending', 'failed'],
  live: ['paused', 'reconnecting', 'ending', 'failed'],
  paused: ['live', 'reconnecting', 'ending', 'failed'],
  reconnecting: ['live', 'ending', 'failed'],
  ending: ['completed', 'failed'],
  completed: [],
  failed: ['preparing', 'connecting', 'ending'],
};

/** Where the interview stands; tells each change. */
export class Machine {
  readonly #onChange: (state: InterviewState, previous: InterviewState) => void;
  #state: InterviewState = 'idle';

  constructor(onChange: (state: InterviewState, previous: InterviewState) => void) {
    this.#onChange = onChange;
  }

  get state(): InterviewState {
    return this.#state;
  }

  /** True for one of these. */
  is(...states: readonly InterviewState[]): boolean {
    return states.includes(this.#state);
  }

  can(next: InterviewState): boolean {
    return legal[this.#state].includes(next);
  }

  /** @throws InterviewError invalid_state, which says what was tried */
  go(next: InterviewState): void {
    if (!this.can(next)) {
      throw new InterviewError(
        'invalid_state',
        `An interview that is ${this.#state} can't be ${next}.`,
      );
    }
    const previous = this.#state;
    this.#state = next;
    this.#onChange(next, previous);
  }
}
