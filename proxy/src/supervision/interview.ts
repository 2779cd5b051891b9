import type { InterviewPlan } from '@interview/protocol';
import { deadlineAt, isHeld } from './clock.ts';
import { allLeft } from './objection.ts';
import type { InterviewInput, Step } from './interview-events.ts';
import { currentStep, currentWords, wordsAgain, type InterviewState } from './interview-state.ts';
import { advance, finish, listenAgain, sayFarewell, sayMarked } from './progression.ts';
import {
  loseMedia,
  pauseInterview,
  regainMedia,
  unpauseInterview,
  withoutPause,
} from './standstill.ts';
import { endInterview, nextQuestion, refuse, waitForCandidate } from './tool-answers.ts';
import { coverage } from './words.ts';

/** Share of a question's words that must have been heard. */
const HEARD_SHARE = 0.8;
/** The last minutes are announced once. */
export const WARN_MS = 120_000;
/** An answer that runs when the time is up may end within this. */
export const LAST_ANSWER_MS = 90_000;
/** A model waits for each answer, so only the last calls can come up again. */
const ANSWERED_KEPT = 16;
/** A closing that the model does not finish by itself is finished by us. */
export const CLOSING_MS = 30_000;

/**
 * Decides. Pure: the same inputs in the same order give the same interview, whoever holds it. In no order of inputs
 * is a question skipped unasked, asked twice as new, or asked when the time is up. Of pauses, and of
 * the time in which the candidate's media are gone, it keeps account, each within its bound (`clock.ts`).
 */
export function step(plan: InterviewPlan, state: InterviewState, input: InterviewInput): Step {
  if (!('toolCall' in input)) return decide(plan, state, input);
  // Two supervisors may hear of one call: the one that is to come finds what the former one answered.
  if (state.answered.includes(input.toolCall)) return { state, effects: [] };
  const answered = [...state.answered, input.toolCall].slice(-ANSWERED_KEPT);
  return decide(plan, { ...state, answered }, input);
}

function decide(plan: InterviewPlan, state: InterviewState, input: InterviewInput): Step {
  switch (input.type) {
    case 'began':
      return begin(plan, state, input);
    case 'next_question':
      return nextQuestion(plan, state, input);
    case 'end_interview':
      return endInterview(plan, state, input);
    case 'wait':
      return waitForCandidate(state, input);
    case 'invalid':
      return refuse(plan, state, input);
    case 'action':
      return act(plan, state, input);
    case 'spoke':
      return { state: heardCandidate(plan, state, input), effects: [] };
    case 'heard':
      return { state: heardQuestion(plan, state, input.text), effects: [] };
    case 'tick':
      return tick(plan, state, input.now, input.speaking);
    case 'absent':
      return leaveAbsent(state);
    case 'pause':
      return pauseInterview(state, input.now);
    case 'unpause':
      return unpauseInterview(plan, state, input);
    case 'trouble':
      return loseMedia(state, input.since, input.now);
    case 'recovered':
      return regainMedia(state, input.now);
  }
}

function begin(
  plan: InterviewPlan,
  state: InterviewState,
  { deadline, call, now }: Extract<InterviewInput, { type: 'began' }>,
): Step {
  // Whoever begins is heard: what took the media is over. A pause goes on, but a new call hears until it is told; only
  // whoever was taken for gone has ended it by coming back.
  const { state: back } = regainMedia(state.absent ? withoutPause(state, now) : state, now);
  const started = {
    ...back,
    deadline: back.deadline ?? deadline,
    greeted: true,
    began_in: call ?? null,
    quiet_until: 0,
    absent: false,
  };
  if (started.paused_since !== null) return { state: started, effects: [{ type: 'deafen' }] };
  const farewell = state.end !== null;
  if (state.end?.farewell === null) {
    return { state: started, effects: [{ type: 'leave', reason: state.end.reason }] };
  }
  // Whoever was greeted is not greeted again.
  return { state: started, effects: [{ type: 'say', text: wordsAgain(plan, state), farewell }] };
}

/** A button that wants to hear something ends a pause. */
function act(
  plan: InterviewPlan,
  state: InterviewState,
  { kind, step: pressedAt, now }: Extract<InterviewInput, { type: 'action' }>,
): Step {
  // Pressed once more while the first waited to be saved: nobody skips what they have not seen.
  const late =
    kind === 'skip' && (pressedAt ?? currentStep(plan, state)) !== currentStep(plan, state);
  if (state.end !== null || late) return { state, effects: [] };
  const mustSpeak = kind === 'repeat' || (kind === 'skip' && state.phase === 'closing');
  if (mustSpeak && state.paused_since !== null) {
    return unpauseInterview(plan, state, { now, silent: false });
  }
  if (kind === 'repeat') {
    const text = currentWords(plan, state);
    return { state, effects: [{ type: 'cut' }, ...sayMarked(text)] };
  }
  if (kind === 'skip') return skip(plan, state, now);
  const reason = kind === 'end' ? 'candidate_ended' : 'withdrawn';
  const ended = { ...finish(plan, state, reason, now), end: { reason, farewell: null } } as const;
  return {
    state: ended,
    effects: [{ type: 'cut' }, { type: 'commit' }, { type: 'leave', reason }],
  };
}

function skip(plan: InterviewPlan, state: InterviewState, now: number): Step {
  if (state.phase === 'closing') return { state, effects: [] };
  const next = advance(plan, withoutPause(state, now), 'skip', now);
  const ended = next.phase === 'closing' ? finish(plan, next, 'completed', now) : next;
  const steer = `The candidate used the button to go on. The current step is now "${currentStep(plan, ended)}".`;
  return {
    state: ended,
    effects: [
      { type: 'cut' },
      ...listenAgain(state),
      { type: 'progress' },
      { type: 'steer', text: steer },
      { type: 'say', text: currentWords(plan, ended), farewell: ended.end !== null },
    ],
  };
}

function tick(plan: InterviewPlan, state: InterviewState, now: number, speaking: boolean): Step {
  const deadline = deadlineAt(state, now);
  if (state.end !== null || deadline === null) return { state, effects: [] };
  if (now >= deadline && (!speaking || now >= deadline + LAST_ANSWER_MS)) {
    const closing = state.phase === 'closing' && allLeft(plan, state);
    return sayFarewell(plan, state, closing ? 'completed' : 'time_up', now);
  }
  if (isHeld(state)) return { state, effects: [] };
  if (state.closing_since !== null && now >= state.closing_since + CLOSING_MS && !speaking) {
    return sayFarewell(plan, state, 'completed', now);
  }
  if (!state.warned && now >= deadline - WARN_MS && state.phase !== 'closing') {
    const text =
      'About two minutes are left. Say so once, at the next pause. This is the last question.';
    return { state: { ...state, warned: true }, effects: [{ type: 'steer', text }] };
  }
  return { state, effects: [] };
}

/** Nobody would hear a farewell, and nobody pays for a call in which there is none: the candidate may come back. */
function leaveAbsent(state: InterviewState): Step {
  if (state.end !== null || state.deadline === null) return { state, effects: [] };
  return { state: { ...state, absent: true }, effects: [{ type: 'cut' }, { type: 'hang_up' }] };
}

function heardCandidate(
  plan: InterviewPlan,
  state: InterviewState,
  input: Extract<InterviewInput, { type: 'spoke' }>,
): InterviewState {
  if (input.step !== currentStep(plan, state)) return state;
  return {
    ...state,
    // What is only told now was said before.
    quiet_until: input.ms > 0 ? 0 : state.quiet_until,
    answer_ms: state.answer_ms + Math.max(0, input.ms),
    answer_words: Math.max(0, state.answer_words + input.words),
  };
}

function heardQuestion(plan: InterviewPlan, state: InterviewState, text: string): InterviewState {
  if (state.phase !== 'question' || state.delivered) return state;
  return coverage(currentWords(plan, state), text) >= HEARD_SHARE
    ? { ...state, delivered: true }
    : state;
}
