import * as z from 'zod/mini';

/**
 * A figure about a talk with what is needed to doubt it: of how many things it is made, and how far the record it rests
 * on can be relied upon. Null where there is too little to say anything.
 */
export const Metric = z.object({
  value: z.nullable(z.number()),
  n: z.int(),
  reliability: z.enum(['high', 'medium', 'low']),
});
export type Metric = z.infer<typeof Metric>;

/**
 * Figures about how a talk went, for finding faults of the room and of the interviewer. They are no measure of a
 * person: never score, sort or filter candidates by them, and hide them until somebody asks.
 */
export const Diagnostics = z.object({
  /** Share of all speaking time that is the candidate's, 0 to 1; n speaking lines with both times. */
  candidate_talk_share: Metric,
  /** From the end of what was heard of the interviewer to the candidate's first sound, milliseconds; n turns. */
  candidate_latency_median_ms: Metric,
  candidate_latency_p90_ms: Metric,
  /** From the end of the candidate's words to the interviewer's first sound, milliseconds; n turns. */
  interviewer_latency_median_ms: Metric,
  interviewer_latency_p90_ms: Metric,
  /** The candidate's words a minute of speech, characters where the script has no spaces; n words. */
  words_per_minute: Metric,
  /** Sounds like «uh» among a hundred words of the candidate; n words. */
  fillers_per_100_words: Metric,
  /** Share of the plan's questions that were asked; n questions. */
  asked_share: Metric,
  /** Share of the questions asked to which the candidate said something; n questions. */
  answered_share: Metric,
  /** Share of the candidate's lines that could not be heard or transcribed; n lines. */
  inaudible_share: Metric,
});
export type Diagnostics = z.infer<typeof Diagnostics>;
