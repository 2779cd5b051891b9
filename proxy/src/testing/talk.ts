import type {
  InterviewEffect,
  InterviewInput,
  ToolOutput,
} from '../supervision/interview-events.ts';
import { step } from '../supervision/interview.ts';
import { currentStep, newInterview, type InterviewState } from '../supervision/interview-state.ts';
import { plan } from './interview.ts';

/** Where a talk's clock begins, and when its time is up: Unix times, milliseconds. */
export const start = 1_000_000;
export const deadline = start + 1_200_000;
/** Names whatever step is current, so that random talks get somewhere. */
export const CURRENT = '@';

/** Runs an interview by hand. */
export class Talk {
  state: InterviewState = newInterview();
  effects: InterviewEffect[] = [];
  now = start;
  #calls = 0;

  take(input: Record<string, unknown> & { type: string }): InterviewEffect[] {
    const at = currentStep(plan, this.state);
    const named = Object.fromEntries(
      Object.entries(input).map(([key, value]) => [key, value === CURRENT ? at : value]),
    );
    const result = step(plan, this.state, { now: this.now, ...named } as InterviewInput);
    this.state = result.state;
    this.effects.push(...result.effects);
    return result.effects;
  }

  begin(): this {
    this.take({ type: 'began', deadline });
    return this;
  }

  next(from: string, reason = 'answered'): ToolOutput | undefined {
    this.#calls += 1;
    const toolCall = `c${this.#calls}`;
    return outputOf(this.take({ type: 'next_question', toolCall, from, reason }));
  }

  /** An answer that counts, to a question that was heard. */
  answer(ms = 6000, words = 20): this {
    const at = currentStep(plan, this.state);
    const question = plan.questions[this.state.index];
    if (question) this.take({ type: 'heard', text: question.text });
    this.take({ type: 'spoke', step: at, ms, words });
    return this;
  }

  /** Goes on to a step by answering. */
  reach(target: string): this {
    while (currentStep(plan, this.state) !== target) {
      this.answer();
      this.next(currentStep(plan, this.state));
    }
    return this;
  }
}

/** What a tool call was answered with. */
export function outputOf(effects: readonly InterviewEffect[]): ToolOutput | undefined {
  return effects.find((effect) => effect.type === 'reply')?.output;
}
