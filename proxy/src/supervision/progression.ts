import type { EndReason, InterviewPlan } from '@interview/protocol';
import { allLeft, timeIsUp } from './guards.ts';
import type { InterviewState } from './interview-state.ts';

/** The only way on. With the time up it leads to the closing and to no further question. */
export function advance(
  plan: InterviewPlan,
  state: InterviewState,
  how: InterviewState['outcomes'][number]['how'],
  now: number,
): InterviewState {
  const left = plan.questions[state.index];
  const outcomes =
    state.phase === 'question' && left ? [...state.outcomes, { id: left.id, how }] : state.outcomes;
  const fresh = {
    ...state,
    outcomes,
    delivered: false,
    refused: [],
    answer_ms: 0,
    answer_words: 0,
  };
  if (timeIsUp(state, now) || state.phase === 'candidate_qa') {
    return { ...fresh, phase: 'closing', closing_since: now };
  }
  const index = state.index + 1;
  const phase = index < plan.questions.length ? 'question' : 'candidate_qa';
  return { ...fresh, index, phase };
}

/** The only way to the last words. What was completed only because the time was up ended by time. */
export function finish(
  plan: InterviewPlan,
  state: InterviewState,
  reason: EndReason,
  now: number,
): InterviewState {
  const late = reason === 'completed' && timeIsUp(state, now) && !allLeft(plan, state);
  const why = late ? 'time_up' : reason;
  const farewell = why === 'time_up' ? plan.time_up_text : plan.closing_text;
  return {
    ...state,
    phase: 'closing',
    closing_since: state.closing_since ?? now,
    end: { reason: why, farewell },
  };
}
