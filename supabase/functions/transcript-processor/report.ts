import {
  EndReason,
  MissingRows,
  PlanQuestion,
  TranscriptRow,
  type InterviewReport,
  type ReportUtterance,
} from '@interview/protocol';
import * as z from 'zod/mini';
import { sha256Hex } from '../_shared/secrets.ts';
import { diagnose } from './diagnostics/diagnose.ts';
import { compareCopies } from './settle/compare-copies.ts';
import { cutByQuestion, rangesOf, type Cut } from './settle/cut-by-question.ts';
import { mergeFragments } from './settle/merge-fragments.ts';

/** What the page sent of an utterance that the server wrote down too. */
const BrowserCopy = z.object({
  entry_id: z.string(),
  role: z.string(),
  text: z.string(),
  status: z.string(),
});

/** What the database tells of a session that is over. */
export const ReportSource = z.object({
  session_id: z.uuid(),
  end_reason: z.nullable(EndReason),
  started_at: z.nullable(z.string()),
  ended_at: z.nullable(z.string()),
  duration_s: z.nullable(z.int()),
  /** Of the interview. */
  language: z.string(),
  /** Rows that are held. */
  rows: z.int(),
  /** Ranges of rows that were never held. */
  gaps: z.int(),
  missing: z.array(MissingRows),
  calls: z.array(z.object({ ordinal: z.int(), offset_ms: z.nullable(z.int()) })),
  questions: z.array(PlanQuestion),
  unsupervised_calls: z._default(z.array(z.int()), []),
  transcript: z.array(TranscriptRow),
  browser_copies: z.array(BrowserCopy),
});
export type ReportSource = z.infer<typeof ReportSource>;

/** Settles a conversation into a report. It rates nothing; the same source always gives the same report. */
export async function buildReport(source: ReportSource): Promise<InterviewReport> {
  const settled = mergeFragments(source.transcript);
  const copies = mergeFragments(
    source.browser_copies.map((copy) => ({ ...copy, source: 'browser' })),
  );
  const cut = cutByQuestion(settled, source.questions.map(askable));
  const utterances = settled.map((row, index) => utteranceOf(row, cut.questionOf[index] ?? null));
  const questions = source.questions.map(({ id, text }) => {
    const ranges = rangesOf(cut, id);
    return {
      id,
      text,
      status: ranges.length > 0 ? ('asked' as const) : ('not_asked' as const),
      ranges,
    };
  });
  return {
    schema: 'interview-report/1',
    session_id: source.session_id,
    end_reason: source.end_reason,
    started_at: source.started_at,
    ended_at: source.ended_at,
    duration_s: source.duration_s,
    calls: source.calls,
    utterances,
    questions,
    unsupervised_calls: source.unsupervised_calls,
    differences: compareCopies(settled, copies),
    missing: source.missing,
    transcript_sha256: await transcriptHash(utterances),
    rows: source.rows,
    diagnostics: diagnose({
      lines: utterances,
      questions: questions.map(({ id, status }) => ({
        asked: status === 'asked',
        lines: utterances.filter(({ question_id }) => question_id === id),
      })),
      restated: restatedIn(cut),
      language: source.language,
      complete: source.gaps === 0 && source.unsupervised_calls.length === 0,
    }),
    counts: countsOf(utterances, source.gaps),
  };
}

function askable({ id, text, simpler_text }: PlanQuestion) {
  return { id, wordings: simpler_text === undefined ? [text] : [text, simpler_text] };
}

function utteranceOf(row: TranscriptRow, question_id: string | null): ReportUtterance {
  return {
    entry_id: row.entry_id,
    role: row.role,
    text: row.text,
    status: row.status,
    call_ordinal: row.call_ordinal,
    started_ms: row.started_ms,
    ended_ms: row.ended_ms,
    heard_ms: row.heard_ms,
    source: row.source,
    question_id,
  };
}

function restatedIn(cut: Cut): Set<number> {
  return new Set([...cut.asked].filter(([, { again }]) => again).map(([index]) => index));
}

function countsOf(utterances: readonly ReportUtterance[], gaps: number): InterviewReport['counts'] {
  const of = (role: ReportUtterance['role']) =>
    utterances.filter((one) => one.role === role).length;
  return {
    utterances: utterances.length,
    candidate: of('candidate'),
    interviewer: of('interviewer'),
    // A failed transcription leaves a reader with as little as an inaudible one.
    inaudible: utterances.filter(({ status }) => status === 'inaudible' || status === 'failed')
      .length,
    gaps,
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
