import { jwtVerify, type JWTPayload } from 'jose';
import * as z from 'zod/mini';
import { isUnread, publishedKeys } from './published-keys.ts';
import { Refusal } from './refusal.ts';

/** Finds the account that a user token of Supabase Auth speaks for, or throws a Refusal `token_invalid`. */
export type ReadUser = (token: string) => Promise<string>;

/** User tokens that are signed with a shared secret: legacy projects and the local stack. */
export function sharedSecretUsers(secret: string): ReadUser {
  const key = new TextEncoder().encode(secret);
  return (token) =>
    accountOf(jwtVerify(token, key, { algorithms: ['HS256'], audience: 'authenticated' }));
}

/** User tokens that are verified against the keys that the project publishes. */
export function publishedKeyUsers(supabaseUrl: string): ReadUser {
  const keys = publishedKeys(`${supabaseUrl}/auth/v1/.well-known/jwks.json`);
  return (token) =>
    accountOf(
      jwtVerify(token, keys, {
        algorithms: ['ES256', 'RS256', 'EdDSA'],
        audience: 'authenticated',
        issuer: `${supabaseUrl}/auth/v1`,
      }),
    );
}

async function accountOf(verified: Promise<{ payload: JWTPayload }>): Promise<string> {
  try {
    const { payload } = await verified;
    return z.uuid().parse(payload.sub);
  } catch (error) {
    if (isUnread(error))
      throw new Refusal('storage_unavailable', 'The sign-in keys could not be read. Try again.');
    throw new Refusal('token_invalid', 'The sign-in is not valid any more. Sign in again.');
  }
}
