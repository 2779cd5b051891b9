import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import {
  CLOCK_LEEWAY_S,
  DELIVERY_GRACE_S,
  SESSION_TOKEN_ALGORITHM,
  SESSION_TOKEN_AUDIENCES,
  SESSION_TOKEN_ISSUERS,
  SESSION_TOKEN_TTL_S,
  SESSION_TOKEN_TYPE,
  isCompactJws,
  livesRightly,
  SessionClaims,
} from '@interview/protocol';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  SignJWT,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import { ProxyError } from '../proxy-error.ts';

/** What published keys may sign with. Never a shared secret: its name would let anybody sign with a public key. */
const PUBLISHED_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const JWKS_TIMEOUT_MS = 3_000;

/** A token that was verified. */
export interface VerifiedToken {
  claims: SessionClaims;
  /** Expired less than 24 h ago: good for delivering what was said, and for nothing else. */
  expired: boolean;
}

/** Verifies and renews session tokens (RFC 7519, hardened by RFC 8725). */
export class SessionTokens {
  /** Key objects, which jose imports once; from bytes it would do so at each token. */
  readonly #keys: readonly [KeyObject, ...KeyObject[]];
  readonly #published: ReturnType<typeof createRemoteJWKSet> | null;

  /**
   * @param secrets the first signs; all verify
   * @param jwksUrl keys of an issuer that signs in place of interview-start
   */
  constructor(secrets: readonly [string, ...string[]], jwksUrl: string | null = null) {
    const [first, ...rest] = secrets;
    this.#keys = [
      createSecretKey(first, 'utf8'),
      ...rest.map((one) => createSecretKey(one, 'utf8')),
    ];
    this.#published =
      jwksUrl === null
        ? null
        : createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
  }

  /**
   * Rejects with a `ProxyError`: `token_expired` for a token of ours past its 24 h of grace, `storage_unavailable` while
   * published keys can't be read, `token_invalid` for everything else, without telling why.
   */
  async verify(token: string): Promise<VerifiedToken> {
    const payload = await this.#payloadOf(token);
    const claims = SessionClaims.safeParse(payload);
    const now = Date.now() / 1000;
    // The wide tolerance below is meant for `exp` alone.
    if (!claims.success || !livesRightly({ ...claims.data, nbf: payload.nbf }, now)) {
      throw invalid();
    }
    return { claims: claims.data, expired: claims.data.exp <= now - CLOCK_LEEWAY_S };
  }

  /** A token for the same session with a new life. `expiresAt`: Unix time, seconds. */
  async renew(claims: SessionClaims): Promise<{ token: string; claims: SessionClaims }> {
    const now = Math.floor(Date.now() / 1000);
    const renewed: SessionClaims = {
      ...claims,
      iss: 'interview-proxy',
      aud: [...SESSION_TOKEN_AUDIENCES],
      iat: now,
      exp: now + SESSION_TOKEN_TTL_S,
      jti: randomUUID(),
    };
    const token = await new SignJWT({ ...renewed })
      .setProtectedHeader({ alg: SESSION_TOKEN_ALGORITHM, typ: SESSION_TOKEN_TYPE })
      .sign(this.#keys[0]);
    return { token, claims: renewed };
  }

  async #payloadOf(token: string): Promise<JWTPayload> {
    if (!isCompactJws(token)) throw invalid();
    if (this.#published !== null && algorithmOf(token) !== SESSION_TOKEN_ALGORITHM) {
      return this.#publishedPayloadOf(token, this.#published);
    }
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          ...ours,
          algorithms: [SESSION_TOKEN_ALGORITHM],
          issuer: [...SESSION_TOKEN_ISSUERS],
        });
        return payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw refusalOf(error);
      }
    }
    throw invalid();
  }

  async #publishedPayloadOf(
    token: string,
    keys: ReturnType<typeof createRemoteJWKSet>,
  ): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...ours,
        algorithms: PUBLISHED_ALGORITHMS,
        // Renewals are our own.
        issuer: 'interview-start',
      });
      return payload;
    } catch (error) {
      if (isUnread(error)) throw keysUnread(error);
      throw refusalOf(error);
    }
  }
}

const ours: JWTVerifyOptions = {
  typ: SESSION_TOKEN_TYPE,
  audience: 'interview-proxy',
  requiredClaims: ['exp', 'iat', 'jti', 'sub', 'sid'],
  // Past expiry a token still delivers; what it may do is decided where it is used.
  clockTolerance: DELIVERY_GRACE_S,
};

/** What a token says that it is signed with; null where its header is none. */
function algorithmOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).alg ?? null;
  } catch {
    return null;
  }
}

/** jose throws what fetch threw, and its most general error for a reply that is no key set. */
function isUnread(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error.code === 'ERR_JOSE_GENERIC'
  );
}

function keysUnread(cause: unknown): ProxyError {
  return new ProxyError('storage_unavailable', 'The keys of tokens can not be read. Try again.', {
    cause,
    retryAfterMs: 1_000,
  });
}

function refusalOf(error: unknown): ProxyError {
  return error instanceof errors.JWTExpired
    ? new ProxyError('token_expired', 'The token has expired. Start again from the link.', {
        cause: error,
      })
    : invalid(error);
}

function invalid(cause?: unknown): ProxyError {
  return new ProxyError('token_invalid', 'The token is not valid. Start again from the link.', {
    cause,
  });
}
