import * as z from 'zod/mini';
import { ExternalId, SessionId, TenantId } from './ids.ts';

/** `typ` header of a session token, so that no other JWT of the project passes for one (RFC 8725 §3.11). */
export const SESSION_TOKEN_TYPE = 'interview-session+jwt';
/** The only algorithm a session token may have (RFC 8725 §3.1). */
export const SESSION_TOKEN_ALGORITHM = 'HS256';
/** Who may issue one: the function at start, the proxy when it renews. */
export const SESSION_TOKEN_ISSUERS = ['interview-start', 'interview-proxy'] as const;
/** Who accepts one. */
export const SESSION_TOKEN_AUDIENCES = ['interview-proxy', 'interview-transcript'] as const;

/** Claims of a session token. jose checks signature, `alg`, `typ`, `aud`, `iss` and times; this checks the types. */
export const SessionClaims = z.object({
  iss: z.enum(SESSION_TOKEN_ISSUERS),
  aud: z.union([z.string(), z.array(z.string())]),
  /** candidates.id */
  sub: z.uuid(),
  sid: SessionId,
  tid: TenantId,
  /** Origins whose pages may use the token. */
  org: z.array(z.string().check(z.maxLength(256))).check(z.maxLength(64)),
  /** May ask for the simulated interviewer. */
  sim: z.optional(z.boolean()),
  /** Machine that holds the session, where each has its own. */
  ins: z.optional(ExternalId),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().check(z.minLength(8), z.maxLength(64)),
});
export type SessionClaims = z.infer<typeof SessionClaims>;
