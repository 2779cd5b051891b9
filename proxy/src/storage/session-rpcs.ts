import {
  CallId,
  CompletionOutcome,
  EndReason,
  InterviewMode,
  InterviewPhase,
  InterviewPlan,
  SessionId,
  SessionStatus,
  TranscriptRow,
  WriterId,
  WriterMarks,
} from '@interview/protocol';
import * as z from 'zod';
import type { Storage } from './port.ts';
import { Verdict, type Rpc } from './rpc.ts';

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

/** What is read and written of a session as a whole. */
export function sessionRpcs(
  rpc: Rpc,
): Pick<
  Storage,
  | 'sessionBrief'
  | 'sessionGlance'
  | 'saveReducer'
  | 'recordEvent'
  | 'completeSession'
  | 'renewAllowed'
  | 'check'
> {
  return {
    sessionBrief: (session) => rpc('session_brief', { p_session: session }, Brief),
    sessionGlance: (session) => rpc('session_glance', { p_session: session }, Glance),
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
    renewAllowed: async (session) =>
      (await rpc('renew_allowed', { p_session: session }, Verdict)).ok,
    check: async () => {
      await rpc('writer_marks', { p_session: '00000000-0000-4000-8000-000000000000' }, z.unknown());
    },
  };
}

/** What a candidate says beside the interview. */
export function noteRpcs(rpc: Rpc): Pick<Storage, 'ask' | 'storeCorrection' | 'storeFeedback'> {
  return {
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
  };
}
