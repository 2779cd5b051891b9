import type { IncomingHttpHeaders } from 'node:http';
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL, type SessionClaims } from '@interview/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ProxyError } from '../proxy-error.ts';
import { SessionTokens, type VerifiedToken } from '../sessions/session-token.ts';

declare module 'fastify' {
  interface FastifyInstance {
    sessionTokens: SessionTokens;
  }
  interface FastifyRequest {
    /** Of the token that came with it, once that was verified. */
    claims: SessionClaims | null;
  }
}

/** Decorates the app with what verifies and renews session tokens. */
export const authPlugin = fp<{ config: Config }>(
  (app, { config }, done) => {
    app.decorate('sessionTokens', new SessionTokens(config.jwtSecrets, config.jwksUrl));
    app.decorateRequest('claims', null);
    done();
  },
  { name: 'auth' },
);

/** The token that came with a request, from `Authorization` or a subprotocol; null where there is none. */
export function tokenOf(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer +([^\s,]+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const protocol = subprotocolsOf(headers).find((one) => one.startsWith(BEARER_SUBPROTOCOL_PREFIX));
  return protocol?.slice(BEARER_SUBPROTOCOL_PREFIX.length) ?? null;
}

/**
 * The token of a request without a socket, whose origin it must name. One past its expiry passes, for those who deliver.
 *
 * @throws {ProxyError} `token_missing`, `token_invalid`, `token_expired` past all grace, `origin_not_allowed`,
 * `rate_limited`
 */
export async function admit(app: FastifyInstance, request: FastifyRequest): Promise<VerifiedToken> {
  const token = tokenOf(request.headers);
  if (token === null) throw new ProxyError('token_missing', 'Send Authorization: Bearer <token>.');
  return admitWith(app, request, token);
}

/**
 * Verifies the token that came with a request, and counts the request for who sent it.
 *
 * @throws {ProxyError} `token_invalid`, `token_expired` past all grace, `origin_not_allowed`, `rate_limited`
 */
export async function admitWith(
  app: FastifyInstance,
  request: FastifyRequest,
  token: string,
): Promise<VerifiedToken> {
  const verified = await app.sessionTokens.verify(token).catch(async (error: unknown) => {
    await app.limits.stranger(request);
    throw error;
  });
  request.claims = verified.claims;
  await app.limits.known(request);
  checkOrigin(request.headers.origin, verified.claims.org);
  return verified;
}

/** True where the client speaks our protocol, or names none as simple tools do. */
export function speaksOurs(headers: IncomingHttpHeaders): boolean {
  const offered = subprotocolsOf(headers);
  return offered.length === 0 || offered.includes(SUBPROTOCOL);
}

/**
 * Refuses a page whose origin the token does not name. Requests without `Origin` come from no browser.
 *
 * @throws {ProxyError} `origin_not_allowed`
 */
export function checkOrigin(origin: string | undefined, allowed: SessionClaims['org']): void {
  if (origin === undefined || allowed.includes(origin)) return;
  throw new ProxyError(
    'origin_not_allowed',
    'This site may not hold the interview. Its origin must be on the company’s list.',
  );
}

function subprotocolsOf(headers: IncomingHttpHeaders): string[] {
  return (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
