import { byId, make } from './document.ts';
import { itemsAt, setAt, valueAt } from './draft-path.ts';
import { controlOf, readField } from './plan-control.ts';
import type { Draft, Problem } from './plan-definition.ts';
import {
  basics,
  consents,
  facts,
  questions,
  told,
  words,
  type Field,
  type List,
} from './plan-fields.ts';

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
      [questions.path, facts.path, consents.path, 'rubric.competencies'].every((path) => {
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
      this.#rubric(),
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

  /** Which competencies are rated; it is written as JSON. */
  #rubric(): HTMLElement {
    const competencies = itemsAt(this.#draft, 'rubric.competencies');
    const list = competencies.map(({ label }) => make('li', '', String(label)));
    const note =
      competencies.length === 0
        ? 'None yet. It names competencies, the questions that show them, and what stands for a 1, a 3 and a 5. Write it under JSON.'
        : 'What answers are rated by. Candidates and the interviewer never see it. Change it under JSON.';
    return make(
      'fieldset',
      'card',
      make('legend', '', 'Rubric'),
      make('p', 'note', note),
      ...(list.length === 0 ? [] : [make('ul', 'competencies', ...list)]),
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
