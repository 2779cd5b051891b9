import { InterviewDefinition } from '@interview/protocol';
import type { Plan } from './recruiting.ts';

/** A definition while it is written: anything may still be missing or wrong. */
export type Draft = Record<string, unknown>;

/** What is wrong with a draft, where, and in words for whoever writes it. */
export interface Problem {
  /** For example `plan.questions.0.text`; '' is the whole. */
  path: string;
  words: string;
}

/** What a recruiter writes of a plan, without what the database knows of it. */
export function definitionOf(plan: Plan): Draft {
  const { external_id: externalId, rubric } = plan;
  return {
    ...(externalId !== null && { external_id: externalId }),
    title: plan.title,
    language: plan.language,
    duration_s: plan.duration_s,
    modes: plan.modes,
    account_required: plan.account_required,
    inviter: plan.inviter,
    decider: plan.decider,
    retention: plan.retention,
    next_steps: plan.next_steps,
    adjustment: plan.adjustment,
    consents: plan.consents,
    plan: plan.plan,
    ...(rubric !== null && { rubric }),
  };
}

/** Where a new plan begins. */
export function newDefinition(company: string): Draft {
  return {
    title: '',
    language: 'en',
    duration_s: 1200,
    modes: ['voice', 'text'],
    account_required: false,
    inviter: company,
    decider: `People at ${company} read the conversation and decide. The AI rates nothing.`,
    retention: 'The transcript is kept for six months and then deleted. No audio is kept.',
    next_steps: `You hear from ${company} within five working days.`,
    adjustment:
      'You can ask for more time, another format or a person, without giving a reason and without penalty.',
    consents: [
      {
        purpose: 'processing',
        version: '1',
        text: `An AI will interview me. ${company} and its processors transcribe what I say and store the transcript. People at ${company} read it and decide. My emotions, accent and face are not analysed. I can stop or ask for a person at any time, without penalty.`,
        required: true,
      },
    ],
    plan: {
      greeting: `Hello, and welcome. I am an AI interviewer, and I talk with you for ${company} today. Pauses are fine, and I can repeat any question. Are you ready to begin?`,
      questions: [{ id: 'question_1', text: '', max_probes: 2 }],
      candidate_qa_text: 'Thank you, those were all my questions. What would you like to ask?',
      facts: [],
      closing_text: `Thank you for your time. A person at ${company} will read our conversation. Goodbye.`,
      time_up_text:
        'Our time is up, so we stop here. Everything you said is stored. Thank you, and goodbye.',
    },
  };
}

/** All that keeps a draft from being saved, in its own order. */
export function problemsOf(draft: unknown): Problem[] {
  const read = InterviewDefinition.safeParse(draft);
  return (read.error?.issues ?? []).map((issue) => ({
    path: issue.path.map(String).join('.'),
    words: wordsOf(issue),
  }));
}

type Issue = NonNullable<
  ReturnType<typeof InterviewDefinition.safeParse>['error']
>['issues'][number];

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string') return 'This must not be empty.';
      if (issue.origin === 'array') return 'There must be at least one.';
      return `This must be ${String(issue.minimum)} or more.`;
    case 'too_big':
      if (issue.origin === 'string') return `At most ${String(issue.maximum)} characters.`;
      if (issue.origin === 'array') return `At most ${String(issue.maximum)}.`;
      return `This must be ${String(issue.maximum)} or less.`;
    case 'unrecognized_keys':
      return `Not known here: ${issue.keys.join(', ')}.`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'A whole number.' : `This must be a ${issue.expected}.`;
    case 'custom':
      return issue.message;
    default:
      return formatWords(issue.path.at(-1));
  }
}

/** What a field of a set form must look like. */
function formatWords(name: PropertyKey | undefined): string {
  if (name === 'language') return 'A language tag, such as en or pt-BR.';
  if (name === 'external_id') return 'Letters, digits, dots, dashes and underscores, at most 64.';
  if (name === 'url') return 'An address that begins with https://.';
  if (name === 'id' || name === 'purpose') {
    return 'Small letters, digits and underscores; a letter first.';
  }
  return 'This is not as it must be.';
}
