import {
  COMPLETION_DEADLINE_MS,
  type CompletionOutcome,
  type EndReason,
  type LostRange,
  type WriterMarks,
} from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import { restoreInterview } from '../supervision/interview-state.ts';
import type { LiveSession } from './live-session.ts';

/** What the candidate's page says when it is done. */
export interface CompletionRequest {
  reason: EndReason;
  writers: WriterMarks;
  lost: readonly LostRange[];
}

/** What only the candidate's side can know. */
const pageReasons: ReadonlySet<EndReason> = new Set(['candidate_ended', 'withdrawn', 'technical']);

/** Ends one session in the database: at once when everything is held, else with its gaps after 60 s. */
export class Completion {
  readonly #session: LiveSession;
  #request: CompletionRequest | null = null;
  /** Why the interview ended as the supervisor saw it. */
  #reason: EndReason | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: LiveSession) {
    this.#session = session;
  }

  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Why the interview is over, as the pages were told; null where that was not said here. */
  get said(): EndReason | null {
    return this.#reason;
  }

  /** The interview is over; the page will ask for the completion, and if it does not, we do. */
  expect(reason: EndReason): void {
    this.#reason = reason;
    this.#request ??= { reason, writers: {}, lost: [] };
    this.#arm();
    if (this.#session.pages === 0) void this.#run(false);
  }

  /** Completes as far as possible; what is missing is told. */
  async complete(request: CompletionRequest): Promise<CompletionOutcome> {
    this.#request = request;
    try {
      const outcome = await this.#try(false);
      if (outcome.status === 'ending') this.#arm();
      return outcome;
    } catch (error) {
      // The page may never come again.
      if (mayHelpLater(error)) this.#arm();
      throw error;
    }
  }

  /** The server's reason counts, also one from before a restart; a page can't make up how an interview ended. */
  async #reasonFor(told: EndReason): Promise<EndReason> {
    const { id, call, services } = this.#session;
    const known = this.#reason ?? call?.supervisor.endReason ?? null;
    if (known !== null) return known;
    if (pageReasons.has(told)) return told;
    const session = (await services.storage.sessionBrief(id))?.session;
    const { end, absent } = restoreInterview(session?.reducer);
    return session?.end_reason ?? end?.reason ?? (absent ? 'absent' : 'candidate_ended');
  }

  async #try(force: boolean): Promise<CompletionOutcome> {
    const { id, call, services } = this.#session;
    const request = this.#request ?? { reason: 'technical', writers: {}, lost: [] };
    const reason = await this.#reasonFor(request.reason);
    const server = (await call?.supervisor.settle()) ?? {};
    const outcome = await services.storage.completeSession({
      session: id,
      reason,
      writers: { ...request.writers, ...server },
      lost: request.lost,
      force,
    });
    if (outcome.status === 'ending') return outcome;
    this.#disarm();
    void call?.hangUp(reason);
    services.storage.tick().catch((error: unknown) => {
      services.log.debug({ err: error }, 'the processor was not called');
    });
    this.#session.settled();
    return outcome;
  }

  async #run(force: boolean): Promise<void> {
    const { services, id } = this.#session;
    let again = false;
    try {
      await this.#try(force);
    } catch (error) {
      services.log.error({ err: error, session: id }, 'session not completed');
      // Nobody else knows why it ended: the processor's tick would take the candidate for absent.
      again = mayHelpLater(error);
    }
    if (force) this.#disarm();
    if (again) this.#arm();
    this.#session.settled();
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => void this.#run(true), COMPLETION_DEADLINE_MS).unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function mayHelpLater(error: unknown): boolean {
  return error instanceof ProxyError && error.retryable;
}
