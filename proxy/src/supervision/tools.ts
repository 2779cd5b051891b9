import type { FunctionTool, InterviewPlan } from '@interview/protocol';
import * as z from 'zod';
import type { ToolInput } from './interview-events.ts';

const NextQuestion = z.object({
  from: z.string(),
  reason: z.enum(['answered', 'probes_used', 'dont_know', 'skip', 'time']),
});
const Wait = z.object({
  why: z.enum(['thinking', 'break', 'not_for_me']),
  hold_s: z.number().int().min(5).max(120),
});
const EndInterview = z.object({
  reason: z.enum(['completed', 'candidate_ended', 'withdrawn', 'abuse']),
  confirmed: z.boolean(),
});

/** The tools that the model has, with the plan's ids as enums, so that it can't name a question that is not there. */
export function interviewTools(plan: InterviewPlan): FunctionTool[] {
  const steps = ['opening', ...plan.questions.map((question) => question.id), 'candidate_qa'];
  return [
    tool(
      'next_question',
      'Call when the candidate has finished with the current step. Returns what to say next.',
      {
        from: { type: 'string', enum: steps, description: 'The step that is finished.' },
        reason: { type: 'string', enum: NextQuestion.shape.reason.options },
      },
    ),
    tool(
      'wait',
      'Call, and say nothing, when the candidate wants a moment, or talks to somebody else.',
      {
        why: { type: 'string', enum: Wait.shape.why.options },
        hold_s: {
          type: 'integer',
          minimum: 5,
          maximum: 120,
          description: 'Seconds for which nobody minds the silence.',
        },
      },
    ),
    tool(
      'end_interview',
      'Call after the closing step, or when the candidate wants to stop and has confirmed it.',
      {
        reason: { type: 'string', enum: EndInterview.shape.reason.options },
        confirmed: {
          type: 'boolean',
          description: 'True when the candidate was asked and confirmed, or the steps are done.',
        },
      },
    ),
  ];
}

function tool(
  name: string,
  description: string,
  properties: Record<string, unknown>,
): FunctionTool {
  const parameters = {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return { type: 'function', name, description, parameters };
}

/** A tool call of the model, checked; `invalid` where it calls what is not there or with what is not meant. */
export function readToolCall(name: string, args: string): ToolInput {
  let value: unknown;
  try {
    value = JSON.parse(args);
  } catch {
    return { type: 'invalid' };
  }
  if (name === 'next_question') {
    const parsed = NextQuestion.safeParse(value);
    return parsed.success ? { type: 'next_question', ...parsed.data } : { type: 'invalid' };
  }
  if (name === 'wait') {
    const parsed = Wait.safeParse(value);
    return parsed.success ? { type: 'wait', ...parsed.data } : { type: 'invalid' };
  }
  if (name === 'end_interview') {
    const parsed = EndInterview.safeParse(value);
    return parsed.success ? { type: 'end_interview', ...parsed.data } : { type: 'invalid' };
  }
  return { type: 'invalid' };
}
