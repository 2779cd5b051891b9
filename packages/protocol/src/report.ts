import * as z from 'zod/mini';
import { EndReason } from './session.ts';
import { Speaker } from './transcript.ts';

/** One line of the settled conversation. */
export const ReportUtterance = z.object({
  entry_id: z.string(),
  role: Speaker,
  text: z.string(),
  status: z.string(),
  call_ordinal: z.int(),
  started_ms: z.nullable(z.int()),
  ended_ms: z.nullable(z.int()),
});

/** The processed transcript. It rates nothing and infers nothing. */
export const InterviewReport = z.object({
  schema: z.literal('interview-report/1'),
  session_id: z.uuid(),
  end_reason: z.nullable(EndReason),
  started_at: z.nullable(z.string()),
  ended_at: z.nullable(z.string()),
  /** Length of the talk, seconds. */
  duration_s: z.nullable(z.int()),
  utterances: z.array(ReportUtterance),
  questions: z.array(
    z.object({ id: z.string(), text: z.string(), status: z.enum(['asked', 'not_asked']) }),
  ),
  /** Ordinals of the calls in which nobody supervised what was asked, and of which the server kept no words itself. */
  unsupervised_calls: z._default(z.array(z.int()), []),
  /** SHA-256 over the utterances in order: what a reviewer saw can be proven later. */
  transcript_sha256: z.string(),
  counts: z.object({
    utterances: z.int(),
    candidate: z.int(),
    interviewer: z.int(),
    inaudible: z.int(),
    gaps: z.int(),
  }),
});
export type InterviewReport = z.infer<typeof InterviewReport>;
