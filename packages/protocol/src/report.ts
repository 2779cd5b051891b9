import * as z from 'zod/mini';
import { Diagnostics } from './diagnostics.ts';
import { EndReason } from './session.ts';
import { Speaker } from './transcript.ts';

const ms = z.nullable(z.int());
const Source = z.enum(['browser', 'server']);

/** One line of the settled conversation. What has a default came later: older reports go without it. */
export const ReportUtterance = z.object({
  entry_id: z.string(),
  role: Speaker,
  text: z.string(),
  status: z.string(),
  call_ordinal: z.int(),
  /** From the start of its call, milliseconds. */
  started_ms: ms,
  ended_ms: ms,
  /** How much of an interviewer's line was played, milliseconds. */
  heard_ms: z._default(ms, null),
  /** Whose copy this is. */
  source: z._default(z.nullable(Source), null),
  /** The question that was open when it was said. */
  question_id: z._default(z.nullable(z.string()), null),
});
export type ReportUtterance = z.infer<typeof ReportUtterance>;

/** One question and where it was talked about. */
export const ReportQuestion = z.object({
  id: z.string(),
  text: z.string(),
  status: z.enum(['asked', 'not_asked']),
  /** Its stretches of the conversation, as indexes into the utterances, both inclusive; several where it was gone back to. */
  ranges: z._default(z.array(z.object({ first: z.int(), last: z.int() })), []),
});
export type ReportQuestion = z.infer<typeof ReportQuestion>;

/** Where the copies of browser and server disagree, and which of them the report goes by. */
export const CopyDifference = z.object({
  entry_id: z.string(),
  /** `…_only`: the other side has no such line, in a call of which it has others. */
  kind: z.enum(['text', 'role', 'status', 'browser_only', 'server_only']),
  trusted: Source,
  /** What the copy says that is not trusted; null where there is none. */
  other: z.nullable(z.string()),
});
export type CopyDifference = z.infer<typeof CopyDifference>;

/** Rows that were announced and never came. */
export const MissingRows = z.object({
  source: Source,
  rows: z.int(),
  /** True where the page itself said that it lost them. */
  lost: z.boolean(),
  /** The utterance that its writer wrote last before them; null where there is none. */
  after: z.nullable(z.string()),
});
export type MissingRows = z.infer<typeof MissingRows>;

/** The processed transcript. It rates nothing and infers nothing. */
export const InterviewReport = z.object({
  schema: z.literal('interview-report/1'),
  session_id: z.uuid(),
  end_reason: z.nullable(EndReason),
  started_at: z.nullable(z.string()),
  ended_at: z.nullable(z.string()),
  /** Length of the talk, seconds. */
  duration_s: z.nullable(z.int()),
  /** Calls in order, and when each was connected: milliseconds after the first, null where it never was. */
  calls: z._default(z.array(z.object({ ordinal: z.int(), offset_ms: ms })), []),
  utterances: z.array(ReportUtterance),
  questions: z.array(ReportQuestion),
  /** Ordinals of the calls in which nobody supervised what was asked, and of which the server kept no words itself. */
  unsupervised_calls: z._default(z.array(z.int()), []),
  differences: z._default(z.array(CopyDifference), []),
  missing: z._default(z.array(MissingRows), []),
  /** SHA-256 over the utterances in order: what a reviewer saw can be proven later. */
  transcript_sha256: z.string(),
  /** Rows that the session held when this was made: a report of fewer never takes the place of one of more. */
  rows: z._default(z.int(), 0),
  diagnostics: z.optional(Diagnostics),
  counts: z.object({
    utterances: z.int(),
    candidate: z.int(),
    interviewer: z.int(),
    inaudible: z.int(),
    gaps: z.int(),
  }),
});
export type InterviewReport = z.infer<typeof InterviewReport>;
