import { SESSION_TOKEN_RENEW_AT, SESSION_TOKEN_TTL_S } from '@interview/protocol';

/**
 * How long a token lives by its own words, milliseconds. The difference of its times is used, so that a wrong clock
 * in the browser does not matter. The signature is the server's business.
 */
export function tokenLifeMs(token: string): number {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp, iat } = JSON.parse(atob(payload)) as { exp?: unknown; iat?: unknown };
    if (typeof exp === 'number' && typeof iat === 'number' && exp > iat) return (exp - iat) * 1000;
  } catch {
    // Not a token that we can read: the usual life is assumed.
  }
  return SESSION_TOKEN_TTL_S * 1000;
}

/** How long after its receipt a token is renewed, milliseconds. */
export function renewAfterMs(token: string): number {
  return tokenLifeMs(token) * SESSION_TOKEN_RENEW_AT;
}
