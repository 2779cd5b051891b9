import type { LookReply, LookRequest, StartReply, StartRequest } from '@interview/protocol';
import { InterviewError, type InterviewErrorCode } from '../errors.ts';
import type { InterviewSessionOptions, Ports } from '../options.ts';
import { readLookReply, readStartReply } from './read-replies.ts';

/** How long the function may take, milliseconds. */
const REPLY_MS = 15_000;

const codes: Readonly<Record<string, InterviewErrorCode>> = {
  invitation_invalid: 'invitation_invalid',
  invitation_expired: 'invitation_expired',
  invitation_revoked: 'invitation_revoked',
  invitation_completed: 'invitation_completed',
  invitation_in_use: 'invitation_in_use',
  account_required: 'account_required',
  consent_required: 'consent_required',
  // The text changed while it was shown: it must be shown again.
  consent_outdated: 'consent_required',
  session_ended: 'session_ended',
};

/** The `interview-start` function. */
export class Backend {
  readonly #options: Pick<InterviewSessionOptions, 'startUrl' | 'supabaseKey'>;
  readonly #fetch: Ports['fetch'];

  constructor(
    options: Pick<InterviewSessionOptions, 'startUrl' | 'supabaseKey'>,
    fetch: Ports['fetch'],
  ) {
    this.#options = options;
    this.#fetch = fetch;
  }

  /** @throws InterviewError start_unreachable, start_refused, invitation_… */
  look(request: LookRequest, signal: AbortSignal): Promise<LookReply> {
    return this.#post(request, readLookReply, signal);
  }

  /** @throws InterviewError start_unreachable, start_refused, invitation_…, consent_required, account_required */
  start(request: StartRequest, signal: AbortSignal): Promise<StartReply> {
    return this.#post(request, readStartReply, signal);
  }

  async #post<T>(
    body: object,
    read: (reply: unknown) => T | null,
    signal: AbortSignal,
  ): Promise<T> {
    const { startUrl, supabaseKey } = this.#options;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (supabaseKey !== undefined) headers['apikey'] = supabaseKey;
    let response: Response;
    let reply: unknown;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(REPLY_MS)]);
      const request = { method: 'POST', headers, body: JSON.stringify(body), signal: limit };
      response = await this.#fetch(startUrl ?? '', request);
      reply = await response.json().catch(() => null);
    } catch (error) {
      throw signal.aborted
        ? new InterviewError('aborted', 'The start was given up.', { cause: error })
        : InterviewError.from(error, 'start_unreachable');
    }
    if (!response.ok) throw refusal(response.status, reply);
    const known = read(reply);
    if (known !== null) return known;
    const message =
      'The start address answered with something that is no reply of interview-start.';
    throw new InterviewError('start_refused', message, { cause: reply });
  }
}

function refusal(status: number, reply: unknown): InterviewError {
  const body = (reply ?? {}) as { error?: { code?: unknown; message?: unknown } };
  const code = typeof body.error?.code === 'string' ? body.error.code : '';
  const told = body.error?.message;
  const message = typeof told === 'string' ? told : `interview-start answered with ${status}.`;
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined;
  const busy = status === 429 || status >= 500;
  return new InterviewError(known ?? (busy ? 'start_unreachable' : 'start_refused'), message, {
    cause: reply,
  });
}
