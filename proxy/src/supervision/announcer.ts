import type { EndReason, InterviewPlan, ServerMessage } from '@interview/protocol';
import type { SessionBrief } from '../storage/port.ts';
import { isHeld, remainingSeconds } from './clock.ts';
import { progressOf, restoreInterview, type InterviewState } from './interview-state.ts';

/** The page has this long to settle its last rows before the call is hung up. */
export const CLOSE_IN_MS = 10_000;

export interface AnnouncerOptions {
  plan: InterviewPlan;
  /** Where the interview stands now. */
  state: () => InterviewState;
  /** To the candidate's pages. */
  tell: (message: ServerMessage) => void;
}

/** What a page must know of an interview that another process conducts, as it was saved last. */
export function snapshotOf({ session, interview: { plan } }: SessionBrief): ServerMessage[] {
  if (session.reducer === null || session.status !== 'active') return [];
  const state = restoreInterview(session.reducer);
  return new Announcer({ plan, state: () => state, tell: () => undefined }).snapshot();
}

/** Tells the candidate's pages how the interview stands: what is asked, the time that is left, and that it is over. */
export class Announcer {
  readonly #options: AnnouncerOptions;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** What a page that joins must know. */
  snapshot(): ServerMessage[] {
    return [this.#progress(), ...this.#time()];
  }

  /** The same, to the pages that are there. */
  everything(): void {
    this.#tell(this.snapshot());
  }

  progress(): void {
    this.#tell([this.#progress()]);
  }

  /** Says nothing before the clock runs. */
  time(): void {
    this.#tell(this.#time());
  }

  end(reason: EndReason): void {
    this.#tell([{ type: 'end', reason, close_in_ms: CLOSE_IN_MS }]);
  }

  #progress(): ServerMessage {
    return progressOf(this.#options.plan, this.#options.state());
  }

  #time(): ServerMessage[] {
    const state = this.#options.state();
    const seconds = remainingSeconds(state, Date.now());
    return seconds === null ? [] : [{ type: 'time', remaining_s: seconds, paused: isHeld(state) }];
  }

  #tell(messages: ServerMessage[]): void {
    for (const message of messages) this.#options.tell(message);
  }
}
