import type { EndReason, InterviewPlan } from '@interview/protocol';
import { countStanding, timeIsUp } from './clock.ts';
import { allLeft } from './objection.ts';
import type { InterviewEffect, Step } from './interview-events.ts';
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
    quiet_until: 0,
  };
  if (timeIsUp(state, now) || state.phase === 'candidate_qa') {
    return { ...fresh, phase: 'closing', closing_since: now };
  }
  const index = state.index + 1;
  const phase = index < plan.questions.length ? 'question' : 'candidate_qa';
  return { ...fresh, index, phase };
}

/**
 * The only way to the last words. What was completed only because the time was up ended by time. Nothing holds the
 * clock any more.
 */
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
    ...countStanding(state, now),
    phase: 'closing',
    closing_since: state.closing_since ?? now,
    paused_since: null,
    troubled_since: null,
    end: { reason: why, farewell },
  };
}

/** Ends with the last words, said by us. */
export function sayFarewell(
  plan: InterviewPlan,
  state: InterviewState,
  reason: EndReason,
  now: number,
): Step {
  const ended = finish(plan, state, reason, now);
  return {
    state: ended,
    effects: [
      { type: 'cut' },
      ...listenAgain(state),
      { type: 'progress' },
      { type: 'say', text: ended.end?.farewell ?? '', farewell: true },
    ],
  };
}

/** What it takes to leave a pause; nothing where there is none. */
export function listenAgain(state: InterviewState): InterviewEffect[] {
  return state.paused_since === null ? [] : [{ type: 'listen' }, { type: 'time' }];
}

/** Words, and before them something that a supervisor which takes over can ask for: were they come to, or not? */
export function sayMarked(text: string): InterviewEffect[] {
  const hint = 'The candidate is told the words of the current step now.';
  return [
    { type: 'steer', text: hint },
    { type: 'say', text, farewell: false },
  ];
}
