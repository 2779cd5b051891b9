import type { InterviewPlan } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { InterviewEffect, InterviewInput } from './interview-events.ts';
import { step } from './interview.ts';
import type { InterviewState } from './interview-state.ts';
import { pause } from './lease.ts';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Takes what happens one by one through the reducer. What it decides is saved before it is done: a supervisor that
 * takes over finds nothing done that is not saved.
 */
export class Director {
  readonly #plan: InterviewPlan;
  readonly #save: (state: InterviewState) => Promise<boolean>;
  readonly #perform: (effect: InterviewEffect) => void;
  readonly #fenced: () => void;
  readonly #log: FastifyBaseLogger;
  readonly #stop = new AbortController();
  #state: InterviewState;
  #last: Promise<void> = Promise.resolve();
  /** A save that nothing waits for but the next one. */
  #behind: Promise<unknown> = Promise.resolve();

  constructor(options: {
    plan: InterviewPlan;
    state: InterviewState;
    /** false: somebody else supervises. */
    save: (state: InterviewState) => Promise<boolean>;
    perform: (effect: InterviewEffect) => void;
    fenced: () => void;
    log: FastifyBaseLogger;
  }) {
    this.#plan = options.plan;
    this.#state = options.state;
    this.#save = options.save;
    this.#perform = options.perform;
    this.#fenced = options.fenced;
    this.#log = options.log;
  }

  get state(): InterviewState {
    return this.#state;
  }

  /** Resolves when everything that follows from it was done. Never rejects. */
  input(input: InterviewInput): Promise<void> {
    this.#last = this.#last.then(() => this.#take(input));
    return this.#last;
  }

  /** Takes nothing more; resolves when the last save has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#behind;
  }

  async #take(input: InterviewInput): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { state, effects } = step(this.#plan, this.#state, input);
    if (state !== this.#state) {
      // What has no consequences yet need not be waited for; a supervisor that follows should know it all the same.
      if (effects.length === 0) this.#saveBehind(state);
      else if (!(await this.#saved(state))) return;
    }
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #saveBehind(state: InterviewState): void {
    this.#behind = this.#behind
      .then(() => this.#save(state))
      .catch((error: unknown) => this.#log.warn({ err: error }, 'not saved yet'));
  }

  async #saved(state: InterviewState): Promise<boolean> {
    let wait = FIRST_RETRY_MS;
    const stopped = this.#stop.signal;
    await this.#behind;
    while (!stopped.aborted) {
      try {
        const held = await this.#save(state);
        if (!held) this.#fenced();
        return held;
      } catch (error) {
        this.#log.warn({ err: error }, 'the interview waits for the database');
        await pause(wait, stopped, error).catch(() => undefined);
        wait = Math.min(wait * 2, LAST_RETRY_MS);
      }
    }
    return false;
  }
}
