import {
  SESSION_TOKEN_ALGORITHM,
  SESSION_TOKEN_AUDIENCES,
  SESSION_TOKEN_ISSUERS,
  SESSION_TOKEN_TTL_S,
  SESSION_TOKEN_TYPE,
  SessionClaims,
} from '@interview/protocol';
import { errors, jwtVerify, SignJWT } from 'jose';
import { Refusal } from './refusal.ts';

/** What a token says besides who made it and when. */
export interface TokenSubject {
  candidateId: string;
  sessionId: string;
  tenantId: string;
  origins: readonly string[];
  simulation: boolean;
  /** Machine that holds the session, where each has its own. */
  machine?: string | null;
}

/**
 * Signs a session token.
 *
 * @param now the time, milliseconds
 * @returns the token and its end, Unix time in seconds
 */
export async function mintSessionToken(
  subject: TokenSubject,
  secret: string,
  now: number,
): Promise<{ token: string; expiresAt: number }> {
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + SESSION_TOKEN_TTL_S;
  const token = await new SignJWT({
    sid: subject.sessionId,
    tid: subject.tenantId,
    org: [...subject.origins],
    ...(subject.simulation && { sim: true }),
    ...(subject.machine && { ins: subject.machine }),
  })
    .setProtectedHeader({ alg: SESSION_TOKEN_ALGORITHM, typ: SESSION_TOKEN_TYPE })
    .setIssuer('interview-start')
    .setAudience([...SESSION_TOKEN_AUDIENCES])
    .setSubject(subject.candidateId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(crypto.randomUUID())
    .sign(new TextEncoder().encode(secret));
  return { token, expiresAt };
}

/**
 * Checks a session token.
 *
 * @param secrets the current secret and the former, while both count
 * @param now the time, milliseconds
 * @param graceS how long after its end the token is still taken, seconds
 * @throws Refusal token_invalid or token_expired
 */
export async function readSessionToken(
  token: string,
  secrets: readonly string[],
  now: number,
  graceS: number,
): Promise<SessionClaims> {
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
        algorithms: [SESSION_TOKEN_ALGORITHM],
        typ: SESSION_TOKEN_TYPE,
        issuer: [...SESSION_TOKEN_ISSUERS],
        audience: 'interview-transcript',
        requiredClaims: ['exp', 'iat'],
        currentDate: new Date(now),
        clockTolerance: graceS,
      });
      const claims = SessionClaims.safeParse(payload);
      if (claims.success && isOfThisTime(claims.data, now)) return claims.data;
      throw new Refusal('token_invalid');
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new Refusal('token_expired');
      // Another secret may fit a signature that this one does not.
      if (!(error instanceof errors.JWSSignatureVerificationFailed))
        throw new Refusal('token_invalid');
    }
  }
  throw new Refusal('token_invalid');
}

/** No token lives longer than ours do, and none comes from the future, whatever the tolerance above. */
function isOfThisTime(claims: SessionClaims, now: number): boolean {
  return claims.iat <= now / 1000 + 60 && claims.exp - claims.iat <= SESSION_TOKEN_TTL_S;
}
