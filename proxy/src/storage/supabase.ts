import {
  Acknowledgement,
  CallId,
  ClientMessage,
  CompletionOutcome,
  EndReason,
  InterviewMode,
  InterviewPhase,
  InterviewPlan,
  isErrorCode,
  ServerMessage,
  SessionId,
  SessionStatus,
  TranscriptRow,
  WriterId,
  WriterMarks,
  type ErrorCode,
} from '@interview/protocol';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import * as z from 'zod';
import type { Storage } from './port.ts';
import { refused, unavailable } from './refused.ts';

/** Postgres answers in milliseconds; a request that hangs longer holds up a candidate. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The processor may work for 20 s at a tick. */
const TICK_TIMEOUT_MS = 30_000;

const time = z.string().nullable();
const Brief = z
  .object({
    session: z.object({
      id: SessionId,
      candidate_id: z.string(),
      status: SessionStatus,
      phase: InterviewPhase,
      deadline_at: time,
      mode: InterviewMode,
      end_reason: z.nullable(EndReason),
      reducer: z.unknown(),
    }),
    tenant: z.object({ name: z.string(), tamper: z.enum(['record', 'enforce']) }),
    interview: z.object({
      title: z.string(),
      language: z.string(),
      duration_s: z.number(),
      plan: InterviewPlan,
    }),
    calls: z.array(
      z.object({
        id: CallId,
        ordinal: z.number(),
        provider: z.string(),
        provider_call_id: z.string().nullable(),
        connected_at: time,
        closed_at: time,
        writer_id: z.nullable(WriterId).catch(null),
        own_page: z.boolean().default(true),
        holder: z.string().nullable().default(null),
        epoch: z.number().int().nullable().default(null),
      }),
    ),
    writers: WriterMarks,
    transcript: z.array(TranscriptRow),
  })
  .nullable();

const Glance = z
  .object({
    session: z.object({
      id: SessionId,
      status: SessionStatus,
      phase: InterviewPhase,
      end_reason: z.nullable(EndReason),
    }),
    writers: WriterMarks,
    connected: z.boolean(),
  })
  .nullable();

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
const Sent = z.object({ id: z.number().nullable() });
const Commands = z.array(
  z.object({ id: z.number(), session_id: SessionId, message: ClientMessage }).transform((one) => ({
    id: one.id,
    session: one.session_id,
    message: one.message,
  })),
);
const Code = z.custom<ErrorCode>(isErrorCode);
const Replied = z.object({
  reply: z
    .union([
      z.object({ message: z.nullable(ServerMessage) }),
      z.object({ error: z.object({ code: Code, message: z.string() }) }),
    ])
    .nullable(),
});
const Connected = z.object({ deadline_at: z.string() });
const Verdict = z.object({ ok: z.boolean() });
const Ticked = z.object({
  processed: z.number().int(),
  failed: z.number().int(),
  remaining: z.number().int(),
});
const Refusal = z.object({ error: z.string() });
const FunctionRefusal = z.object({ error: z.object({ code: z.string() }) });

/** Storage in a Supabase project: named RPCs with the secret key, transcripts through their function. */
export function supabaseStorage(options: {
  url: string;
  secretKey: string;
  fetch?: typeof fetch;
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
  const post = functionCaller(options.url, options.secretKey, send);
  return {
    sessionBrief: (session) => rpc('session_brief', { p_session: session }, Brief),
    sessionGlance: (session) => rpc('session_glance', { p_session: session }, Glance),
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
        },
        Opened,
      ),
    callAnswered: (call, providerCallId) =>
      rpc('call_answered', { p_call: call, p_provider_call_id: providerCallId }, Standing),
    allowUnsupervised: async (call) => {
      await rpc('allow_unsupervised', { p_call: call }, z.unknown());
    },
    callConnected: async (call) => {
      const connected = await rpc('call_connected', { p_call: call }, Connected);
      return { deadline: Date.parse(connected.deadline_at) };
    },
    closeCall: async (call, reason, epoch) => {
      const parameters = { p_call: call, p_reason: reason, p_epoch: epoch };
      return (await rpc('close_call', parameters, Verdict)).ok;
    },
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
    renewLease: (call, epoch, seconds) =>
      rpc('renew_lease', { p_call: call, p_epoch: epoch, p_seconds: seconds }, Renewal),
    releaseLease: async (call, epoch) => {
      await rpc('release_lease', { p_call: call, p_epoch: epoch }, z.unknown());
    },
    sendCommand: async (session, message) =>
      (await rpc('send_command', { p_session: session, p_message: message }, Sent)).id,
    takeCommands: (holder) => rpc('take_commands', { p_holder: holder }, Commands),
    answerCommand: async (id, reply) => {
      await rpc('answer_command', { p_id: id, p_reply: reply }, z.unknown());
    },
    commandReply: async (id, last) =>
      (await rpc('command_reply', { p_id: id, p_last: last }, Replied)).reply,
    saveReducer: async (call, epoch, { state, phase, deadline }) => {
      const p_deadline = deadline === null ? null : new Date(deadline).toISOString();
      const parameters = {
        p_call: call,
        p_epoch: epoch,
        p_state: state,
        p_phase: phase,
        p_deadline,
      };
      return (await rpc('save_reducer', parameters, Verdict)).ok;
    },
    recordEvent: async (session, call, kind, detail) => {
      const parameters = { p_session: session, p_call: call, p_kind: kind, p_detail: detail };
      await rpc('record_event', parameters, z.unknown());
    },
    storeEntries: (session, writer, entries) =>
      post(
        'interview-transcript',
        { session_id: session, writer_id: writer, entries },
        Acknowledgement,
        REQUEST_TIMEOUT_MS,
      ),
    completeSession: (completion) =>
      rpc(
        'complete_session',
        {
          p_session: completion.session,
          p_reason: completion.reason,
          p_writers: completion.writers,
          p_lost: completion.lost,
          p_force: completion.force,
        },
        CompletionOutcome,
      ),
    ask: async (session, kind, note) => {
      await rpc('ask_in_session', { p_session: session, p_kind: kind, p_note: note }, z.unknown());
    },
    storeCorrection: async (session, entry, text) => {
      const parameters = { p_session: session, p_entry_id: entry, p_text: text };
      await rpc('store_correction', parameters, z.unknown());
    },
    storeFeedback: async (session, { rating, text }) => {
      const parameters = { p_session: session, p_rating: rating, p_text: text };
      await rpc('store_feedback', parameters, z.unknown());
    },
    renewAllowed: async (session) =>
      (await rpc('renew_allowed', { p_session: session }, Verdict)).ok,
    tick: () => post('transcript-processor', { action: 'tick' }, Ticked, TICK_TIMEOUT_MS),
    check: async () => {
      await rpc('writer_marks', { p_session: '00000000-0000-4000-8000-000000000000' }, z.unknown());
    },
  };
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

function caller(client: SupabaseClient) {
  return async <T>(
    name: string,
    parameters: Record<string, unknown>,
    schema: Schema<T>,
  ): Promise<T> => {
    const reply = await client.rpc(name, parameters);
    if (reply.error) throw unavailable(`${name} failed: ${reply.error.code}`);
    return read(name, reply.data, schema);
  };
}

function functionCaller(url: string, secretKey: string, send: typeof fetch) {
  return async <T>(name: string, body: unknown, schema: Schema<T>, ms: number): Promise<T> => {
    let response: Response;
    let data: unknown;
    try {
      response = await send(`${url}/functions/v1/${name}`, {
        method: 'POST',
        headers: { apikey: secretKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(ms),
      });
      data = await response.json();
    } catch (error) {
      throw unavailable(`${name} did not answer`, error);
    }
    if (response.ok) return read(name, data, schema);
    const refusal = FunctionRefusal.safeParse(data);
    if (response.status < 500 && refusal.success && isErrorCode(refusal.data.error.code)) {
      throw refused(refusal.data.error.code);
    }
    throw unavailable(`${name} answered ${response.status}`);
  };
}

function read<T>(name: string, data: unknown, schema: Schema<T>): T {
  const refusal = Refusal.safeParse(data);
  if (refusal.success && isErrorCode(refusal.data.error)) throw refused(refusal.data.error);
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw unavailable(`${name} answered in an unknown shape`);
  return parsed.data;
}
