import type { InterviewPlan } from '@interview/protocol';
import { countStanding, countTroubleBeforePause, timeIsUp } from './clock.ts';
import { allLeft } from './objection.ts';
import type { Step } from './interview-events.ts';
import { wordsAgain, type InterviewState } from './interview-state.ts';
import { listenAgain, sayFarewell, sayMarked } from './progression.ts';

/** The candidate wants a pause: what they said so far is kept, nobody listens, nothing is said, the clock stands. */
export function pauseInterview(state: InterviewState, now: number): Step {
  if (state.end !== null || state.deadline === null || state.paused_since !== null) {
    return { state, effects: [] };
  }
  return {
    state: { ...countStanding(state, now), paused_since: now },
    effects: [{ type: 'cut' }, { type: 'commit' }, { type: 'deafen' }, { type: 'time' }],
  };
}

/** The pause is over: the current words are said again, unless `silent`. What was closing is closed. */
export function unpauseInterview(
  plan: InterviewPlan,
  state: InterviewState,
  { now, silent }: { now: number; silent: boolean },
): Step {
  if (state.paused_since === null) return { state, effects: [] };
  const closing = state.phase === 'closing';
  if (closing || timeIsUp(state, now)) {
    // With questions left it is the time that led to the closing.
    const reason = closing && allLeft(plan, state) ? 'completed' : 'time_up';
    return sayFarewell(plan, state, reason, now);
  }
  return {
    state: withoutPause(state, now),
    effects: [...listenAgain(state), ...(silent ? [] : sayMarked(wordsAgain(plan, state)))],
  };
}

/** The same interview with nobody in a pause. */
export function withoutPause(state: InterviewState, now: number): InterviewState {
  return state.paused_since === null ? state : { ...countStanding(state, now), paused_since: null };
}

/** The candidate's media have been gone since `since`, Unix time in milliseconds: the clock stands from then on. */
export function loseMedia(state: InterviewState, since: number, now: number): Step {
  if (state.end !== null || state.deadline === null || state.troubled_since !== null) {
    return { state, effects: [] };
  }
  const held = countTroubleBeforePause(state, since, countStanding(state, now));
  return {
    state: { ...held, troubled_since: Math.min(since, now) },
    effects: [{ type: 'time' }],
  };
}

/** They are back. */
export function regainMedia(state: InterviewState, now: number): Step {
  if (state.troubled_since === null) return { state, effects: [] };
  return {
    state: { ...countStanding(state, now), troubled_since: null },
    effects: [{ type: 'time' }],
  };
}
