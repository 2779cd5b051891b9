import { readEnvironment } from '../_shared/environment.ts';
import { logLine } from '../_shared/log-line.ts';
import { supabaseRpc } from '../_shared/supabase-rpc.ts';
import { invitationsHandler } from './handler.ts';

const { supabaseUrl, secretKeys, local } = readEnvironment(Deno.env.toObject());

Deno.serve(
  invitationsHandler({
    local,
    rpc: supabaseRpc(supabaseUrl, secretKeys[0]),
    log: (line) => console.error(logLine('invitations', line)),
  }),
);
