import { createClient } from '@supabase/supabase-js';
import type { Rpc } from './database.ts';
import { Refusal } from './refusal.ts';

/** A call that takes longer than this counts as unanswered, milliseconds. */
const TIMEOUT_MS = 8_000;

/**
 * Reaches the project's database, as the service or as somebody who is signed in.
 *
 * @param url the project's URL
 * @param key its secret key, or its publishable one with a user's token
 * @param userToken of the account whose rights count
 * @param timeoutMs how long a call may take, milliseconds
 */
export function supabaseRpc(
  url: string,
  key: string,
  userToken?: string,
  timeoutMs = TIMEOUT_MS,
): Rpc {
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    ...(userToken !== undefined && { accessToken: () => Promise.resolve(userToken) }),
  });
  return async (name, args) => {
    const reply = await client.rpc(name, args).abortSignal(AbortSignal.timeout(timeoutMs));
    const { error, status } = reply;
    if (error === null) return reply.data as unknown;
    // 0: no answer. 5xx, and PGRST00x with whatever status: the API is there, its database is not.
    if (status === 0 || status >= 500 || error.code.startsWith('PGRST00')) {
      throw new Refusal('storage_unavailable');
    }
    if (userToken !== undefined && status === 401) throw new Refusal('token_invalid');
    throw new Error(`${name} failed with ${status} ${error.code}`);
  };
}
