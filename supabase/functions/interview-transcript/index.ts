import { readEnvironment } from '../_shared/environment.ts';
import { logLine } from '../_shared/log-line.ts';
import { publishedKeys } from '../_shared/published-keys.ts';
import { supabaseRpc } from '../_shared/supabase-rpc.ts';
import { transcriptHandler } from './handler.ts';

const environment = readEnvironment(Deno.env.toObject());

Deno.serve(
  transcriptHandler({
    ...environment,
    rpc: supabaseRpc(environment.supabaseUrl, environment.secretKeys[0]),
    publishedKeys: environment.jwksUrl === null ? null : publishedKeys(environment.jwksUrl),
    now: Date.now,
    log: (line) => console.error(logLine('interview-transcript', line)),
  }),
);
