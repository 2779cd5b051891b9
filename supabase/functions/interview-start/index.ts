import { readEnvironment } from '../_shared/environment.ts';
import { logLine } from '../_shared/log-line.ts';
import { supabaseRpc } from '../_shared/supabase-rpc.ts';
import { publishedKeyUsers, sharedSecretUsers } from '../_shared/user-token.ts';
import { startHandler } from './handler.ts';

const environment = readEnvironment(Deno.env.toObject());

Deno.serve(
  startHandler({
    ...environment,
    rpc: supabaseRpc(environment.supabaseUrl, environment.secretKeys[0]),
    readUser:
      environment.authJwtSecret === null
        ? publishedKeyUsers(environment.supabaseUrl)
        : sharedSecretUsers(environment.authJwtSecret),
    now: Date.now,
    log: (line) => console.error(logLine('interview-start', line)),
  }),
);
