import type { LookReply, StartReply } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { InterviewSessionOptions, Ports, StartBackend, StepRequest } from '../options.ts';
import { within } from '../within.ts';
import { readResponse } from './read-response.ts';
import { readStartReply } from './read-start-reply.ts';

/** How long the start may take, milliseconds. */
const REPLY_MS = 15_000;

type Options = Pick<InterviewSessionOptions, 'startUrl' | 'supabaseKey' | 'backend' | 'supabase'>;

/** Whoever answers for `interview-start`: the function itself, a supabase-js client, or a backend of the page's own. */
export class Backend {
  readonly #ask: StartBackend;

  constructor(options: Options, fetch: Ports['fetch']) {
    this.#ask = options.backend ?? byClient(options) ?? byUrl(options, fetch);
  }

  /** @throws InterviewError start_unreachable, start_timeout, start_refused, invitation_… */
  async look(request: StepRequest, signal: AbortSignal): Promise<LookReply> {
    const { readLookReply } = await import('./read-look-reply.ts');
    return known(readLookReply(await this.#post(request, signal)));
  }

  /** @throws InterviewError those of `look`, consent_required, account_required, unsupported */
  async start(request: StepRequest, signal: AbortSignal): Promise<StartReply> {
    return known(readStartReply(await this.#post(request, signal)));
  }

  /** Writes down what the candidate asks for before the start. @throws InterviewError those of `look` */
  async ask(request: StepRequest, signal: AbortSignal): Promise<void> {
    await this.#post(request, signal);
  }

  async #post(request: StepRequest, signal: AbortSignal): Promise<unknown> {
    const end = new AbortController();
    try {
      signal.throwIfAborted();
      // A backend of one's own may not know of signals.
      const reply = this.#ask(request, AbortSignal.any([signal, end.signal]));
      return await within(reply, REPLY_MS, 'start_timeout', signal);
    } catch (error) {
      if (signal.aborted) {
        throw new InterviewError('aborted', undefined, { cause: error });
      }
      throw InterviewError.from(error, 'start_unreachable');
    } finally {
      // Whoever waits for it would be kept as long as the session.
      end.abort();
    }
  }
}

function byUrl({ startUrl, supabaseKey }: Options, fetch: Ports['fetch']): StartBackend {
  return async (request, signal) => {
    if (startUrl === undefined) {
      const message = 'Give startUrl, backend or supabase.';
      throw new InterviewError('start_refused', message);
    }
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (supabaseKey !== undefined) headers['apikey'] = supabaseKey;
    const body = JSON.stringify(request);
    return readResponse(await fetch(startUrl, { method: 'POST', headers, body, signal }));
  };
}

function byClient({ supabase }: Options): StartBackend | null {
  if (!supabase) return null;
  return async (request, signal) => {
    const { startByClient } = await import('./start-by-client.ts');
    return startByClient(supabase, request, signal);
  };
}

function known<T>(reply: T | null): T {
  if (reply !== null) return reply;
  throw new InterviewError('start_refused', 'Not a reply of interview-start.');
}
