import {
  AskRequest,
  BackendStartRequest,
  type DeviceKey,
  InvitationToken,
  LookReply,
  LookRequest,
  StartReply,
  StartRequest,
  storableText,
} from '@interview/protocol';
import * as z from 'zod/mini';
import { credentialOf, type Credential } from '../_shared/credential.ts';
import { call, type Rpc } from '../_shared/database.ts';
import { endpoint, type EndpointOptions } from '../_shared/endpoint.ts';
import { readJson } from '../_shared/read-json.ts';
import { malformed, Refusal } from '../_shared/refusal.ts';
import { sha256Hex } from '../_shared/secrets.ts';
import { mintSessionToken } from '../_shared/session-token.ts';
import type { ReadUser } from '../_shared/user-token.ts';

/** What `interview-start` is built of. */
export interface StartDependencies extends EndpointOptions {
  rpc: Rpc;
  readUser: ReadUser;
  jwtSecret: string;
  /** The proxy as candidates reach it, without a slash at its end. */
  proxyUrl: string;
  simulation: boolean;
  /** Makes or finds the machine of a session; null where sessions share the proxies. */
  machineFor: ((session: string) => Promise<string>) | null;
  /** The time, milliseconds. */
  now: () => number;
}

const MAX_BODY_BYTES = 64 * 1024;

/** What the database answers to a start. */
const Started = z.object({
  session: StartReply.shape.session,
  candidate_id: z.uuid(),
  tenant_id: z.uuid(),
  origins: z.array(z.string()),
  transcript: StartReply.shape.transcript,
});

/**
 * `POST /functions/v1/interview-start`: a candidate looks at an invitation, asks for something or starts; a tenant's
 * backend starts with its API key.
 */
export function startHandler(deps: StartDependencies): (request: Request) => Promise<Response> {
  return endpoint(deps, async (request) => {
    const credential = credentialOf(request);
    const body = await readJson(request, MAX_BODY_BYTES);
    const origin = request.headers.get('origin');
    if (credential.kind === 'api_key') return backendStart(deps, credential.key, body, origin);
    const step = z.object({ step: z.string() }).safeParse(body).data?.step;
    const holder = { body: checkInvitation(body, step), origin };
    const user = await userOf(deps, credential);
    if (step === 'look') return look(deps, holder, user);
    if (step === 'ask') return ask(deps, holder);
    return start(deps, holder, user);
  });
}

interface Holder {
  body: unknown;
  origin: string | null;
}

/** A malformed invitation is answered as an unknown one: whoever guesses learns nothing from the difference. */
function checkInvitation(body: unknown, step: string | undefined): unknown {
  const fields = z.object({ invitation: z.unknown(), step: z.unknown() }).safeParse(body).data;
  if (fields === undefined && z.object({ session_id: z.string() }).safeParse(body).success) {
    throw new Refusal('token_missing', 'Send your tenant API key as: Authorization: Bearer ik_…');
  }
  if (step === undefined || !['look', 'ask', 'start'].includes(step)) {
    throw new Refusal('bad_request', 'Send a step: look, ask or start.');
  }
  if (typeof fields?.invitation !== 'string') throw malformed([{ path: ['invitation'] }]);
  if (!InvitationToken.safeParse(fields.invitation).success)
    throw new Refusal('invitation_invalid');
  return body;
}

async function userOf(deps: StartDependencies, credential: Credential): Promise<string | null> {
  return credential.kind === 'user' ? deps.readUser(credential.token) : null;
}

async function look(deps: StartDependencies, { body, origin }: Holder, user: string | null) {
  const request = parse(LookRequest, body);
  return call(
    deps.rpc,
    'look_at_invitation',
    { ...(await hashes(request)), p_user: user, p_origin: origin },
    LookReply,
  );
}

async function ask(deps: StartDependencies, { body, origin }: Holder) {
  const request = parse(AskRequest, body);
  const note = storableText(request.note);
  return call(
    deps.rpc,
    'ask_before_start',
    { ...(await hashes(request)), p_kind: request.kind, p_note: note, p_origin: origin },
    z.object({ ok: z.literal(true) }),
  );
}

async function start(deps: StartDependencies, { body, origin }: Holder, user: string | null) {
  const request = parse(StartRequest, body);
  const started = await call(
    deps.rpc,
    'redeem_invitation',
    {
      ...(await hashes(request)),
      p_user: user,
      p_origin: origin,
      p_consents: request.consents.map((answer) => ({
        ...answer,
        version: storableText(answer.version),
      })),
      p_mode: request.mode,
      p_locale: request.locale ?? null,
    },
    Started,
  );
  return startReply(deps, started);
}

async function backendStart(
  deps: StartDependencies,
  key: string,
  body: unknown,
  origin: string | null,
) {
  const request = parse(BackendStartRequest, body);
  const { id, name, email } = request.candidate ?? {};
  const started = await call(
    deps.rpc,
    'start_for_tenant',
    {
      p_key_hash: await sha256Hex(key),
      p_tenant: request.tenant_id,
      p_session: request.session_id,
      p_interview: request.interview_id ?? null,
      p_candidate: { id, name: name === undefined ? undefined : storableText(name), email },
      p_origins: request.origins ?? null,
      p_locale: request.locale ?? null,
      p_origin: origin,
    },
    Started,
  );
  return startReply(deps, started);
}

async function startReply(
  deps: StartDependencies,
  started: z.infer<typeof Started>,
): Promise<StartReply> {
  const { id, status } = started.session;
  // What is over needs no machine: any proxy delivers what is left.
  const isOpen = status === 'created' || status === 'active';
  const machine = deps.machineFor && isOpen ? await deps.machineFor(id) : null;
  const { token, expiresAt } = await mintSessionToken(
    {
      candidateId: started.candidate_id,
      sessionId: id,
      tenantId: started.tenant_id,
      origins: started.origins,
      simulation: deps.simulation,
      machine,
    },
    deps.jwtSecret,
    deps.now(),
  );
  return {
    session: started.session,
    token,
    expires_at: expiresAt,
    proxy: { ws_url: `${deps.proxyUrl.replace(/^http/, 'ws')}/ws`, http_url: deps.proxyUrl },
    transcript: started.transcript,
  };
}

function parse<T extends z.ZodMiniType>(shape: T, body: unknown): z.infer<T> {
  const read = shape.safeParse(body);
  if (!read.success) throw malformed(read.error.issues);
  return read.data;
}

/** The database knows tokens and device keys by their hashes only. */
async function hashes(holder: {
  invitation: z.infer<typeof InvitationToken>;
  device_key: z.infer<typeof DeviceKey>;
}) {
  return {
    p_invitation_hash: await sha256Hex(holder.invitation),
    p_device_hash: await sha256Hex(holder.device_key),
  };
}
