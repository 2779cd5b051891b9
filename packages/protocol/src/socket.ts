import * as z from 'zod/mini';
import { LostRange, MissingRange, WriterMarks } from './completion.ts';
import { MAX_OFFER_BYTES } from './call.ts';
import { CallId, EntryId, MessageId, SessionId, WriterId } from './ids.ts';
import { EndReason, InterviewPhase, SessionStatus } from './session.ts';
import { MAX_BATCH_ENTRIES } from './limits.ts';
import { Acknowledgement } from './transcript.ts';

const id = { id: MessageId };
const text = z.string().check(z.minLength(1), z.maxLength(8_000));
const share = z.number().check(z.minimum(0), z.maximum(1));

export const OfferReason = z.enum(['start', 'reconnect', 'resume']);
export type OfferReason = z.infer<typeof OfferReason>;

export const ActionKind = z.enum(['done', 'skip', 'repeat', 'withdraw', 'end']);
export type ActionKind = z.infer<typeof ActionKind>;

/**
 * What a candidate's page sends, over the socket or by `POST /v1/messages`. The address may name the page as
 * `?writer_id=b_…`, so that it is known again on another connection; `/v1/events` and `/v1/session` need that.
 */
export const ClientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('authenticate'), token: z.string().check(z.maxLength(4096)) }),
  z.object({
    type: z.literal('offer'),
    ...id,
    writer_id: WriterId,
    sdp: z.string().check(z.maxLength(MAX_OFFER_BYTES)),
    reason: OfferReason,
  }),
  z.object({ type: z.literal('connected'), ...id, call_id: CallId }),
  /** `since`: how long the media has been gone, milliseconds. */
  z.object({ type: z.literal('trouble'), call_id: CallId, since: z.int().check(z.minimum(0)) }),
  /** The candidate's microphone is off, or on again. Answered by nothing; an older server may refuse it. */
  z.object({ type: z.literal('muted'), call_id: CallId, muted: z.boolean() }),
  z.object({
    type: z.literal('transcript'),
    ...id,
    writer_id: WriterId,
    entries: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_BATCH_ENTRIES)),
  }),
  z.object({ type: z.literal('action'), ...id, kind: ActionKind }),
  z.object({ type: z.literal('text'), ...id, text }),
  z.object({ type: z.literal('pause'), ...id }),
  z.object({ type: z.literal('unpause'), ...id }),
  z.object({
    type: z.literal('ask'),
    ...id,
    kind: z.enum(['adjustment', 'human', 'help']),
    note: z.string().check(z.maxLength(2000)),
  }),
  z.object({ type: z.literal('correct'), ...id, entry_id: EntryId, text }),
  z.object({
    type: z.literal('feedback'),
    ...id,
    rating: z.optional(z.int().check(z.minimum(1), z.maximum(5))),
    text: z.optional(text),
  }),
  z.object({
    type: z.literal('complete'),
    ...id,
    reason: EndReason,
    writers: WriterMarks,
    lost: z.array(LostRange).check(z.maxLength(100)),
  }),
  z.object({ type: z.literal('refresh') }),
  z.object({
    type: z.literal('quality'),
    /** At most a minute. */
    rtt_ms: z.optional(z.number().check(z.minimum(0), z.maximum(60_000))),
    jitter_ms: z.optional(z.number().check(z.minimum(0), z.maximum(60_000))),
    loss: z.optional(share),
    concealed: z.optional(share),
    rating: z.optional(z.int().check(z.minimum(1), z.maximum(5))),
    warnings: z.optional(
      z.array(z.string().check(z.regex(/^[a-z_]{1,32}$/))).check(z.maxLength(8)),
    ),
  }),
  z.object({ type: z.literal('ping'), ...id }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
export type ClientMessageType = ClientMessage['type'];

/**
 * What the other side of a call can do.
 *
 * @example
 * pauseButton.hidden = !capabilities.pause;
 */
export const Capabilities = z.object({
  supervision: z.enum(['sideband', 'none']),
  actions: z.array(ActionKind),
  text: z.boolean(),
  pause: z.boolean(),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** What the proxy sends. */
export const ServerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    session: z.object({ id: SessionId, status: SessionStatus, phase: InterviewPhase }),
    /** Unix time, milliseconds. */
    server_time: z.number(),
    /** High-water marks of this session's browser writers. */
    writers: WriterMarks,
  }),
  z.object({
    type: z.literal('answer'),
    ...id,
    sdp: z.string(),
    call_id: CallId,
    /** 1, 2, 3 … in the order in which the session's calls were opened. */
    ordinal: z.int(),
    provider: z.string(),
    capabilities: Capabilities,
    /** What the page sends as `session.update` before anything else, where the server can not set the session. */
    session: z.optional(z.record(z.string(), z.unknown())),
  }),
  z.object({ type: z.literal('ok'), ...id }),
  z.object({ type: z.literal('ack'), ...id, ...Acknowledgement.shape }),
  /** `question` counts from 1; 0 before the first. */
  z.object({
    type: z.literal('progress'),
    question: z.int(),
    of: z.int(),
    text: z.nullable(z.string()),
    phase: InterviewPhase,
  }),
  z.object({ type: z.literal('time'), remaining_s: z.int(), paused: z.boolean() }),
  z.object({ type: z.literal('completed'), ...id, status: SessionStatus }),
  z.object({ type: z.literal('incomplete'), ...id, missing: z.array(MissingRange) }),
  /** `expires_at`: Unix time, seconds. */
  z.object({ type: z.literal('token'), token: z.string(), expires_at: z.int() }),
  z.object({ type: z.literal('pong'), ...id }),
  z.object({
    type: z.literal('end'),
    reason: z.union([EndReason, z.literal('taken_over')]),
    close_in_ms: z.int(),
  }),
  z.object({ type: z.literal('drain'), retry_after_ms: z.int() }),
  z.object({
    type: z.literal('error'),
    id: z.optional(MessageId),
    /** An `ErrorCode`; kept open, since a newer server may know more. */
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    retry_after_ms: z.optional(z.int()),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
export type ServerMessageType = ServerMessage['type'];
