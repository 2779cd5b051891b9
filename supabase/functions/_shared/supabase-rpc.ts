import { createClient } from '@supabase/supabase-js';
import type { Rpc } from './database.ts';
import { Refusal } from './refusal.ts';

/** A call that takes longer than this counts as unanswered, milliseconds. */
const TIMEOUT_MS = 8_000;

/**
 * Reaches the project's database as the service.
 *
 * @param url the project's URL
 * @param secretKey its secret key
 */
export function supabaseRpc(url: string, secretKey: string): Rpc {
  const client = createClient(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  return async (name, args) => {
    const reply = await client.rpc(name, args).abortSignal(AbortSignal.timeout(TIMEOUT_MS));
    const { error, status } = reply;
    if (error === null) return reply.data as unknown;
    // 0: no answer. 5xx, and PGRST00x with whatever status: the API is there, its database is not.
    if (status === 0 || status >= 500 || error.code.startsWith('PGRST00')) {
      throw new Refusal('storage_unavailable');
    }
    throw new Error(`${name} failed with ${status} ${error.code}`);
  };
}
