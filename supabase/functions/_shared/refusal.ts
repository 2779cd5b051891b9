import { errorMeaning, type ErrorCode } from '@interview/protocol';
import type * as z from 'zod/mini';

/** What each refusal of the functions tells its caller to do. */
const remedies: Partial<Record<ErrorCode, string>> = {
  not_found: 'There is no such thing here. Check the ids.',
  unsupported: 'This interview does not offer that.',
  token_missing: 'Send a credential in the Authorization header.',
  token_invalid: 'The token is not valid here. Start again to get a new one.',
  token_expired: 'The token has expired. Start again to get a new one.',
  api_key_invalid: 'The API key is unknown, expired or revoked. Check the key of your tenant.',
  forbidden: 'This credential does not allow that.',
  session_mismatch: 'The token belongs to another session or may not write for this writer.',
  origin_not_allowed: 'Pages of this origin may not do that. Ask the tenant to allow the origin.',
  invitation_invalid: 'This link is not valid. Check that you opened the whole link.',
  invitation_expired: 'This link has expired. Ask for a new one.',
  invitation_revoked: 'This link was taken back. Ask for a new one.',
  invitation_completed: 'This interview is already over. There is nothing left to do.',
  invitation_in_use: 'This interview was begun on another device. Go on there, or ask for help.',
  account_required: 'Sign in first; this interview needs an account.',
  consent_required: 'The interview can only start when its required consents are given.',
  consent_outdated: 'The wording of a consent has changed. Look again and show the current one.',
  interview_required: 'Name an interview; the tenant has none by default.',
  call_not_found: 'The writer belongs to a call that this session does not have.',
  session_ended: 'The session is over. Use another session id to start a new one.',
  session_limit:
    'A limit is reached: of attempts, of time, or of what a session sends. Ask whoever runs the interview.',
  rate_limited: 'Too many requests. Try again later.',
  delivery_expired:
    'Rows are taken for 24 hours after the end of an interview, and these come later.',
  storage_unavailable: 'The database did not answer. Nothing was stored; try again.',
  internal: 'Something went wrong here. Try again.',
};

/** An answer that is no success: thrown anywhere in a function, made into a reply at its door. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** Seconds after which trying again makes sense, or null. */
  readonly retryAfterS: number | null;

  constructor(code: ErrorCode, message?: string, options: { retryAfterS?: number } = {}) {
    super(message ?? remedies[code] ?? 'The request was refused.');
    this.name = 'Refusal';
    this.code = code;
    this.retryAfterS = options.retryAfterS ?? (errorMeaning(code).retryable ? 5 : null);
  }
}

/** Says which fields of a request are wrong; never repeats what stood in them. */
export function malformed(issues: readonly { path: PropertyKey[] }[]): Refusal {
  const fields = [
    ...new Set(issues.map((issue) => issue.path.map(String).join('.') || 'the body')),
  ];
  return new Refusal(
    'bad_request',
    `Missing or not as documented: ${fields.slice(0, 5).join(', ')}.`,
  );
}

/**
 * A request as its shape reads it.
 *
 * @throws Refusal `bad_request`, which names the fields
 */
export function parse<T extends z.ZodMiniType>(shape: T, body: unknown): z.infer<T> {
  const read = shape.safeParse(body);
  if (!read.success) throw malformed(read.error.issues);
  return read.data;
}
