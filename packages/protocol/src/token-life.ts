import { SESSION_TOKEN_TTL_S } from './limits.ts';

/** Clocks of two of our own machines may differ by this, seconds. */
export const CLOCK_LEEWAY_S = 10;

/**
 * Whether a session token's times are such as ours have (RFC 7519 §4.1): it has begun, and lives no longer than one that
 * we give. Its end is not looked at: past it a token still delivers.
 *
 * @param claims times as Unix time, seconds
 * @param now Unix time, seconds
 */
export function livesRightly(
  { iat, exp, nbf = 0 }: { iat: number; exp: number; nbf?: number | undefined },
  now: number,
): boolean {
  const latest = now + CLOCK_LEEWAY_S;
  return nbf <= latest && iat <= latest && exp > iat && exp - iat <= SESSION_TOKEN_TTL_S;
}
