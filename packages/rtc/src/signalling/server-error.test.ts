import { errorCodes, errorMeaning } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { errorOf } from './server-error.ts';

const of = (code: string, retryable = false) =>
  errorOf({ type: 'error', code, message: 'Because.', retryable, retry_after_ms: 5 });

describe('errorOf', () => {
  it.each([
    ['token_expired', 'token_refused'],
    ['session_mismatch', 'token_refused'],
    ['origin_not_allowed', 'start_refused'],
    ['invalid_offer', 'offer_refused'],
    ['upstream_rejected', 'offer_refused'],
    ['upstream_timeout', 'upstream_unavailable'],
    ['call_unknown', 'upstream_unavailable'],
    ['capacity', 'upstream_unavailable'],
    ['call_not_found', 'connection_lost'],
    ['taken_over', 'taken_over'],
    ['session_ended', 'session_ended'],
    ['delivery_expired', 'delivery_expired'],
    ['unsupported', 'unsupported'],
    ['unsupported_media_type', 'internal'],
    ['internal', 'internal'],
    ['something_new', 'internal'],
  ])('says for %s: %s', (code, expected) => {
    expect(of(code).code).toBe(expected);
  });

  it('leaves it to the server whether the same may succeed later, and keeps what it said', () => {
    for (const code of errorCodes) {
      const { retryable } = errorMeaning(code);
      const error = of(code, retryable);
      expect({ code, retryable: error.retryable }).toEqual({ code, retryable });
      expect(error.cause).toMatchObject({ code, retry_after_ms: 5 });
    }
  });
});
