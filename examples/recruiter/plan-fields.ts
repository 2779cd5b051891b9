import type { Kind } from './plan-control.ts';
import type { Draft } from './plan-definition.ts';

/** A field: its path, within an item of a list from there, and what stands beside it. */
export type Field = [path: string, label: string, kind: Kind, hint?: string];

export const basics: Field[] = [
  ['title', 'Title', 'line', 'Candidates see it: the role.'],
  ['language', 'Language', 'line', 'A tag, such as en or pt-BR.'],
  ['duration_s', 'Length, minutes', 'minutes'],
  ['modes', 'Ways to take part', 'modes'],
  ['account_required', 'Candidates must sign in', 'checkbox'],
  ['external_id', 'Id for your own systems', 'line', 'Optional. A new version takes it over.'],
];
export const told: Field[] = [
  ['inviter', 'Who invites', 'line'],
  ['decider', 'Who decides', 'text'],
  ['retention', 'What is kept, and how long', 'text'],
  ['next_steps', 'What happens next', 'text'],
  ['adjustment', 'How to ask for an adjustment or a person', 'text'],
];
export const words: Field[] = [
  ['plan.greeting', 'Greeting', 'text', 'Says that it is an AI, and ends by asking “ready?”.'],
  ['plan.candidate_qa_text', 'Invites the candidate’s own questions', 'text'],
  ['plan.closing_text', 'Farewell', 'text'],
  ['plan.time_up_text', 'Farewell when the time is up', 'text'],
];

/** A list of the form whose items can be added, moved and removed. */
export interface List {
  path: string;
  /** What one is called. */
  item: string;
  fields: Field[];
  fresh: (items: readonly Draft[]) => Draft;
}

export const questions: List = {
  path: 'plan.questions',
  item: 'Question',
  fields: [
    ['text', 'Question, spoken word for word', 'text'],
    ['simpler_text', 'The same in simpler words', 'text', 'Optional. Without hints.'],
    ['max_probes', 'Follow-up questions', 'number', '0 to 5'],
    ['budget_s', 'Time for it, seconds', 'number', 'Optional.'],
  ],
  fresh: (items) => ({ id: unused('question', items), text: '', max_probes: 2 }),
};
export const facts: List = {
  path: 'plan.facts',
  item: 'Fact',
  fields: [
    ['topic', 'About', 'line'],
    ['text', 'What the interviewer may tell', 'text'],
  ],
  fresh: (items) => ({ id: unused('fact', items), topic: '', text: '' }),
};
export const consents: List = {
  path: 'consents',
  item: 'Consent',
  fields: [
    ['text', 'What the candidate agrees to', 'text'],
    ['purpose', 'Purpose', 'line', 'A short name, such as processing.'],
    ['version', 'Version of the text', 'line', 'Change it with the text.'],
    ['url', 'Address of the long text', 'line', 'Optional.'],
    ['required', 'The interview can not begin without it', 'checkbox'],
  ],
  fresh: () => ({ purpose: '', version: '1', text: '', required: false }),
};

function unused(stem: string, items: readonly Draft[]): string {
  let number = items.length + 1;
  while (items.some(({ id }) => id === `${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}
