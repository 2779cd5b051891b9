import { errorMeaning, type ErrorCode, type ServerMessage } from '@interview/protocol';

/** A refusal with a code of the protocol. Its message is safe to show: it holds no upstream text and no key. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: ErrorCode;
  /** When to try again, milliseconds; undefined where nobody said. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retryable(): boolean {
    return errorMeaning(this.code).retryable;
  }
}

/** Any failure as a `ProxyError`; what is not one already is hidden behind `internal`. */
export function asProxyError(error: unknown): ProxyError {
  if (error instanceof ProxyError) return error;
  return new ProxyError('internal', 'Something failed here. Try again in a moment.', {
    cause: error,
  });
}

/** The error message of the socket; `id` is that of the request, where it had one. */
export function errorMessage(error: ProxyError, id?: string): ServerMessage {
  return {
    type: 'error',
    ...(id === undefined ? {} : { id }),
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: error.retryAfterMs }),
  };
}
