import {
  SESSION_TOKEN_ALGORITHM,
  SESSION_TOKEN_AUDIENCES,
  SESSION_TOKEN_ISSUERS,
  SESSION_TOKEN_TTL_S,
  SESSION_TOKEN_TYPE,
  isCompactJws,
  livesRightly,
  SessionClaims,
} from '@interview/protocol';
import type { createRemoteJWKSet } from 'jose';
import {
  decodeProtectedHeader,
  errors,
  jwtVerify,
  SignJWT,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import { isUnread } from './published-keys.ts';
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

/** Keys that an issuer publishes which signs in place of `interview-start`. */
export type PublishedKeys = ReturnType<typeof createRemoteJWKSet>;

/** What published keys may sign with. Never a shared secret: with it anybody could sign by a public key. */
const PUBLISHED_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];

/** What a session token is verified by. */
export interface SessionKeys {
  /** The current secret and the former, while both count. */
  secrets: readonly string[];
  published?: PublishedKeys | null;
}

/**
 * Checks a session token.
 *
 * @param now the time, milliseconds
 * @param graceS how long after its end the token is still taken, seconds
 * @throws Refusal token_invalid, token_expired, or storage_unavailable while published keys can not be read
 */
export async function readSessionToken(
  token: string,
  keys: SessionKeys,
  now: number,
  graceS: number,
): Promise<SessionClaims> {
  if (!isCompactJws(token)) throw new Refusal('token_invalid');
  const options: JWTVerifyOptions = {
    typ: SESSION_TOKEN_TYPE,
    audience: 'interview-transcript',
    requiredClaims: ['exp', 'iat'],
    currentDate: new Date(now),
    clockTolerance: graceS,
  };
  const payload = await payloadOf(token, keys, options);
  const claims = SessionClaims.safeParse(payload);
  // The wide tolerance above is meant for `exp` alone.
  if (claims.success && livesRightly({ ...claims.data, nbf: payload.nbf }, now / 1000)) {
    return claims.data;
  }
  throw new Refusal('token_invalid');
}

async function payloadOf(
  token: string,
  { secrets, published }: SessionKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    if (published && algorithmOf(token) !== SESSION_TOKEN_ALGORITHM) {
      // Renewals are the proxy's own.
      const restricted = { algorithms: PUBLISHED_ALGORITHMS, issuer: 'interview-start' };
      return (await jwtVerify(token, published, { ...options, ...restricted })).payload;
    }
    const restricted = {
      algorithms: [SESSION_TOKEN_ALGORITHM],
      issuer: [...SESSION_TOKEN_ISSUERS],
    };
    return await bySecret(token, secrets, { ...options, ...restricted });
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal('token_expired');
    if (published && isUnread(error)) throw new Refusal('storage_unavailable');
    throw new Refusal('token_invalid');
  }
}

/** What a token says that it is signed with; what can not be read is left to our secrets to refuse. */
function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return SESSION_TOKEN_ALGORITHM;
  }
}

async function bySecret(
  token: string,
  secrets: readonly string[],
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let failure: unknown = new errors.JWSSignatureVerificationFailed();
  for (const secret of secrets) {
    try {
      return (await jwtVerify(token, new TextEncoder().encode(secret), options)).payload;
    } catch (error) {
      failure = error;
      // Another secret may fit a signature that this one does not.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw failure;
}
