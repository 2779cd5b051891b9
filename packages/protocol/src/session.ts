import * as z from 'zod/mini';
import { DeviceKey, ExternalId, InvitationToken, SessionId } from './ids.ts';
import { TranscriptRow } from './transcript.ts';

/**
 * Life of a session. Changes happen only in Postgres, by RPC.
 *
 * @example
 * if (status === 'completed') showThanks();
 */
export const SessionStatus = z.enum([
  'created',
  'active',
  'ending',
  'completed',
  'abandoned',
  'cancelled',
]);
export type SessionStatus = z.infer<typeof SessionStatus>;

/**
 * Where the interview stands.
 *
 * @example
 * const isOver = phase === 'closing';
 */
export const InterviewPhase = z.enum(['opening', 'question', 'candidate_qa', 'closing']);
export type InterviewPhase = z.infer<typeof InterviewPhase>;

/**
 * Why an interview ended.
 *
 * @example
 * if (reason === 'time_up') say('The time is up. Thank you.');
 */
export const EndReason = z.enum([
  'completed',
  'candidate_ended',
  'time_up',
  'withdrawn',
  'technical',
  'absent',
  'abuse',
  'staff',
]);
export type EndReason = z.infer<typeof EndReason>;

/** The newest call's connection, as RTCPeerConnection names its states and as far as the server knows. */
export const ConnectionState = z.enum([
  'new',
  'connecting',
  'connected',
  'disconnected',
  'failed',
  'closed',
]);
export type ConnectionState = z.infer<typeof ConnectionState>;

/** How the candidate takes part. */
export const InterviewMode = z.enum(['voice', 'text']);
export type InterviewMode = z.infer<typeof InterviewMode>;

const shortText = z.string().check(z.maxLength(500));
const longText = z.string().check(z.maxLength(20_000));
/** BCP 47 language tag. */
export const Locale = z.string().check(z.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/));
/** SHA-256, lower-case hex. */
export const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** What a candidate is told of the interview. */
export const InterviewSummary = z.object({
  title: shortText,
  language: Locale,
  /** Planned length, seconds. */
  duration_s: z.int(),
  questions_total: z.int(),
});
export type InterviewSummary = z.infer<typeof InterviewSummary>;

/**
 * One consent that is asked for.
 *
 * @example
 * for (const { text, required } of about.consents) form.append(checkboxFor(text, required));
 */
export const ConsentRequest = z.object({
  purpose: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/)),
  version: z.string().check(z.minLength(1), z.maxLength(64)),
  text: longText,
  url: z.optional(z.string().check(z.maxLength(2000))),
  required: z.boolean(),
});
export type ConsentRequest = z.infer<typeof ConsentRequest>;

/** A candidate's answer to one. `text_hash` is the SHA-256 of the text that was shown. */
export const ConsentAnswer = z.object({
  purpose: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/)),
  version: z.string().check(z.minLength(1), z.maxLength(64)),
  text_hash: Sha256,
  locale: Locale,
  granted: z.boolean(),
});
export type ConsentAnswer = z.infer<typeof ConsentAnswer>;

const invitationHolder = { invitation: InvitationToken, device_key: DeviceKey };

/** Changes nothing; tells what the link is about. */
export const LookRequest = z.object({
  step: z.literal('look'),
  ...invitationHolder,
  locale: z.optional(Locale),
});
export type LookRequest = z.infer<typeof LookRequest>;

/** Asks for an adjustment or a person before the start; writes the request only. */
export const AskRequest = z.object({
  step: z.literal('ask'),
  ...invitationHolder,
  kind: z.enum(['adjustment', 'human']),
  note: z.string().check(z.maxLength(2000)),
});
export type AskRequest = z.infer<typeof AskRequest>;

/** Redeems the invitation, or resumes what it began. */
export const StartRequest = z.object({
  step: z.literal('start'),
  ...invitationHolder,
  consents: z.array(ConsentAnswer).check(z.maxLength(16)),
  mode: z._default(InterviewMode, 'voice'),
  locale: z.optional(Locale),
});
export type StartRequest = z.infer<typeof StartRequest>;

const purpose = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/));
const purposes = z.array(purpose).check(z.minLength(1), z.maxLength(16));

/**
 * Takes consents back, by the link on the device that began. Whoever holds the session's token sends that in place of
 * invitation and device key.
 */
export const WithdrawRequest = z.object({
  step: z.literal('withdraw'),
  ...invitationHolder,
  purposes,
});
export type WithdrawRequest = z.infer<typeof WithdrawRequest>;

/** Takes consents back with the session's token, which still counts for a day after its end. */
export const SessionWithdrawRequest = z.omit(WithdrawRequest, {
  invitation: true,
  device_key: true,
});
export type SessionWithdrawRequest = z.infer<typeof SessionWithdrawRequest>;

/** Ids that a tenant's own backend chose; it sends its API key with them. */
const backendHolder = { session_id: ExternalId, tenant_id: ExternalId };
const interviewOfTenant = z.optional(z.union([z.uuid(), ExternalId]));

/** What a link is about, for a tenant's own backend. Changes nothing, and needs no session yet. */
export const BackendLookRequest = z.object({
  step: z.literal('look'),
  ...backendHolder,
  interview_id: interviewOfTenant,
});
export type BackendLookRequest = z.infer<typeof BackendLookRequest>;

/** What the candidate of a tenant's own backend asks for, before its session is started or after. */
export const BackendAskRequest = z.object({
  step: z.literal('ask'),
  ...backendHolder,
  kind: AskRequest.shape.kind,
  note: AskRequest.shape.note,
});
export type BackendAskRequest = z.infer<typeof BackendAskRequest>;

/** Takes consents back for the candidate of a tenant's own backend. */
export const BackendWithdrawRequest = z.object({
  step: z.literal('withdraw'),
  ...backendHolder,
  purposes,
});
export type BackendWithdrawRequest = z.infer<typeof BackendWithdrawRequest>;

/** A tenant's own backend starts a session with its API key; the ids are its own. */
export const BackendStartRequest = z.object({
  step: z._default(z.literal('start'), 'start'),
  ...backendHolder,
  interview_id: interviewOfTenant,
  candidate: z.optional(
    z.object({
      id: z.optional(ExternalId),
      name: z.optional(z.string().check(z.maxLength(200))),
      email: z.optional(z.email()),
    }),
  ),
  origins: z.optional(z.array(z.string().check(z.maxLength(256))).check(z.maxLength(64))),
  /** What the candidate answered to the texts of `look`. Without those that are required nothing starts. */
  consents: z._default(StartRequest.shape.consents, []),
  /** Default: what was granted to the candidate, else the interview's first. */
  mode: z.optional(InterviewMode),
  locale: z.optional(Locale),
});
export type BackendStartRequest = z.infer<typeof BackendStartRequest>;

/**
 * Reply to `withdraw`. `interview`: what becomes of it. `not_begun`: nothing starts without it; `goes_on`: it was an
 * optional one; `ends`: the call is hung up within moments; `over`: it was over before.
 */
export const WithdrawReply = z.object({
  ok: z.literal(true),
  interview: z.enum(['not_begun', 'goes_on', 'ends', 'over']),
  consents: z.array(
    z.object({
      purpose,
      granted_at: z.nullable(z.string()),
      withdrawn_at: z.nullable(z.string()),
    }),
  ),
});
export type WithdrawReply = z.infer<typeof WithdrawReply>;

/**
 * Reply to `look`.
 *
 * @example
 * const { interview, tenant, consents } = await session.look();
 */
export const LookReply = z.object({
  interview: InterviewSummary,
  tenant: z.object({ name: shortText, logo: z.optional(z.string().check(z.maxLength(22_000))) }),
  /** Who invites, for example «Dana Reyes, Northwind». */
  inviter: shortText,
  /** Who decides: a sentence. */
  decider: shortText,
  /** What is kept and how long: a sentence. */
  retention: shortText,
  /** What happens afterwards: a sentence. */
  next_steps: shortText,
  /** How to ask for an adjustment or a person: a sentence. */
  adjustment: shortText,
  consents: z.array(ConsentRequest),
  modes: z.array(InterviewMode),
  account_required: z.boolean(),
  /** The interview was begun with this device key and goes on. */
  resumable: z.boolean(),
});
export type LookReply = z.infer<typeof LookReply>;

/** Reply to `start`, whoever asked. */
export const StartReply = z.object({
  session: z.object({
    id: SessionId,
    status: SessionStatus,
    phase: InterviewPhase,
    /** The session's own, whatever a page that comes back asked for; a server from before it had one says nothing. */
    mode: z.optional(InterviewMode),
    resumable: z.boolean(),
    interview: InterviewSummary,
  }),
  token: z.string().check(z.maxLength(4096)),
  /** Unix time, seconds. */
  expires_at: z.int(),
  proxy: z.object({ ws_url: z.string(), http_url: z.string() }),
  transcript: z.array(TranscriptRow),
});
export type StartReply = z.infer<typeof StartReply>;
