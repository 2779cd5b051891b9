import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import {
  DELIVERY_GRACE_S,
  SESSION_TOKEN_ALGORITHM,
  SESSION_TOKEN_AUDIENCES,
  SESSION_TOKEN_ISSUERS,
  SESSION_TOKEN_TTL_S,
  SESSION_TOKEN_TYPE,
  SessionClaims,
} from '@interview/protocol';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { ProxyError } from '../proxy-error.ts';

/** Clocks of two of our own machines may differ by this, seconds. */
const LEEWAY_S = 10;
/** A longer life than this was not given by us, seconds. */
const MAX_LIFE_S = 24 * 3600;

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

  /** The first secret signs; all verify. */
  constructor(secrets: readonly [string, ...string[]]) {
    const [first, ...rest] = secrets;
    this.#keys = [
      createSecretKey(first, 'utf8'),
      ...rest.map((one) => createSecretKey(one, 'utf8')),
    ];
  }

  /**
   * Rejects with a `ProxyError`: `token_expired` for a token of ours past its 24 h of grace, `token_invalid` for
   * everything else, without telling why.
   */
  async verify(token: string): Promise<VerifiedToken> {
    const payload = await this.#payloadOf(token);
    const claims = SessionClaims.safeParse(payload);
    const now = Date.now() / 1000;
    if (!claims.success || !livesRightly(payload, claims.data, now)) throw invalid();
    return { claims: claims.data, expired: claims.data.exp <= now - LEEWAY_S };
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
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [SESSION_TOKEN_ALGORITHM],
          typ: SESSION_TOKEN_TYPE,
          issuer: [...SESSION_TOKEN_ISSUERS],
          audience: 'interview-proxy',
          requiredClaims: ['exp', 'iat', 'jti', 'sub', 'sid'],
          // Past expiry a token still delivers; what it may do is decided where it is used.
          clockTolerance: DELIVERY_GRACE_S,
        });
        return payload;
      } catch (error) {
        if (error instanceof errors.JWTExpired) {
          throw new ProxyError(
            'token_expired',
            'The token has expired. Start again from the link.',
          );
        }
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw invalid(error);
      }
    }
    throw invalid();
  }
}

/** The wide tolerance above is meant for `exp` alone. */
function livesRightly(payload: JWTPayload, claims: SessionClaims, now: number): boolean {
  return (
    (payload.nbf ?? 0) <= now + LEEWAY_S &&
    claims.iat <= now + LEEWAY_S &&
    claims.exp > claims.iat &&
    claims.exp - claims.iat <= MAX_LIFE_S
  );
}

function invalid(cause?: unknown): ProxyError {
  return new ProxyError('token_invalid', 'The token is not valid. Start again from the link.', {
    cause,
  });
}
