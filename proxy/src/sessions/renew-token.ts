import type { SessionClaims } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { LiveSession } from './live-session.ts';
import type { SessionTokens, VerifiedToken } from './session-token.ts';

/**
 * A fresh token for who holds one that has not run out, as long as the interview is not over.
 *
 * @throws {ProxyError} `token_expired`, `session_ended`, `storage_unavailable`
 */
export async function renewToken(
  tokens: SessionTokens,
  session: LiveSession,
  { claims, expired }: VerifiedToken,
): Promise<{ token: string; claims: SessionClaims }> {
  if (expired) throw new ProxyError('token_expired', 'The token can not be renewed any more.');
  if (!(await session.services.storage.renewAllowed(claims.sid))) {
    throw new ProxyError('session_ended', 'This interview is over.');
  }
  return tokens.renew(claims);
}
