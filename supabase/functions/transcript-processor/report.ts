import { EndReason, PlanQuestion, TranscriptRow, type InterviewReport } from '@interview/protocol';
import * as z from 'zod/mini';
import { sha256Hex } from '../_shared/secrets.ts';

/** What the database tells of a session that is over. */
export const ReportSource = z.object({
  session_id: z.uuid(),
  end_reason: z.nullable(EndReason),
  started_at: z.nullable(z.string()),
  ended_at: z.nullable(z.string()),
  duration_s: z.nullable(z.int()),
  /** Ranges of rows that were never held. */
  gaps: z.int(),
  questions: z.array(PlanQuestion),
  unsupervised_calls: z._default(z.array(z.int()), []),
  transcript: z.array(TranscriptRow),
});
export type ReportSource = z.infer<typeof ReportSource>;

/** Share of a question's words that one line must have for the question to count as asked. */
const ASKED_SHARE = 0.8;

/** Settles a conversation into a report. It rates nothing; the same source always gives the same report. */
export async function buildReport(source: ReportSource): Promise<InterviewReport> {
  const utterances = source.transcript.map((row) => ({
    entry_id: row.entry_id,
    role: row.role,
    text: row.text,
    status: row.status,
    call_ordinal: row.call_ordinal,
    started_ms: row.started_ms,
    ended_ms: row.ended_ms,
  }));
  const spoken = utterances
    .filter(({ role }) => role === 'interviewer')
    .map(({ text }) => wordsOf(text));
  return {
    schema: 'interview-report/1',
    session_id: source.session_id,
    end_reason: source.end_reason,
    started_at: source.started_at,
    ended_at: source.ended_at,
    duration_s: source.duration_s,
    utterances,
    questions: source.questions.map(({ id, text, simpler_text }) => ({
      id,
      text,
      status: wasAsked([text, simpler_text ?? text], spoken) ? 'asked' : 'not_asked',
    })),
    unsupervised_calls: source.unsupervised_calls,
    transcript_sha256: await transcriptHash(utterances),
    counts: {
      utterances: utterances.length,
      candidate: utterances.filter(({ role }) => role === 'candidate').length,
      interviewer: utterances.filter(({ role }) => role === 'interviewer').length,
      // A failed transcription leaves a reader with as little as an inaudible one.
      inaudible: utterances.filter(({ status }) => status === 'inaudible' || status === 'failed')
        .length,
      gaps: source.gaps,
    },
  };
}

/**
 * SHA-256 over the JSON array of one array an utterance: entry_id, role, text, status, call_ordinal, started_ms,
 * ended_ms. Arrays and not objects, because a database does not keep the order of an object's fields.
 */
export function transcriptHash(utterances: InterviewReport['utterances']): Promise<string> {
  return sha256Hex(
    JSON.stringify(
      utterances.map((u) => [
        u.entry_id,
        u.role,
        u.text,
        u.status,
        u.call_ordinal,
        u.started_ms,
        u.ended_ms,
      ]),
    ),
  );
}

/** By the words that were spoken: a supervisor's own notes may be gone, the transcript is what a reader can check. */
function wasAsked(wordings: readonly string[], spoken: readonly Set<string>[]): boolean {
  return wordings.some((wording) => {
    const words = [...wordsOf(wording)];
    return spoken.some(
      (line) => words.filter((word) => line.has(word)).length >= words.length * ASKED_SHARE,
    );
  });
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
