/** Every way in which an interview can fail, and whether the same step may succeed when it is tried again. */
const retryable = {
  microphone_denied: true,
  microphone_missing: true,
  microphone_busy: true,
  microphone_failed: true,
  microphone_timeout: true,
  insecure_context: false,
  in_app_browser: false,
  unsupported_browser: false,
  playback_blocked: true,
  invitation_invalid: false,
  invitation_expired: false,
  invitation_revoked: false,
  invitation_completed: false,
  invitation_in_use: false,
  account_required: false,
  consent_required: true,
  start_unreachable: true,
  start_timeout: true,
  start_refused: false,
  token_refused: true,
  proxy_unreachable: true,
  proxy_timeout: true,
  offer_timeout: true,
  offer_refused: false,
  answer_timeout: true,
  upstream_unavailable: true,
  connection_failed: true,
  media_timeout: true,
  channel_timeout: true,
  begin_timeout: true,
  connection_lost: true,
  taken_over: false,
  session_ended: false,
  delivery_failed: true,
  delivery_expired: false,
  aborted: true,
  unsupported: false,
  invalid_state: false,
  internal: false,
} as const;

/** The closed set of codes; a user interface has one text for each. */
export type InterviewErrorCode = keyof typeof retryable;

/** Every code, for tables of texts and for tests. */
export const interviewErrorCodes = Object.keys(retryable) as readonly InterviewErrorCode[];

/** True for a code of this package; server and SDK name what both know alike. */
export function isInterviewErrorCode(value: unknown): value is InterviewErrorCode {
  return typeof value === 'string' && Object.hasOwn(retryable, value);
}

/**
 * The one error of this package. `message` is for developers; what a candidate reads is chosen by `code`.
 *
 * @example
 * try {
 *   await session.prepare();
 * } catch (error) {
 *   if (error instanceof InterviewError && error.code === 'microphone_denied') showHowToAllow();
 * }
 */
export class InterviewError extends Error {
  override readonly name = 'InterviewError';
  readonly code: InterviewErrorCode;
  /** The same step may succeed when it is tried again, for example after the candidate changed something. */
  readonly retryable: boolean;

  /**
   * @param options.cause what was caught, kept for logs
   * @param options.retryable overrides what the code says by itself, when the other side told
   */
  constructor(
    code: InterviewErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? retryable[code];
  }

  /** `error` itself when it is one of ours, else an error of `code` with it as the cause. */
  static from(error: unknown, code: InterviewErrorCode = 'internal'): InterviewError {
    if (error instanceof InterviewError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new InterviewError(code, message, { cause: error });
  }
}
