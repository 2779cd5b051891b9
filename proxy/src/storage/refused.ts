import { ProxyError } from '../proxy-error.ts';

/** The database, or a function over it, can't be reached or answers what makes no sense. `detail` is for the log. */
export function unavailable(detail: string, cause?: unknown): ProxyError {
  return new ProxyError(
    'storage_unavailable',
    'The interview could not be saved just now. Nothing is lost; try again in a moment.',
    { cause: new Error(detail, { cause }), retryAfterMs: 1000 },
  );
}

const refusals: Partial<Record<ProxyError['code'], string>> = {
  bad_request: 'Something is missing or wrong in it.',
  not_found: 'This interview, or this line of it, does not exist or is not stored yet.',
  forbidden: 'You can correct what you said yourself, and nothing else.',
  rate_limited:
    'That was sent often enough for now. What came before is stored, and somebody will read it.',
  call_not_found: 'This call does not exist.',
  session_ended: 'This interview is over. Nothing more can be added to it.',
  session_limit: 'That was done too often in this interview. Ask the company for help.',
  session_mismatch: 'These lines belong to another interview.',
  supervision_unavailable:
    'This company takes no interviews that nobody supervises. Tell your contact there.',
  taken_over: 'The interview goes on in another window.',
  delivery_expired: 'It is too late to add anything to this interview.',
};

/** What the database counts, it counts by the minute, milliseconds. */
const RATE_RETRY_MS = 60_000;

/** A refusal of the database, with words for the candidate. */
export function refused(code: ProxyError['code']): ProxyError {
  const retry = code === 'rate_limited' ? { retryAfterMs: RATE_RETRY_MS } : {};
  return new ProxyError(code, refusals[code] ?? 'The request was refused.', retry);
}
