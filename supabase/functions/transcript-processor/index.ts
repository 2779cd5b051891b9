import { readEnvironment } from '../_shared/environment.ts';
import { logLine } from '../_shared/log-line.ts';
import { supabaseRpc } from '../_shared/supabase-rpc.ts';
import { processorHandler } from './handler.ts';

const environment = readEnvironment(Deno.env.toObject());

Deno.serve(
  processorHandler({
    ...environment,
    rpc: supabaseRpc(environment.supabaseUrl, environment.secretKeys[0]),
    memberRpc: (token, key) => supabaseRpc(environment.supabaseUrl, key, token),
    now: Date.now,
    log: (line) => console.error(logLine('transcript-processor', line)),
  }),
);
