/** Every way in which an interview can fail, and whether the same step may succeed when it is tried again. */
const retryable = {
  /** The person or the browser's settings keep the microphone closed. */
  microphone_denied: true,
  /** None is plugged in, or the chosen one is gone. */
  microphone_missing: true,
  /** Another program has it. */
  microphone_busy: true,
  microphone_failed: true,
  /** The browser's question was not answered for two minutes. */
  microphone_timeout: true,
  /** The page came neither by https nor from localhost. */
  insecure_context: false,
  /** A page inside another app: the link must be opened in a browser. */
  in_app_browser: false,
  /** No WebRTC, no microphones, or no choice of speakers. */
  unsupported_browser: false,
  /** Sound needs a gesture: `resumePlayback()`. */
  playback_blocked: true,
  invitation_invalid: false,
  invitation_expired: false,
  invitation_revoked: false,
  invitation_completed: false,
  invitation_in_use: false,
  account_required: false,
  /** A required consent is missing, or its text has changed: `look()` again. */
  consent_required: true,
  /** The start could not be reached, or is too busy. */
  start_unreachable: true,
  start_timeout: true,
  start_refused: false,
  /** The session token was refused, and so was a fresh one. */
  token_refused: true,
  /** No door of the proxy could be reached, or the connection went before the reply came. */
  proxy_unreachable: true,
  proxy_timeout: true,
  /** The browser did not make an offer in time. */
  offer_timeout: true,
  offer_refused: false,
  /** The offer was not answered in time. */
  answer_timeout: true,
  /** The interviewer is not to be had at the moment. */
  upstream_unavailable: true,
  /** No way through the network was found. */
  connection_failed: true,
  /** Voice was not connected in time. */
  media_timeout: true,
  /** Voice was connected, and the data channel did not open. */
  channel_timeout: true,
  /** The call was connected, and the proxy did not begin the talk. */
  begin_timeout: true,
  /** The call is gone, and no new one could be had for three minutes. */
  connection_lost: true,
  /** Another page of the same candidate has the interview. */
  taken_over: false,
  session_ended: false,
  /** Rows could not be delivered; they stay stored. */
  delivery_failed: true,
  /** Rows waited for more than a day, and nobody takes them any more. */
  delivery_expired: false,
  /** What was under way was given up: by `end()`, `destroy()` or another `start()`. */
  aborted: true,
  /** This interviewer, or this browser, is not able to do that. */
  unsupported: false,
  /** Not in this state. */
  invalid_state: false,
  internal: false,
} as const;

/**
 * The closed set of codes; a user interface has one text for each.
 *
 * @example
 * const texts: Record<InterviewErrorCode, string> = { microphone_denied: 'Please allow the microphone.', … };
 */
export type InterviewErrorCode = keyof typeof retryable;

/**
 * Every code, for tables of texts and for tests.
 *
 * @example
 * for (const code of interviewErrorCodes) assert(texts[code]);
 */
export const interviewErrorCodes = /* @__PURE__ */ Object.keys(
  retryable,
) as readonly InterviewErrorCode[];

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
   * @param message default: the code
   * @param options.cause what was caught, kept for logs
   * @param options.retryable overrides what the code says by itself, when the other side told
   */
  constructor(
    code: InterviewErrorCode,
    message: string = code,
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? retryable[code];
  }

  /** How long the server wants to be left alone, milliseconds; 0 where it did not say. */
  get retryAfterMs(): number {
    const { retry_after_ms: asked } = (this.cause ?? {}) as { retry_after_ms?: unknown };
    return typeof asked === 'number' ? asked : 0;
  }

  /** `error` itself when it is one of ours, else an error of `code` with it as the cause. */
  static from(error: unknown, code: InterviewErrorCode = 'internal'): InterviewError {
    if (error instanceof InterviewError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new InterviewError(code, message, { cause: error });
  }
}
