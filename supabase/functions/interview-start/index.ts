import { readEnvironment } from '../_shared/environment.ts';
import { logLine } from '../_shared/log-line.ts';
import { publishedKeys } from '../_shared/published-keys.ts';
import { supabaseRpc } from '../_shared/supabase-rpc.ts';
import { publishedKeyUsers, sharedSecretUsers } from '../_shared/user-token.ts';
import { startHandler } from './handler.ts';
import { SessionMachines } from './session-machine.ts';

const environment = readEnvironment(Deno.env.toObject());
const log = (line: Record<string, unknown>): void =>
  console.error(logLine('interview-start', line));
const machines =
  environment.machines === null ? null : new SessionMachines(environment.machines, { log });

Deno.serve(
  startHandler({
    ...environment,
    rpc: supabaseRpc(environment.supabaseUrl, environment.secretKeys[0]),
    publishedKeys: environment.jwksUrl === null ? null : publishedKeys(environment.jwksUrl),
    readUser:
      environment.authJwtSecret === null
        ? publishedKeyUsers(environment.supabaseUrl)
        : sharedSecretUsers(environment.authJwtSecret),
    machineFor: machines === null ? null : (session) => machines.machineFor(session),
    now: Date.now,
    log,
  }),
);
