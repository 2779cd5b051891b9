import { describe, expect, it } from 'vitest';
import { errorBody, errorCodes, errorMeaning, isErrorCode } from './errors.ts';

describe('errors', () => {
  it('gives every code an HTTP error status and a close code that an application may use', () => {
    for (const code of errorCodes) {
      const { status, close } = errorMeaning(code);
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(status, code).toBeLessThan(600);
      expect([1009, 1011, 1012].includes(close) || (close >= 4000 && close < 5000), code).toBe(
        true,
      );
    }
  });

  it('knows its own codes and no inherited names', () => {
    expect(isErrorCode('invalid_offer')).toBe(true);
    expect(isErrorCode('constructor')).toBe(false);
    expect(isErrorCode(7)).toBe(false);
  });

  it('has one shape over HTTP', () => {
    expect(errorBody('capacity', 'Try again in a moment.', 'req-1')).toEqual({
      error: {
        code: 'capacity',
        message: 'Try again in a moment.',
        retryable: true,
        request_id: 'req-1',
      },
    });
  });
});
