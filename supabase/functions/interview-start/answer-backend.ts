import {
  BackendAskRequest,
  BackendLookRequest,
  BackendStartRequest,
  BackendWithdrawRequest,
  LookReply,
  storableText,
  WithdrawReply,
} from '@interview/protocol';
import * as z from 'zod/mini';
import { call } from '../_shared/database.ts';
import { parse, Refusal } from '../_shared/refusal.ts';
import { sha256Hex } from '../_shared/secrets.ts';
import type { StartDependencies } from './handler.ts';
import { Started, startReply, storableAnswers } from './start-reply.ts';

/**
 * What a tenant's own backend asks with its API key: to look, to ask for something, to start (also where it names no
 * step), or to take consents back.
 */
export async function answerBackend(
  deps: StartDependencies,
  key: string,
  body: unknown,
  origin: string | null,
): Promise<unknown> {
  const step = z.object({ step: z.optional(z.string()) }).safeParse(body).data?.step ?? 'start';
  const holder = { p_key_hash: await sha256Hex(key), p_origin: origin };
  switch (step) {
    case 'look':
      return look(deps, body, holder);
    case 'ask':
      return ask(deps, body, holder);
    case 'withdraw':
      return withdraw(deps, body, holder);
    case 'start':
      return start(deps, body, holder);
    default:
      throw new Refusal('bad_request', 'Send a step: look, ask, start or withdraw.');
  }
}

interface Holder {
  p_key_hash: string;
  p_origin: string | null;
}

function look({ rpc }: StartDependencies, body: unknown, holder: Holder) {
  const request = parse(BackendLookRequest, body);
  const args = { ...named(request), p_interview: request.interview_id ?? null };
  return call(rpc, 'look_for_tenant', { ...holder, ...args }, LookReply);
}

function ask({ rpc }: StartDependencies, body: unknown, holder: Holder) {
  const request = parse(BackendAskRequest, body);
  const args = { p_kind: request.kind, p_note: storableText(request.note) };
  const shape = z.object({ ok: z.literal(true) });
  return call(rpc, 'ask_for_tenant', { ...holder, ...named(request), ...args }, shape);
}

function withdraw({ rpc }: StartDependencies, body: unknown, holder: Holder) {
  const request = parse(BackendWithdrawRequest, body);
  const args = { ...named(request), p_purposes: request.purposes };
  return call(rpc, 'withdraw_for_tenant', { ...holder, ...args }, WithdrawReply);
}

async function start(deps: StartDependencies, body: unknown, holder: Holder) {
  const request = parse(BackendStartRequest, body);
  const { id, name, email } = request.candidate ?? {};
  const args = {
    p_interview: request.interview_id ?? null,
    p_candidate: { id, name: name === undefined ? undefined : storableText(name), email },
    p_origins: request.origins ?? null,
    p_consents: storableAnswers(request.consents),
    p_mode: request.mode ?? null,
    p_locale: request.locale ?? null,
  };
  const all = { ...holder, ...named(request), ...args };
  return startReply(deps, await call(deps.rpc, 'start_for_tenant', all, Started));
}

function named(request: { tenant_id: string; session_id: string }) {
  return { p_tenant: request.tenant_id, p_session: request.session_id };
}
