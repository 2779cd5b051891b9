import type { InterviewPlan } from '@interview/protocol';
import { timeIsUp } from './clock.ts';
import type { ToolCall } from './interview-events.ts';
import type { InterviewState } from './interview-state.ts';

/** Below both of these an answer is refused once as too short: "yes." is asked on, a short true answer passes. */
const SHORT_ANSWER_MS = 5_000;
const SHORT_ANSWER_WORDS = 8;

/** What speaks against leaving the current step; null where nothing does. */
export function objection(
  state: InterviewState,
  { reason, now }: ToolCall<'next_question'>,
): 'not_delivered' | 'no_answer_yet' | 'too_soon' | null {
  if (timeIsUp(state, now)) return null;
  const inQuestion = state.phase === 'question';
  if (inQuestion && !state.delivered && !state.refused.includes('not_delivered')) {
    return 'not_delivered';
  }
  if (state.answer_ms === 0 && state.answer_words === 0) return 'no_answer_yet';
  const short = state.answer_ms < SHORT_ANSWER_MS && state.answer_words < SHORT_ANSWER_WORDS;
  const claimsAnswer = reason === 'answered' || reason === 'probes_used';
  if (inQuestion && short && claimsAnswer && !state.refused.includes('too_soon')) return 'too_soon';
  return null;
}

/** True once every question was asked and left. */
export function allLeft(plan: InterviewPlan, state: InterviewState): boolean {
  return state.outcomes.length === plan.questions.length;
}
