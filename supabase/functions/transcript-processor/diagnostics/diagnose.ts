import type { Diagnostics } from '@interview/protocol';
import { coverage, inaudibleShare, type Covered } from './coverage.ts';
import { fillersPer100Words } from './fillers.ts';
import { latency } from './latency.ts';
import type { Line } from './line.ts';
import { talkShare } from './talk-share.ts';
import { wordsPerMinute } from './words-per-minute.ts';

/** What the figures are made of. */
export interface Talk {
  lines: readonly Line[];
  questions: readonly Covered[];
  /** Indexes of lines in which an open question was said again. */
  restated: ReadonlySet<number>;
  /** BCP 47 tag of the interview. */
  language: string;
  /** False where rows are missing or nobody supervised. */
  complete: boolean;
}

/** All figures about a talk. The same talk always gives the same figures. */
export function diagnose({ lines, questions, restated, language, complete }: Talk): Diagnostics {
  const candidate = latency(lines, 'interviewer', 'candidate', {
    complete,
    skip: (index) => restated.has(index),
  });
  const interviewer = latency(lines, 'candidate', 'interviewer', { complete });
  const { asked, answered } = coverage(questions, complete);
  return {
    candidate_talk_share: talkShare(lines, complete),
    candidate_latency_median_ms: candidate.median,
    candidate_latency_p90_ms: candidate.p90,
    interviewer_latency_median_ms: interviewer.median,
    interviewer_latency_p90_ms: interviewer.p90,
    words_per_minute: wordsPerMinute(lines, language, complete),
    fillers_per_100_words: fillersPer100Words(lines, language),
    asked_share: asked,
    answered_share: answered,
    inaudible_share: inaudibleShare(lines, complete),
  };
}
