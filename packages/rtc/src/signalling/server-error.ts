import type { ServerMessage } from '@interview/protocol';
import { InterviewError, type InterviewErrorCode } from '../errors.ts';

/** Codes of the server by what a page has to say about them; those that are not here are `internal`. */
const meanings: readonly [RegExp, InterviewErrorCode][] = [
  [/^(token|session_mismatch)/, 'token_refused'],
  [/^(origin|forbidden)/, 'start_refused'],
  [/^(invalid_offer|upstream_rejected|session_limit)/, 'offer_refused'],
  [/^(not_connected|call_not_found)/, 'connection_lost'],
  [/^taken_over/, 'taken_over'],
  [/^session_ended/, 'session_ended'],
  [/^delivery_expired/, 'delivery_expired'],
  [/^unsupported$/, 'unsupported'],
  [
    /^(upstream|storage|supervision|capacity|draining|rate_limited|call_unknown|machine_gone)/,
    'upstream_unavailable',
  ],
];

/** The error that a page shows for what the server told, which is its `cause`: `retry_after_ms` stands there. */
export function errorOf(message: Extract<ServerMessage, { type: 'error' }>): InterviewError {
  const code = meanings.find(([codes]) => codes.test(message.code))?.[1] ?? 'internal';
  const { retryable } = message;
  return new InterviewError(code, message.message, { cause: message, retryable });
}

/** The error of a proxy that closed for good and did not say why. */
export function closeError(code: number): InterviewError {
  const own = code === 4401 ? 'token_refused' : 'start_refused';
  return new InterviewError(own, `The proxy closed the connection with ${code}.`);
}
