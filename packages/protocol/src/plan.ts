import * as z from 'zod/mini';

const line = z.string().check(z.minLength(1), z.maxLength(2000));

/** One question of a plan. Rubrics and ideal answers live elsewhere: a plan's words are spoken aloud. */
export const PlanQuestion = z.object({
  id: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,31}$/)),
  /** Spoken verbatim. */
  text: line,
  /** The same without jargon and without hints. */
  simpler_text: z.optional(line),
  max_probes: z._default(z.int().check(z.minimum(0), z.maximum(5)), 0),
  /** Share of the time that the question may take, seconds. */
  budget_s: z.optional(z.int().check(z.minimum(10))),
});
export type PlanQuestion = z.infer<typeof PlanQuestion>;

/** What an interviewer asks, in order. Immutable once an interview used it. */
export const InterviewPlan = z.object({
  /** First words: that this is an AI, that pauses are fine, that it can repeat. Ends by asking «ready?». */
  greeting: line,
  questions: z.array(PlanQuestion).check(z.minLength(1), z.maxLength(50)),
  /** Invites the candidate's own questions. */
  candidate_qa_text: line,
  /** Facts that may be told when asked. */
  facts: z._default(z.array(z.object({ id: line, topic: line, text: line })), []),
  /** Farewell: what happens next and when. */
  closing_text: line,
  /** Farewell when the time is up. */
  time_up_text: line,
});
export type InterviewPlan = z.infer<typeof InterviewPlan>;
