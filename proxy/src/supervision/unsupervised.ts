import type { EndReason, ServerMessage, WriterMarks } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import { CLOSE_IN_MS } from './announcer.ts';
import type { Supervision, SupervisionOptions } from './supervision.ts';
import { Watch } from './watch.ts';

/**
 * Looks after a call into which the server has no channel. It knows the time and whether a page is there, and nothing
 * of what is said: the questions stand in the model's instructions, and the page does what a supervisor would.
 */
export class Unsupervised implements Supervision {
  readonly #options: Pick<SupervisionOptions, 'present' | 'tell' | 'left' | 'fenced'>;
  readonly #watch: Watch;
  /** Nobody takes a lease of such a call. */
  readonly epoch = null;
  readonly lapsed = false;
  #deadline: number | null = null;
  #endReason: EndReason | null = null;

  constructor(options: Pick<SupervisionOptions, 'present' | 'tell' | 'left' | 'fenced'>) {
    this.#options = options;
    this.#watch = new Watch({
      present: options.present,
      speaking: () => false,
      lastSpeech: () => 0,
      deadline: () => this.#deadline,
      tick: (now) => this.#tick(now),
      time: () => this.#tellAll(this.snapshot()),
      // No lease says whose call it is: the page may be with another proxy, which took the call up.
      absent: () => this.#letGo(),
      overtime: () => undefined,
    });
  }

  /** There is nothing to attach to; the watch begins. */
  attach(): Promise<void> {
    this.#watch.start();
    return Promise.resolve();
  }

  /** The candidate's media is there. `deadline`: Unix time, milliseconds. */
  connected(deadline: number): void {
    if (this.#deadline !== null) return;
    this.#deadline = deadline;
    this.#tellAll(this.snapshot());
  }

  act(): Promise<void> {
    return refuse();
  }

  type(): Promise<void> {
    return refuse();
  }

  pause(): Promise<void> {
    return refuse();
  }

  unpause(): Promise<void> {
    return refuse();
  }

  /** The clock can't stand still: nobody would tell the model. */
  trouble(): Promise<void> {
    return Promise.resolve();
  }

  /** Nobody watches the silence. */
  mute(): void {
    return undefined;
  }

  /** What a page that joins must know. */
  snapshot(): ServerMessage[] {
    if (this.#deadline === null) return [];
    const seconds = Math.max(Math.ceil((this.#deadline - Date.now()) / 1000), 0);
    return [{ type: 'time', remaining_s: seconds, paused: false }];
  }

  /** Why the interview ended, as far as the server knows; null while it runs. */
  get endReason(): EndReason | null {
    return this.#endReason;
  }

  /** The server writes no rows of such a call. */
  settle(): Promise<WriterMarks> {
    return Promise.resolve({});
  }

  stop(): Promise<void> {
    this.#watch.stop();
    return Promise.resolve();
  }

  #letGo(): void {
    this.#watch.stop();
    this.#options.fenced({ actor: null, closed: false, claimed: false });
  }

  #tick(now: number): void {
    if (this.#endReason !== null || now < (this.#deadline ?? Infinity)) return;
    this.#endReason = 'time_up';
    this.#tellAll([{ type: 'end', reason: 'time_up', close_in_ms: CLOSE_IN_MS }]);
    this.#options.left('time_up');
  }

  #tellAll(messages: ServerMessage[]): void {
    for (const message of messages) this.#options.tell(message);
  }
}

function refuse(): Promise<never> {
  return Promise.reject(
    new ProxyError('unsupported', 'This interviewer can not do that. Say it aloud instead.'),
  );
}
