import * as z from 'zod/mini';
import { ExternalId } from './ids.ts';
import { InterviewPlan, PlanQuestion } from './plan.ts';
import { ConsentRequest, InterviewMode, Locale } from './session.ts';

const line = z.string().check(z.minLength(1), z.maxLength(2000));
const sentence = z.string().check(z.minLength(1), z.maxLength(500));
const name = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,31}$/));

/** What one competency looks like in answers, for whoever rates them. Never told to a candidate or an interviewer. */
export const Competency = z.strictObject({
  id: name,
  label: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Why the job needs it. */
  job_link: line,
  /** Questions whose answers show it. */
  question_ids: z.array(z.string()).check(z.minLength(1), z.maxLength(50)),
  /** Behaviour that stands for a 1, a 3 and a 5. */
  anchors: z.strictObject({ 1: line, 3: line, 5: line }),
});
export type Competency = z.infer<typeof Competency>;

/** What answers are rated by. It belongs to one version of an interview and stands once that was used. */
export const Rubric = z.strictObject({
  competencies: z.array(Competency).check(z.minLength(1), z.maxLength(20)),
});
export type Rubric = z.infer<typeof Rubric>;

/**
 * All that a recruiter writes of an interview: what `save_plan` takes, and what a plan reads as JSON.
 *
 * @example
 * const read = InterviewDefinition.safeParse(JSON.parse(text));
 */
export const InterviewDefinition = z
  .strictObject({
    /** What the tenant's own backend calls it. */
    external_id: z.optional(ExternalId),
    title: sentence,
    language: Locale,
    /** Planned length, seconds. */
    duration_s: z.int().check(z.minimum(60), z.maximum(14_400)),
    modes: z.array(InterviewMode).check(z.minLength(1), z.maxLength(2)),
    account_required: z.boolean(),
    inviter: sentence,
    decider: sentence,
    retention: sentence,
    next_steps: sentence,
    adjustment: sentence,
    consents: z
      .array(
        z.strictObject({
          ...ConsentRequest.shape,
          text: z.string().check(z.minLength(1), z.maxLength(20_000)),
          url: z.optional(z.string().check(z.maxLength(2000), z.regex(/^https?:\/\/\S+$/))),
        }),
      )
      .check(z.maxLength(16)),
    plan: z.strictObject({
      ...InterviewPlan.shape,
      questions: z
        .array(
          z.strictObject({
            ...PlanQuestion.shape,
            budget_s: z.optional(z.int().check(z.minimum(10), z.maximum(14_400))),
          }),
        )
        .check(z.minLength(1), z.maxLength(50)),
      facts: z._default(
        z.array(z.strictObject({ id: line, topic: line, text: line })).check(z.maxLength(100)),
        [],
      ),
    }),
    rubric: z.optional(Rubric),
  })
  .check(({ value, issues }) => {
    const wrong = (path: PropertyKey[], message: string): void => {
      issues.push({ code: 'custom', input: value, path, message });
    };
    const { consents, plan, rubric } = value;
    for (const [list, path, key] of [
      [consents, ['consents'], 'purpose'],
      [plan.questions, ['plan', 'questions'], 'id'],
      [plan.facts, ['plan', 'facts'], 'id'],
      [rubric?.competencies ?? [], ['rubric', 'competencies'], 'id'],
    ] as [Record<string, unknown>[], string[], string][]) {
      list.forEach((item, index) => {
        const first = list.findIndex((other) => other[key] === item[key]);
        if (first < index) wrong([...path, index, key], 'This is used twice.');
      });
    }
    const questions = plan.questions.map(({ id }) => id);
    rubric?.competencies.forEach(({ question_ids: ids }, index) => {
      if (ids.every((id) => questions.includes(id))) return;
      wrong(['rubric', 'competencies', index, 'question_ids'], 'There is no such question.');
    });
  });
export type InterviewDefinition = z.infer<typeof InterviewDefinition>;
