import type { ServerMessage } from '@interview/protocol';
import { InterviewError, type InterviewErrorCode } from '../errors.ts';

const codes: Readonly<Record<string, InterviewErrorCode>> = {
  token_missing: 'token_refused',
  token_invalid: 'token_refused',
  token_expired: 'token_refused',
  session_mismatch: 'token_refused',
  origin_not_allowed: 'start_refused',
  forbidden: 'start_refused',
  invalid_offer: 'offer_refused',
  upstream_rejected: 'offer_refused',
  session_limit: 'offer_refused',
  taken_over: 'taken_over',
  session_ended: 'session_ended',
};

/** The error that a page shows for what the server told. */
export function errorOf(message: Extract<ServerMessage, { type: 'error' }>): InterviewError {
  const upstream = /^(upstream|storage|supervision|capacity|draining|rate_limited|call_unknown)/;
  const known = Object.hasOwn(codes, message.code) ? codes[message.code] : undefined;
  const code = known ?? (upstream.test(message.code) ? 'upstream_unavailable' : 'internal');
  return new InterviewError(code, message.message, {
    cause: message,
    retryable: message.retryable,
  });
}

/** The error that a page shows when the proxy closed for good. */
export function closeError(code: number): InterviewError {
  if (code === 4401) return new InterviewError('token_refused', 'The session token was refused.');
  if (code === 4409) return new InterviewError('taken_over', 'Another page has the interview.');
  if (code === 4410) return new InterviewError('session_ended', 'The interview has ended.');
  return new InterviewError('start_refused', `The proxy closed the connection with ${code}.`);
}
