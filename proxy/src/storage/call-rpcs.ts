import { CallId, SessionId, WriterId } from '@interview/protocol';
import * as z from 'zod';
import { ProxyError } from '../proxy-error.ts';
import type { Storage } from './port.ts';
import { Verdict, type Rpc } from './rpc.ts';

/** A place is free again when one of the tenant's calls ends: looked for twice a minute, milliseconds. */
const TENANT_RETRY_MS = 30_000;

const Opened = z.object({
  call_id: CallId,
  ordinal: z.number(),
  repeated: z.boolean().default(false),
  former: z
    .array(
      z.object({ call_id: CallId, provider: z.string(), provider_call_id: z.string().nullable() }),
    )
    .default([]),
  time_left_s: z.number().nullable().default(null),
});
const Lease = z.object({
  epoch: z.number().int(),
  secret: z.string(),
  placed: z.array(z.object({ item_id: z.string().nullable(), position: z.number() })),
  reducer: z.unknown(),
});
const Standing = z
  .object({ ok: z.boolean(), writer_id: z.nullable(WriterId).catch(null) })
  .transform(({ ok, writer_id: actor }) => ({ ok, actor }));
const Renewal = z
  .object({
    ok: z.boolean(),
    writer_id: z.nullable(WriterId).catch(null),
    closed: z.boolean().default(false),
    claimed: z.boolean().default(false),
  })
  .transform(({ writer_id: actor, ...renewal }) => ({ ...renewal, actor }));
const Owed = z.object({ call_id: CallId, provider: z.string(), provider_call_id: z.string() });
const Connected = z.object({ deadline_at: z.string() });

/** What is written down beside each call of this process; null where nobody says. */
export interface CallOrigin {
  model: string;
  region: string | null;
  machineId: string | null;
}

/** The life of calls. */
export function callRpcs(
  rpc: Rpc,
  origin?: CallOrigin,
): Pick<
  Storage,
  | 'openCall'
  | 'callAnswered'
  | 'allowUnsupervised'
  | 'callConnected'
  | 'recordQuality'
  | 'recordTrouble'
  | 'closeCall'
  | 'callHungUp'
> {
  return {
    openCall: (call) =>
      rpc(
        'open_call',
        {
          p_session: call.session,
          p_offer_id: call.offerId,
          p_writer: call.writer,
          p_reason: call.reason,
          p_provider: call.provider,
          p_own_page: call.ownPage ?? true,
          p_model: origin?.model ?? null,
          p_region: origin?.region ?? null,
          p_machine: origin?.machineId ?? null,
        },
        Opened,
      ).catch(tooManyCalls),
    callAnswered: (call, providerCallId) =>
      rpc('call_answered', { p_call: call, p_provider_call_id: providerCallId }, Standing),
    allowUnsupervised: async (call) => {
      await rpc('allow_unsupervised', { p_call: call }, z.unknown());
    },
    callConnected: async (call) => {
      const connected = await rpc('call_connected', { p_call: call }, Connected);
      return { deadline: Date.parse(connected.deadline_at) };
    },
    recordQuality: async (session, report) => {
      await rpc('record_quality', { p_session: session, p_quality: report }, Verdict);
    },
    recordTrouble: async (call, sinceMs) => {
      await rpc('record_trouble', { p_call: call, p_since_ms: sinceMs }, Verdict);
    },
    closeCall: async (call, reason, epoch) => {
      const parameters = { p_call: call, p_reason: reason, p_epoch: epoch };
      return (await rpc('close_call', parameters, Verdict)).ok;
    },
    callHungUp: async (call) => {
      await rpc('call_hung_up', { p_call: call }, z.unknown());
    },
  };
}

/** Who supervises a call. */
export function leaseRpcs(
  rpc: Rpc,
): Pick<Storage, 'takeLease' | 'claimCalls' | 'claimHangups' | 'renewLease' | 'releaseLease'> {
  return {
    takeLease: (call, holder, seconds, force) => {
      const parameters = { p_call: call, p_holder: holder, p_seconds: seconds, p_force: force };
      return rpc('take_lease', parameters, Lease);
    },
    claimCalls: ({ holder, seconds, session, held }) =>
      rpc(
        'claim_calls',
        { p_holder: holder, p_seconds: seconds, p_session: session, p_held: held },
        z.array(SessionId),
      ),
    claimHangups: ({ session, held }) =>
      rpc('claim_hangups', { p_session: session, p_held: held }, z.array(Owed)),
    renewLease: (call, epoch, seconds) =>
      rpc('renew_lease', { p_call: call, p_epoch: epoch, p_seconds: seconds }, Renewal),
    releaseLease: async (call, epoch) => {
      await rpc('release_lease', { p_call: call, p_epoch: epoch }, z.unknown());
    },
  };
}

/** The database says the same of a tenant with too many calls as of a candidate who asks too often. */
function tooManyCalls(error: unknown): never {
  if (!(error instanceof ProxyError) || error.code !== 'rate_limited') throw error;
  throw new ProxyError(
    'capacity',
    'This company holds as many interviews at a time as it may. Try again in a moment.',
    { cause: error, retryAfterMs: TENANT_RETRY_MS },
  );
}
