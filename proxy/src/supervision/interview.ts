import type { EndReason, InterviewPlan } from '@interview/protocol';
import { allLeft, objection, remainingSeconds, timeIsUp } from './guards.ts';
import type { InterviewInput, Step, ToolCall, ToolOutput } from './interview-events.ts';
import { currentStep, currentWords, type InterviewState } from './interview-state.ts';
import { coverage, lastSentence } from './words.ts';

/** Share of a question's words that must have been heard. */
const HEARD_SHARE = 0.8;
/** The last minutes are announced once. */
export const WARN_MS = 120_000;
/** An answer that runs when the time is up may end within this. */
export const LAST_ANSWER_MS = 90_000;
/** A closing that the model does not finish by itself is finished by us. */
export const CLOSING_MS = 30_000;

/**
 * Decides. Pure: the same inputs in the same order give the same interview, whoever holds it. In no order of inputs
 * is a question skipped unasked, asked twice as new, or asked when the time is up.
 */
export function step(plan: InterviewPlan, state: InterviewState, input: InterviewInput): Step {
  switch (input.type) {
    case 'began':
      return begin(plan, state, input.deadline);
    case 'next_question':
      return nextQuestion(plan, state, input);
    case 'end_interview':
      return endInterview(plan, state, input);
    case 'action':
      return act(plan, state, input.kind, input.now);
    case 'spoke':
      return { state: heardCandidate(plan, state, input), effects: [] };
    case 'heard':
      return { state: heardQuestion(plan, state, input.text), effects: [] };
    case 'tick':
      return tick(plan, state, input.now, input.speaking);
  }
}

function begin(plan: InterviewPlan, state: InterviewState, deadline: number): Step {
  const started = { ...state, deadline: state.deadline ?? deadline, greeted: true };
  const farewell = state.end !== null;
  if (state.end?.farewell === null) {
    return { state: started, effects: [{ type: 'leave', reason: state.end.reason }] };
  }
  const words = currentWords(plan, state);
  // Whoever was greeted is not greeted again: of the greeting only its last sentence, the question, is repeated.
  const text = state.greeted && state.phase === 'opening' ? lastSentence(words) : words;
  return { state: started, effects: [{ type: 'say', text, farewell }] };
}

function nextQuestion(
  plan: InterviewPlan,
  state: InterviewState,
  input: ToolCall<'next_question'>,
): Step {
  if (state.end !== null)
    return replied(state, input.toolCall, { ok: true, phase: 'closing' }, false);
  if (state.phase === 'closing')
    return replied(state, input.toolCall, { ok: true, phase: 'closing' });
  const current = currentStep(plan, state);
  const code = input.from === current ? objection(state, input) : 'stale';
  if (code !== null) {
    const once = code === 'too_soon' || code === 'not_delivered';
    const refused = once ? [...state.refused, code] : state.refused;
    return replied({ ...state, refused }, input.toolCall, { ok: false, code, current });
  }
  const next = advance(plan, state, input.reason, input.now);
  const output = outputFor(plan, next, input.now);
  const { effects } = replied(next, input.toolCall, output);
  return { state: next, effects: [{ type: 'progress' }, ...effects] };
}

/** The only way on. With the time up it leads to the closing and to no further question. */
function advance(
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

function outputFor(plan: InterviewPlan, state: InterviewState, now: number): ToolOutput {
  if (state.phase === 'candidate_qa') {
    return { ok: true, phase: 'candidate_qa', say: plan.candidate_qa_text };
  }
  const question = plan.questions[state.index];
  if (state.phase !== 'question' || !question) return { ok: true, phase: 'closing' };
  return {
    ok: true,
    phase: 'question',
    question: {
      id: question.id,
      text: question.text,
      verbatim: true,
      probes: question.max_probes,
    },
    remaining_s: remainingSeconds(state, now) ?? 0,
  };
}

function endInterview(
  plan: InterviewPlan,
  state: InterviewState,
  input: ToolCall<'end_interview'>,
): Step {
  if (state.end !== null) {
    const text = state.end.farewell ?? plan.closing_text;
    return replied(state, input.toolCall, { ok: true, closing_text: text }, false);
  }
  const current = currentStep(plan, state);
  if (input.reason === 'completed' && state.phase !== 'closing') {
    return replied(state, input.toolCall, { ok: false, code: 'stale', current });
  }
  if (input.reason !== 'completed' && !input.confirmed) {
    return replied(state, input.toolCall, { ok: false, code: 'not_confirmed', current });
  }
  const ended = finish(plan, state, input.reason, input.now);
  const closing = ended.end?.farewell ?? plan.closing_text;
  const output: ToolOutput = { ok: true, closing_text: closing };
  return {
    state: ended,
    effects: [
      { type: 'progress' },
      { type: 'reply', toolCall: input.toolCall, output, speak: true, farewell: closing },
    ],
  };
}

function finish(
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

function act(
  plan: InterviewPlan,
  state: InterviewState,
  kind: 'skip' | 'repeat' | 'end' | 'withdraw',
  now: number,
): Step {
  if (state.end !== null) return { state, effects: [] };
  if (kind === 'repeat') {
    const text = currentWords(plan, state);
    return { state, effects: [{ type: 'cut' }, { type: 'say', text, farewell: false }] };
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
  const next = advance(plan, state, 'skip', now);
  const ended = next.phase === 'closing' ? finish(plan, next, 'completed', now) : next;
  const steer = `The candidate used the button to go on. The current step is now "${currentStep(plan, ended)}".`;
  return {
    state: ended,
    effects: [
      { type: 'cut' },
      { type: 'progress' },
      { type: 'steer', text: steer },
      { type: 'say', text: currentWords(plan, ended), farewell: ended.end !== null },
    ],
  };
}

function tick(plan: InterviewPlan, state: InterviewState, now: number, speaking: boolean): Step {
  if (state.end !== null || state.deadline === null) return { state, effects: [] };
  if (now >= state.deadline && (!speaking || now >= state.deadline + LAST_ANSWER_MS)) {
    const closing = state.phase === 'closing' && allLeft(plan, state);
    return sayFarewell(finish(plan, state, closing ? 'completed' : 'time_up', now));
  }
  if (state.closing_since !== null && now >= state.closing_since + CLOSING_MS && !speaking) {
    return sayFarewell(finish(plan, state, 'completed', now));
  }
  if (!state.warned && now >= state.deadline - WARN_MS && state.phase !== 'closing') {
    const text =
      'About two minutes are left. Say so once, at the next pause. This is the last question.';
    return { state: { ...state, warned: true }, effects: [{ type: 'steer', text }] };
  }
  return { state, effects: [] };
}

function sayFarewell(state: InterviewState): Step {
  return {
    state,
    effects: [
      { type: 'cut' },
      { type: 'progress' },
      { type: 'say', text: state.end?.farewell ?? '', farewell: true },
    ],
  };
}

function heardCandidate(
  plan: InterviewPlan,
  state: InterviewState,
  input: Extract<InterviewInput, { type: 'spoke' }>,
): InterviewState {
  if (input.step !== currentStep(plan, state)) return state;
  return {
    ...state,
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

function replied(state: InterviewState, toolCall: string, output: ToolOutput, speak = true): Step {
  return {
    state,
    effects: [{ type: 'reply', toolCall, output, speak, farewell: null }],
  };
}
