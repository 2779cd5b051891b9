import {
  AskRequest,
  type DeviceKey,
  InvitationToken,
  LookReply,
  LookRequest,
  StartRequest,
  storableText,
  WithdrawReply,
  WithdrawRequest,
} from '@interview/protocol';
import * as z from 'zod/mini';
import { credentialOf, type Credential } from '../_shared/credential.ts';
import { call, type Rpc } from '../_shared/database.ts';
import { endpoint, type EndpointOptions } from '../_shared/endpoint.ts';
import { readJson } from '../_shared/read-json.ts';
import { malformed, parse, Refusal } from '../_shared/refusal.ts';
import { sha256Hex } from '../_shared/secrets.ts';
import type { PublishedKeys } from '../_shared/session-token.ts';
import type { ReadUser } from '../_shared/user-token.ts';
import { answerBackend } from './answer-backend.ts';
import { Started, startReply, storableAnswers } from './start-reply.ts';
import { withdrawByToken } from './withdraw-by-token.ts';

/** What `interview-start` is built of. */
export interface StartDependencies extends EndpointOptions {
  rpc: Rpc;
  readUser: ReadUser;
  jwtSecret: string;
  jwtSecretPrevious: string | null;
  /** Of an issuer that signs session tokens in place of this function. */
  publishedKeys?: PublishedKeys | null;
  /** The proxy as candidates reach it, without a slash at its end. */
  proxyUrl: string;
  simulation: boolean;
  /** Makes or finds the machine of a session; null where sessions share the proxies. */
  machineFor: ((session: string) => Promise<string>) | null;
  /** The time, milliseconds. */
  now: () => number;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * `POST /functions/v1/interview-start`: a candidate looks at an invitation, asks for something, starts, or takes consents
 * back; a tenant's backend does the same with its API key, for ids of its own.
 */
export function startHandler(deps: StartDependencies): (request: Request) => Promise<Response> {
  return endpoint(deps, async (request) => {
    const credential = credentialOf(request);
    const body = await readJson(request, MAX_BODY_BYTES);
    const origin = request.headers.get('origin');
    if (credential.kind === 'api_key') return answerBackend(deps, credential.key, body, origin);
    const step = z.object({ step: z.string() }).safeParse(body).data?.step;
    if (step === 'withdraw' && credential.kind === 'session') {
      return withdrawByToken(deps, credential.token, body, origin);
    }
    const holder = { body: checkInvitation(body, step), origin };
    const user = await userOf(deps, credential);
    if (step === 'look') return look(deps, holder, user);
    if (step === 'ask') return ask(deps, holder, user);
    if (step === 'withdraw') return withdraw(deps, holder, user);
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
  if (step === undefined || !['look', 'ask', 'start', 'withdraw'].includes(step)) {
    throw new Refusal('bad_request', 'Send a step: look, ask, start or withdraw.');
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

async function ask(deps: StartDependencies, { body, origin }: Holder, user: string | null) {
  const request = parse(AskRequest, body);
  return call(
    deps.rpc,
    'ask_before_start',
    {
      ...(await hashes(request)),
      p_kind: request.kind,
      p_note: storableText(request.note),
      p_origin: origin,
      p_user: user,
    },
    z.object({ ok: z.literal(true) }),
  );
}

async function withdraw(deps: StartDependencies, { body, origin }: Holder, user: string | null) {
  const request = parse(WithdrawRequest, body);
  return call(
    deps.rpc,
    'withdraw_by_invitation',
    {
      ...(await hashes(request)),
      p_user: user,
      p_origin: origin,
      p_purposes: request.purposes,
    },
    WithdrawReply,
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
      p_consents: storableAnswers(request.consents),
      p_mode: request.mode,
      p_locale: request.locale ?? null,
    },
    Started,
  );
  return startReply(deps, started);
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
