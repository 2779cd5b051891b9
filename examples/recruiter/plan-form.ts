import { byId, make } from './document.ts';
import { itemsAt, setAt, valueAt } from './draft-path.ts';
import { controlOf, readField, type Kind } from './plan-control.ts';
import type { Draft, Problem } from './plan-definition.ts';

type Field = [path: string, label: string, kind: Kind, hint?: string];

const basics: Field[] = [
  ['title', 'Title', 'line', 'Candidates see it: the role.'],
  ['language', 'Language', 'line', 'A tag, such as en or pt-BR.'],
  ['duration_s', 'Length, minutes', 'minutes'],
  ['modes', 'Ways to take part', 'modes'],
  ['account_required', 'Candidates must sign in', 'checkbox'],
  ['external_id', 'Id for your own systems', 'line', 'Optional. A new version takes it over.'],
];
const told: Field[] = [
  ['inviter', 'Who invites', 'line'],
  ['decider', 'Who decides', 'text'],
  ['retention', 'What is kept, and how long', 'text'],
  ['next_steps', 'What happens next', 'text'],
  ['adjustment', 'How to ask for an adjustment or a person', 'text'],
];
const words: Field[] = [
  ['plan.greeting', 'Greeting', 'text', 'Says that it is an AI, and ends by asking “ready?”.'],
  ['plan.candidate_qa_text', 'Invites the candidate’s own questions', 'text'],
  ['plan.closing_text', 'Farewell', 'text'],
  ['plan.time_up_text', 'Farewell when the time is up', 'text'],
];

/** A list of the form whose items can be added, moved and removed. */
interface List {
  path: string;
  /** What one is called. */
  item: string;
  fields: Field[];
  fresh: (items: readonly Draft[]) => Draft;
}

const questions: List = {
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
const facts: List = {
  path: 'plan.facts',
  item: 'Fact',
  fields: [
    ['topic', 'About', 'line'],
    ['text', 'What the interviewer may tell', 'text'],
  ],
  fresh: (items) => ({ id: unused('fact', items), topic: '', text: '' }),
};
const consents: List = {
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

/**
 * The form of a plan. It holds the draft that it shows: what has no field, such as the rubric, comes back as it was.
 */
export class PlanForm {
  readonly #form = byId('plan-form', HTMLElement);
  #draft: Draft = {};

  /** Whether a draft has the outline that the form needs; what stands in it may be wrong. */
  canShow(draft: Draft): boolean {
    const isObject = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && !Array.isArray(value);
    return (
      isObject(draft['plan']) &&
      [questions, facts, consents].every(({ path }) => {
        const items = valueAt(draft, path) ?? [];
        return Array.isArray(items) && items.every(isObject);
      })
    );
  }

  show(draft: Draft): void {
    this.#draft = structuredClone(draft);
    this.#form.replaceChildren(
      this.#group('The interview', basics),
      this.#listOf(questions, 'Questions', 'In this order, for every candidate.'),
      this.#group('What candidates are told beforehand', told),
      this.#listOf(consents, 'Consents', 'Never ticked beforehand.'),
      this.#group('What the interviewer says', words),
      this.#listOf(
        facts,
        'Facts',
        'What the interviewer may answer. All else is passed on to you.',
      ),
    );
  }

  /** What the form holds now. */
  read(): Draft {
    for (const field of this.#form.querySelectorAll<HTMLElement>('[data-path]')) {
      setAt(this.#draft, field.dataset['path'] ?? '', readField(field));
    }
    return structuredClone(this.#draft);
  }

  /** Puts each problem at its field and goes to the first; returns those that have no field here. */
  point(problems: readonly Problem[]): Problem[] {
    for (const field of this.#form.querySelectorAll<HTMLElement>('[data-path]')) {
      const problem = problems.find(({ path }) => belongs(path, field.dataset['path'] ?? ''));
      const said = document.getElementById(`${field.id}-trouble`);
      if (problem) field.ariaInvalid = 'true';
      else field.removeAttribute('aria-invalid');
      if (said) said.textContent = problem?.words ?? '';
    }
    this.#form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    const paths = [...this.#form.querySelectorAll<HTMLElement>('[data-path]')];
    return problems.filter(
      ({ path }) => !paths.some((field) => belongs(path, field.dataset['path'] ?? '')),
    );
  }

  #group(title: string, fields: readonly Field[]): HTMLElement {
    return make(
      'fieldset',
      'card',
      make('legend', '', title),
      ...fields.map((field) => this.#field(field, '')),
    );
  }

  #listOf(list: List, title: string, hint: string): HTMLElement {
    const items = itemsAt(this.#draft, list.path);
    const add = make('button', 'quiet', `Add a ${list.item.toLowerCase()}`);
    add.type = 'button';
    add.addEventListener('click', () => {
      this.#change(list, (all) => all.push(list.fresh(all)));
      this.#focus(`${list.path}.${itemsAt(this.#draft, list.path).length - 1}`);
    });
    return make(
      'fieldset',
      'card',
      make('legend', '', title),
      make('p', 'note', hint),
      ...items.map((_, index) => this.#item(list, index, items.length)),
      make('div', 'row', add),
    );
  }

  #item(list: List, index: number, count: number): HTMLElement {
    const name = `${list.item} ${index + 1}`;
    const base = `${list.path}.${index}.`;
    const bar = make('div', 'row');
    const act = (label: string, disabled: boolean, change: (all: Draft[]) => number): void => {
      const made = make('button', 'quiet', label);
      made.type = 'button';
      made.disabled = disabled;
      made.ariaLabel = `${label}: ${name}`;
      made.addEventListener('click', () => {
        let target = index;
        this.#change(list, (all) => (target = change(all)));
        this.#focus(`${list.path}.${target}`);
      });
      bar.append(made);
    };
    const move = (by: number) => (all: Draft[]) => {
      all.splice(index + by, 0, ...all.splice(index, 1));
      return index + by;
    };
    act('Up', index === 0, move(-1));
    act('Down', index === count - 1, move(1));
    act('Remove', false, (all) => {
      all.splice(index, 1);
      return Math.max(0, index - 1);
    });
    return make(
      'fieldset',
      'item',
      make('legend', '', name),
      ...list.fields.map((field) => this.#field(field, base)),
      bar,
    );
  }

  #change(list: List, change: (items: Draft[]) => unknown): void {
    const draft = this.read();
    const items = itemsAt(draft, list.path);
    change(items);
    setAt(draft, list.path, items);
    this.show(draft);
  }

  #focus(base: string): void {
    this.#form.querySelector<HTMLElement>(`[data-path^="${base}."]`)?.focus();
  }

  #field([name, label, kind, hint]: Field, base: string): HTMLElement {
    const path = base + name;
    const control = controlOf(kind, valueAt(this.#draft, path), label);
    control.id = `field-${path.replaceAll('.', '-')}`;
    control.dataset['path'] = path;
    control.dataset['kind'] = kind;
    const trouble = make('span', 'trouble');
    trouble.id = `${control.id}-trouble`;
    const about = make('span', 'hint', hint ?? '');
    about.id = `${control.id}-hint`;
    control.setAttribute('aria-describedby', `${about.id} ${trouble.id}`);
    if (kind === 'modes') return make('div', 'field', control, about, trouble);
    const caption = make('label', '', label);
    caption.htmlFor = control.id;
    const parts = kind === 'checkbox' ? [control, caption] : [caption, control];
    return make('div', `field ${kind}`, ...parts, about, trouble);
  }
}

/** A problem belongs to the field of its path, or to the list of choices that holds it. */
function belongs(path: string, field: string): boolean {
  return path === field || (field === 'modes' && path.startsWith('modes.'));
}

function unused(stem: string, items: readonly Draft[]): string {
  let number = items.length + 1;
  while (items.some(({ id }) => id === `${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}
