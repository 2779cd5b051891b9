import { Acknowledgement, checkEntries } from '@interview/protocol';
import { createClient } from '@supabase/supabase-js';
import type { FastifyBaseLogger } from 'fastify';
import * as z from 'zod';
import { callRpcs, leaseRpcs, type CallOrigin } from './call-rpcs.ts';
import { commandRpcs } from './command-rpcs.ts';
import { functionCaller } from './functions.ts';
import type { Storage } from './port.ts';
import { caller } from './rpc.ts';
import { noteRpcs, sessionRpcs } from './session-rpcs.ts';

/** Postgres answers in milliseconds; a request that hangs longer holds up a candidate. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The processor may work for 20 s at a tick. */
const TICK_TIMEOUT_MS = 30_000;

const Ticked = z.object({
  processed: z.number().int(),
  failed: z.number().int(),
  remaining: z.number().int(),
  dead: z.number().int().default(0),
});

/** Storage in a Supabase project: named RPCs with the secret key, transcripts through their function. */
export function supabaseStorage(options: {
  url: string;
  secretKey: string;
  fetch?: typeof fetch;
  /** Of the calls that are opened here. */
  origin?: CallOrigin;
  log?: Pick<FastifyBaseLogger, 'warn'>;
}): Storage {
  const send = options.fetch ?? fetch;
  const client = createClient(options.url, options.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      fetch: (input, init) =>
        send(input, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
    },
  });
  const rpc = caller(client);
  const ask = functionCaller(options.url, options.secretKey, send);
  return {
    ...sessionRpcs(rpc),
    ...noteRpcs(rpc),
    ...callRpcs(rpc, options.origin),
    ...leaseRpcs(rpc),
    ...commandRpcs(rpc, options.log),
    storeEntries: (session, writer, entries) => {
      const checked = checkEntries(entries, writer);
      const batch = { session_id: session, writer_id: writer, entries: checked };
      return ask('interview-transcript', batch, Acknowledgement, REQUEST_TIMEOUT_MS);
    },
    tick: () => ask('transcript-processor', { action: 'tick' }, Ticked, TICK_TIMEOUT_MS),
  };
}
