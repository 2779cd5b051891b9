import type { InterviewPlan } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import * as z from 'zod';
import { delay } from './delay.ts';
import type { InterviewEffect, InterviewInput } from './interview-events.ts';
import { step } from './interview.ts';
import { restoreInterview, type InterviewState } from './interview-state.ts';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/** What was decided and saved last. Whether it was also done, a supervisor that takes over must find out. */
export interface Decision {
  /** Names the items that it made at the provider, so that they can be asked for. */
  key: string;
  effects: InterviewEffect[];
}

const Decided = z.object({
  decision: z.object({
    key: z.string(),
    effects: z.array(
      z.custom<InterviewEffect>((value) => z.object({ type: z.string() }).safeParse(value).success),
    ),
  }),
});

export interface DirectorOptions {
  plan: InterviewPlan;
  /** What was saved last. */
  saved: unknown;
  /** A new name for a decision. */
  newKey: () => string;
  /** false: somebody else supervises. */
  save: (saved: unknown, state: InterviewState) => Promise<boolean>;
  perform: (effect: InterviewEffect, key: string) => void;
  fenced: () => void;
  log: FastifyBaseLogger;
}

/**
 * Takes what happens one by one through the reducer. What it decides is saved before it is done, and with it what is to
 * be done: a supervisor that takes over finds nothing done that is not saved, and can do what was not done.
 */
export class Director {
  readonly #options: DirectorOptions;
  readonly #stop = new AbortController();
  #state: InterviewState;
  #decision: Decision | null;
  #last: Promise<void> = Promise.resolve();
  /** A save that nothing waits for but the next one. */
  #behind: Promise<unknown> = Promise.resolve();

  constructor(options: DirectorOptions) {
    this.#options = options;
    this.#state = restoreInterview(options.saved);
    this.#decision = restoreDecision(options.saved);
  }

  get state(): InterviewState {
    return this.#state;
  }

  /** What was decided last; null where nothing is known. */
  get decision(): Decision | null {
    return this.#decision;
  }

  /** Nothing more is taken. */
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Goes on from what was saved by somebody else. Before the first input only. */
  restore(saved: unknown): void {
    this.#state = restoreInterview(saved);
    this.#decision = restoreDecision(saved);
  }

  /** Resolves when everything that follows from it was done. Never rejects. */
  input(input: InterviewInput): Promise<void> {
    return this.#queue(() => {
      const { state, effects } = step(this.#options.plan, this.#state, input);
      return this.#take(state, effects);
    });
  }

  /** The same for what follows without the reducer. */
  perform(effects: InterviewEffect[]): Promise<void> {
    return this.#queue(() => this.#take(this.#state, effects));
  }

  /** Does what was decided last, unless something else was decided meanwhile. */
  redo(): Promise<void> {
    const decision = this.#decision;
    return this.#queue(() => {
      if (decision === this.#decision) this.#perform(decision?.effects ?? [], decision?.key ?? '');
      return Promise.resolve();
    });
  }

  /** Takes nothing more; resolves when the last save has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#last;
    await this.#behind;
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last
      .then(async () => {
        if (!this.stopped) await work();
      })
      // One decision that can't be made or done does not end all that follow.
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'a decision failed'));
    return this.#last;
  }

  async #take(state: InterviewState, effects: InterviewEffect[]): Promise<void> {
    const decision = { key: this.#options.newKey(), effects };
    // What only a page is told is no loss: it is told again.
    const kept = effects.some(isHeardByProvider) ? decision : this.#decision;
    if (effects.length > 0) {
      if (!(await this.#saved({ ...state, decision: kept }, state))) return;
    } else if (state !== this.#state) {
      // What has no consequences yet need not be waited for; a supervisor that follows should know it all the same.
      this.#saveBehind({ ...state, decision: kept }, state);
    }
    this.#state = state;
    this.#decision = kept;
    // Whoever stops has let go of the call: what was saved is the next one's to do.
    if (!this.stopped) this.#perform(effects, decision.key);
  }

  #perform(effects: readonly InterviewEffect[], key: string): void {
    for (const effect of effects) this.#options.perform(effect, key);
  }

  #saveBehind(saved: unknown, state: InterviewState): void {
    this.#behind = this.#behind
      .then(() => this.#options.save(saved, state))
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'not saved yet'));
  }

  async #saved(saved: unknown, state: InterviewState): Promise<boolean> {
    let wait = FIRST_RETRY_MS;
    const stopped = this.#stop.signal;
    await this.#behind;
    while (!stopped.aborted) {
      try {
        const held = await this.#options.save(saved, state);
        if (!held) this.#options.fenced();
        return held;
      } catch (error) {
        this.#options.log.warn({ err: error }, 'the interview waits for the database');
        await delay(wait, stopped, error).catch(() => undefined);
        wait = Math.min(wait * 2, LAST_RETRY_MS);
      }
    }
    return false;
  }
}

function isHeardByProvider({ type }: InterviewEffect): boolean {
  return type !== 'progress' && type !== 'time';
}

function restoreDecision(saved: unknown): Decision | null {
  return Decided.safeParse(saved).data?.decision ?? null;
}
