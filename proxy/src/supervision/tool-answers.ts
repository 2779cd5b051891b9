import type { InterviewPlan } from '@interview/protocol';
import { remainingSeconds } from './clock.ts';
import { objection } from './objection.ts';
import type { Step, ToolCall, ToolOutput } from './interview-events.ts';
import { currentStep, currentWords, type InterviewState } from './interview-state.ts';
import { advance, finish, listenAgain, sayMarked } from './progression.ts';

/**
 * The model asks for the next question: it gets it, or what speaks against it. What it gets in a pause it keeps to
 * itself: the words are said when the pause is over.
 */
export function nextQuestion(
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
    const output = { ok: false, code, current } as const;
    const step = replied({ ...state, refused }, input.toolCall, output, code !== 'not_delivered');
    // The model may never have had the words: those of a button are said by us, and were cut.
    if (code !== 'not_delivered' || state.paused_since !== null) return step;
    const text = currentWords(plan, state);
    return { ...step, effects: [...step.effects, ...sayMarked(text)] };
  }
  const next = advance(plan, state, input.reason, input.now);
  const output = outputFor(plan, next, input.now);
  const { effects } = replied(next, input.toolCall, output);
  return { state: next, effects: [{ type: 'progress' }, ...effects] };
}

/** The model asks to end: once everything was asked, or with the candidate's confirmation. */
export function endInterview(
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
      ...listenAgain(state),
      { type: 'progress' },
      { type: 'reply', toolCall: input.toolCall, output, speak: true, farewell: closing },
    ],
  };
}

/** The candidate wants a moment: for so long nobody minds their silence. The clock runs on. */
export function waitForCandidate(
  state: InterviewState,
  { toolCall, now, hold_s: seconds }: ToolCall<'wait'>,
): Step {
  return replied({ ...state, quiet_until: now + seconds * 1000 }, toolCall, {}, false);
}

/** The model called what is not there, or with what is not meant. */
export function refuse(
  plan: InterviewPlan,
  state: InterviewState,
  { toolCall }: ToolCall<'invalid'>,
): Step {
  const output = { ok: false, code: 'invalid', current: currentStep(plan, state) } as const;
  return replied(state, toolCall, output, state.end === null);
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

function replied(state: InterviewState, toolCall: string, output: ToolOutput, aloud = true): Step {
  const speak = aloud && state.paused_since === null;
  return {
    state,
    effects: [{ type: 'reply', toolCall, output, speak, farewell: null }],
  };
}
