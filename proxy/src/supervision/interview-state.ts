import { EndReason, InterviewPhase, type InterviewPlan } from '@interview/protocol';
import * as z from 'zod';
import { lastSentence } from './words.ts';

/** How a question was left. */
export const Outcome = z.object({
  id: z.string(),
  how: z.enum(['answered', 'probes_used', 'dont_know', 'skip', 'time']),
});

/** Where an interview stands: everything that another supervisor needs to go on. */
export const InterviewState = z.object({
  version: z.literal(1),
  phase: z.custom<InterviewPhase>((value) => InterviewPhase.safeParse(value).success),
  /** Of the current question; -1 before the first, `questions.length` once all were left. */
  index: z.number().int().min(-1),
  greeted: z.boolean(),
  /** The call in which the talk began last; another one must hear where the interview stands. */
  began_in: z.string().nullable().default(null),
  /** Tool calls that were answered lately: nobody answers one twice. */
  answered: z.array(z.string()).default([]),
  /** The questions that were left, in order. */
  outcomes: z.array(Outcome),
  /** The current question was heard, at least four fifths of it. */
  delivered: z.boolean(),
  /** Refusals that were given once for the current step and are not given again. */
  refused: z.array(z.string()),
  /** What the candidate said since the current step began. */
  answer_ms: z.number().min(0),
  answer_words: z.number().int().min(0),
  /** Unix time, milliseconds; null before the clock runs. */
  deadline: z.number().nullable(),
  /** The last minutes were announced. */
  warned: z.boolean(),
  /** When the closing began, Unix time in milliseconds. */
  closing_since: z.number().nullable(),
  /** When the candidate's pause began, Unix time in milliseconds; null where there is none. */
  paused_since: z.number().nullable().default(null),
  /** Likewise, when the candidate's media went. */
  troubled_since: z.number().nullable().default(null),
  /** How long the clock has stood, milliseconds, as far as it is counted in `deadline` already. */
  paused_ms: z.number().min(0).default(0),
  troubled_ms: z.number().min(0).default(0),
  /** Until then everything is counted, Unix time in milliseconds. */
  counted_until: z.number().default(0),
  /** Until then nobody minds that the candidate says nothing, Unix time in milliseconds. */
  quiet_until: z.number().default(0),
  /** The call was hung up since nobody was there; whoever comes back goes on. */
  absent: z.boolean().default(false),
  end: z
    .object({
      reason: z.custom<EndReason>((value) => EndReason.safeParse(value).success),
      /** Last words; null where the candidate left without waiting for any. */
      farewell: z.string().nullable(),
    })
    .nullable(),
});
export type InterviewState = Readonly<z.infer<typeof InterviewState>>;

/** An interview that has not begun. */
export function newInterview(): InterviewState {
  return {
    version: 1,
    phase: 'opening',
    index: -1,
    greeted: false,
    began_in: null,
    answered: [],
    outcomes: [],
    delivered: false,
    refused: [],
    answer_ms: 0,
    answer_words: 0,
    deadline: null,
    warned: false,
    closing_since: null,
    paused_since: null,
    troubled_since: null,
    paused_ms: 0,
    troubled_ms: 0,
    counted_until: 0,
    quiet_until: 0,
    absent: false,
    end: null,
  };
}

/** What was saved, or a new interview where nothing usable was. */
export function restoreInterview(saved: unknown): InterviewState {
  const parsed = InterviewState.safeParse(saved);
  return parsed.success ? parsed.data : newInterview();
}

/** Name of the current step: what a tool call must name as `from`. */
export function currentStep(plan: InterviewPlan, state: InterviewState): string {
  if (state.phase === 'question') return plan.questions[state.index]?.id ?? 'opening';
  return state.phase;
}

/** The words that the current step is about, as the candidate should hear them. */
export function currentWords(plan: InterviewPlan, state: InterviewState): string {
  if (state.phase === 'opening') return plan.greeting;
  if (state.phase === 'question') return plan.questions[state.index]?.text ?? plan.greeting;
  if (state.phase === 'candidate_qa') return plan.candidate_qa_text;
  return state.end?.farewell ?? plan.closing_text;
}

/** The same to somebody who heard them before: of a greeting only its last sentence, the question. */
export function wordsAgain(plan: InterviewPlan, state: InterviewState): string {
  const words = currentWords(plan, state);
  return state.greeted && state.phase === 'opening' ? lastSentence(words) : words;
}

/** What the page shows. `question` counts from 1. */
export function progressOf(
  plan: InterviewPlan,
  state: InterviewState,
): { type: 'progress'; question: number; of: number; text: string | null; phase: InterviewPhase } {
  const total = plan.questions.length;
  return {
    type: 'progress',
    question: Math.min(Math.max(state.index + 1, 0), total),
    of: total,
    text:
      state.phase === 'question' || state.phase === 'candidate_qa'
        ? currentWords(plan, state)
        : null,
    phase: state.phase,
  };
}
