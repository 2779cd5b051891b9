import { SESSION_TOKEN_TYPE } from '@interview/protocol';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Refusal } from './refusal.ts';

/** What an `Authorization` header carries, by its look alone; whoever uses it must check it. */
export type Credential =
  | { kind: 'none' }
  | { kind: 'api_key'; key: string }
  | { kind: 'session'; token: string }
  | { kind: 'user'; token: string };

/** @throws Refusal token_invalid where the header carries nothing that is known here */
export function credentialOf(request: Request): Credential {
  const header = request.headers.get('authorization');
  if (header === null) return { kind: 'none' };
  const token = /^Bearer +(\S{1,4096})$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new Refusal('token_invalid', 'Send the Authorization header as: Bearer <token>.');
  }
  if (token.startsWith('ik_')) return { kind: 'api_key', key: token };
  // What supabase-js puts there by itself; it identifies a project and nobody in it.
  if (token.startsWith('sb_publishable_')) return { kind: 'none' };
  try {
    if (decodeProtectedHeader(token).typ === SESSION_TOKEN_TYPE) return { kind: 'session', token };
    // A legacy publishable key is a JWT too. Unverified, and it needs not be: it opens nothing.
    if (decodeJwt(token)['role'] === 'anon') return { kind: 'none' };
  } catch {
    throw new Refusal('token_invalid');
  }
  return { kind: 'user', token };
}
