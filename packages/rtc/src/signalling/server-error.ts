import type { ServerMessage } from '@interview/protocol';
import { InterviewError, isInterviewErrorCode, type InterviewErrorCode } from '../errors.ts';

/** Codes of the server by what a page has to say about them, where the two have no name in common. */
const meanings: readonly [RegExp, InterviewErrorCode][] = [
  [/^(token|session_mis)/, 'token_refused'],
  [/^(origin|forbidden)/, 'start_refused'],
  [/^(invalid_offer|upstream_rej|session_lim)/, 'offer_refused'],
  [/^(not_conn|call_not)/, 'connection_lost'],
  [/^(upstream|storage|superv|capacity|draining|rate|call_un|machine)/, 'upstream_unavailable'],
];

/** The error that a page shows for what the server told, which is its `cause`: `retry_after_ms` stands there. */
export function errorOf(message: Extract<ServerMessage, { type: 'error' }>): InterviewError {
  const { code, retryable } = message;
  const meant = meanings.find(([codes]) => codes.test(code))?.[1];
  const own = isInterviewErrorCode(code) ? code : 'internal';
  return new InterviewError(meant ?? own, message.message, { cause: message, retryable });
}
export function closeError(code: number): InterviewError {
  const own = code === 4401 ? 'token_refused' : 'start_refused';
  return new InterviewError(own, `The proxy closed the connection with ${code}.`);
}
