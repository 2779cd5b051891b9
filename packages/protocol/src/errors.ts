/**
 * Every error that one part of the system tells another. `status` is the HTTP status, `close` the WebSocket close
 * code where the error ends a socket (4000–4999 is the range for applications, RFC 6455 §7.4.2), `retryable` says
 * whether the same request may succeed later.
 */
const table = {
  bad_request: { status: 400, close: 4400, retryable: false },
  invalid_json: { status: 400, close: 4400, retryable: false },
  unknown_message: { status: 400, close: 4400, retryable: false },
  method_not_allowed: { status: 405, close: 4400, retryable: false },
  not_found: { status: 404, close: 4404, retryable: false },
  payload_too_large: { status: 413, close: 1009, retryable: false },
  unsupported_media_type: { status: 415, close: 4400, retryable: false },
  unsupported: { status: 422, close: 4400, retryable: false },

  token_missing: { status: 401, close: 4401, retryable: false },
  token_invalid: { status: 401, close: 4401, retryable: false },
  token_expired: { status: 401, close: 4401, retryable: false },
  api_key_invalid: { status: 401, close: 4401, retryable: false },
  forbidden: { status: 403, close: 4403, retryable: false },
  session_mismatch: { status: 403, close: 4403, retryable: false },
  origin_not_allowed: { status: 403, close: 4403, retryable: false },

  invitation_invalid: { status: 404, close: 4404, retryable: false },
  invitation_expired: { status: 410, close: 4410, retryable: false },
  invitation_revoked: { status: 410, close: 4410, retryable: false },
  invitation_completed: { status: 410, close: 4410, retryable: false },
  invitation_in_use: { status: 409, close: 4409, retryable: false },
  account_required: { status: 401, close: 4401, retryable: false },
  consent_required: { status: 422, close: 4422, retryable: false },
  consent_outdated: { status: 409, close: 4409, retryable: false },
  interview_required: { status: 422, close: 4422, retryable: false },

  invalid_offer: { status: 400, close: 4400, retryable: false },
  not_connected: { status: 409, close: 4409, retryable: false },
  call_unknown: { status: 409, close: 4409, retryable: true },
  call_not_found: { status: 404, close: 4404, retryable: false },
  taken_over: { status: 409, close: 4409, retryable: false },
  session_ended: { status: 409, close: 4410, retryable: false },
  session_limit: { status: 429, close: 4429, retryable: false },
  supervision_unavailable: { status: 503, close: 4503, retryable: true },
  machine_gone: { status: 410, close: 4410, retryable: true },

  rate_limited: { status: 429, close: 4429, retryable: true },
  capacity: { status: 503, close: 4503, retryable: true },
  draining: { status: 503, close: 1012, retryable: true },
  upstream_rejected: { status: 502, close: 4502, retryable: false },
  upstream_auth: { status: 502, close: 4502, retryable: false },
  upstream_quota: { status: 503, close: 4503, retryable: false },
  upstream_rate_limited: { status: 503, close: 4503, retryable: true },
  upstream_unavailable: { status: 502, close: 4502, retryable: true },
  upstream_timeout: { status: 504, close: 4504, retryable: true },
  storage_unavailable: { status: 503, close: 4503, retryable: true },

  delivery_expired: { status: 410, close: 4410, retryable: false },
  internal: { status: 500, close: 1011, retryable: true },
} as const;

export type ErrorCode = keyof typeof table;

/** What `code` means on the wire. */
export function errorMeaning(code: ErrorCode): {
  status: number;
  close: number;
  retryable: boolean;
} {
  return table[code];
}

/** True for a code of this version; a newer server may send others. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(table, value);
}

/** Every code, for tables and tests. */
export const errorCodes: readonly ErrorCode[] = Object.keys(table) as ErrorCode[];

/** The one shape of an error over HTTP. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    /** Says what to do about it; never holds upstream text, tokens or keys. */
    message: string;
    retryable: boolean;
    request_id: string;
  };
}

/** Builds the body of an error reply. */
export function errorBody(code: ErrorCode, message: string, requestId: string): ErrorBody {
  return { error: { code, message, retryable: table[code].retryable, request_id: requestId } };
}
