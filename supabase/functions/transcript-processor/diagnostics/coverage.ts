import type { Metric } from '@interview/protocol';
import { hasWords, type Line } from './line.ts';
import { reliabilityOf } from './reliability.ts';

/** A question and whether it was asked; its lines are those said while it was open. */
export interface Covered {
  asked: boolean;
  lines: readonly Line[];
}

/**
 * How much of the plan was talked about: asked / planned, and answered / asked. Answered is a question while which the
 * candidate said or wrote anything, «I don't know» too. At best `high` for what was asked, `medium` for what was
 * answered, because a line is not an answer yet.
 */
export function coverage(
  questions: readonly Covered[],
  complete: boolean,
): { asked: Metric; answered: Metric } {
  const asked = questions.filter((question) => question.asked);
  const answered = asked.filter(({ lines }) =>
    lines.some((line) => line.role === 'candidate' && hasWords(line)),
  );
  return {
    asked: {
      value: share(asked.length, questions.length),
      n: questions.length,
      reliability: reliabilityOf('high', questions.length, 1, complete),
    },
    answered: {
      value: share(answered.length, asked.length),
      n: asked.length,
      reliability: reliabilityOf('medium', asked.length, 1, complete),
    },
  };
}

/** The share of the candidate's lines of which the words are not known. */
export function inaudibleShare(lines: readonly Line[], complete: boolean): Metric {
  const own = lines.filter(({ role }) => role === 'candidate');
  const lost = own.filter(({ status }) => status === 'inaudible' || status === 'failed');
  return {
    value: share(lost.length, own.length),
    n: own.length,
    reliability: reliabilityOf('high', own.length, 5, complete),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
