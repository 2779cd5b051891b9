/** An error as the provider words it, over HTTP and in `error` events alike. */
export interface ProviderError {
  message: string;
  type: string;
  param: string | null;
  code: string;
}

/** A request or event that the provider would refuse. */
export class RequestError extends Error {
  readonly code: string;
  readonly param: string | null;
  readonly type: string;
  /** Where it is an HTTP reply. */
  readonly status: number;

  constructor(
    code: string,
    message: string,
    options: { param?: string; type?: string; status?: number } = {},
  ) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.param = options.param ?? null;
    this.type = options.type ?? 'invalid_request_error';
    this.status = options.status ?? 400;
  }

  /** The body's `error` member. */
  toProvider(): ProviderError {
    return { message: this.message, type: this.type, param: this.param, code: this.code };
  }
}
