import type { InterviewState } from './interview-state.ts';

/**
 * All pauses of an interview together hold its clock for at most so long, milliseconds; then it runs on, although the
 * interviewer stays silent. Our choice: a break, but no way to look everything up. The database knows the sum of both
 * bounds (`private.standstill()`).
 */
export const MAX_PAUSE_MS = 600_000;
/** Likewise for the times in which the candidate's media were gone. Our choice: what a router takes to restart. */
export const MAX_TROUBLE_MS = 300_000;

/** How long the clock has stood without it being counted yet, milliseconds: each moment once, by the pause first. */
function standing(state: InterviewState, now: number): { paused: number; troubled: number } {
  const { paused_since, troubled_since, counted_until, paused_ms, troubled_ms } = state;
  const since = (began: number | null): number =>
    began === null ? 0 : Math.max(0, now - Math.max(began, counted_until));
  const paused = Math.min(since(paused_since), MAX_PAUSE_MS - paused_ms);
  const troubled = Math.min(
    Math.max(0, since(troubled_since) - paused),
    MAX_TROUBLE_MS - troubled_ms,
  );
  return { paused, troubled };
}

/** When the time is up as it stands at `now`, Unix time in milliseconds; null before the clock runs. */
export function deadlineAt(state: InterviewState, now: number): number | null {
  const { paused, troubled } = standing(state, now);
  return state.deadline === null ? null : state.deadline + paused + troubled;
}

/** The latest that the time can be up unless a further pause follows, Unix time in milliseconds. */
export function latestDeadline(state: InterviewState): number | null {
  if (state.deadline === null) return null;
  const pause = state.paused_since === null ? 0 : MAX_PAUSE_MS - state.paused_ms;
  const trouble = state.troubled_since === null ? 0 : MAX_TROUBLE_MS - state.troubled_ms;
  return state.deadline + pause + trouble;
}

/** True while something holds the clock, be it used up or not. */
export function isHeld(state: InterviewState): boolean {
  return state.paused_since !== null || state.troubled_since !== null;
}

/** Moves everything that is timed by what the clock has stood so far. */
export function countStanding(state: InterviewState, now: number): InterviewState {
  if (!isHeld(state)) return state;
  const counted = count(state, standing(state, now));
  return { ...counted, counted_until: Math.max(now, state.counted_until) };
}

/**
 * Media that went before a pause began, of which is told only in it. `counted` is `state` with everything else counted.
 */
export function countTroubleBeforePause(
  state: InterviewState,
  since: number,
  counted: InterviewState,
): InterviewState {
  if (state.paused_since === null) return counted;
  const before = Math.max(0, state.paused_since - Math.max(since, state.counted_until));
  const troubled = Math.min(before, MAX_TROUBLE_MS - counted.troubled_ms);
  return count(counted, { paused: 0, troubled });
}

function count(
  state: InterviewState,
  { paused, troubled }: { paused: number; troubled: number },
): InterviewState {
  const later = (at: number | null): number | null => (at === null ? null : at + paused + troubled);
  return {
    ...state,
    deadline: later(state.deadline),
    closing_since: later(state.closing_since),
    paused_ms: state.paused_ms + paused,
    troubled_ms: state.troubled_ms + troubled,
  };
}

/** True once no new question may be asked. */
export function timeIsUp(state: InterviewState, now: number): boolean {
  const deadline = deadlineAt(state, now);
  return deadline !== null && now >= deadline;
}

/** Seconds until the time is up, never negative; null before the clock runs. */
export function remainingSeconds(state: InterviewState, now: number): number | null {
  const deadline = deadlineAt(state, now);
  return deadline === null ? null : Math.max(0, Math.ceil((deadline - now) / 1000));
}
