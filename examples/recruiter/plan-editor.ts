import { button, byId, dayOf, wordsOf } from './document.ts';
import {
  definitionOf,
  newDefinition,
  problemsOf,
  type Draft,
  type Problem,
} from './plan-definition.ts';
import { PlanForm } from './plan-form.ts';
import type { Membership, Plan, Recruiting } from './recruiting.ts';
import { RefusedError } from './refusals.ts';

interface Saved {
  id: string;
  version: number;
  edits: number;
  made: 'plan' | 'version' | 'change';
}

const saidAfter: Record<Saved['made'], (saved: Saved) => string> = {
  plan: () => 'Saved. Candidates can be invited to it.',
  change: () => 'Saved.',
  version: ({ version }) =>
    `Saved as version ${version}, since candidates were interviewed with the one before. Links that were sent go on with that one.`,
};

/** Writes a plan, in a form or as JSON; both are the same draft. */
export class PlanEditor {
  readonly #recruiting: Recruiting;
  readonly #form = new PlanForm();
  readonly #json = byId('plan-json', HTMLTextAreaElement);
  readonly #trouble = byId('plan-trouble', HTMLElement);
  readonly #said = byId('plan-said', HTMLElement);
  readonly #tabs = [byId('tab-form', HTMLButtonElement), byId('tab-json', HTMLButtonElement)];
  /** What is edited; null is a new one. */
  #plan: Plan | null = null;
  /** What the draft was when it was opened. */
  #opened = '';
  #tenant: Membership | null = null;
  #onSaved: (saved: Saved) => Promise<void> = () => Promise.resolve();

  constructor(recruiting: Recruiting) {
    this.#recruiting = recruiting;
    const tell = (words: string): void => {
      this.#trouble.textContent = words;
    };
    byId('plan-actions', HTMLElement).prepend(button('Save', '', () => this.#save(), tell));
    byId('view-plan', HTMLElement).addEventListener('input', () => {
      this.#said.textContent = '';
    });
    addEventListener('beforeunload', (event) => {
      if (this.isDirty()) event.preventDefault();
    });
    this.#tabs.forEach((tab, index) => {
      tab.addEventListener('click', () => this.#switchTo(index));
      tab.addEventListener('keydown', ({ key }) => {
        if (key === 'ArrowLeft' || key === 'ArrowRight') this.#switchTo(1 - index)?.focus();
      });
    });
  }

  open(
    plan: Plan | null,
    tenant: Membership,
    options: { isReadOnly: boolean; onSaved: (saved: Saved) => Promise<void> },
  ): void {
    this.#plan = plan;
    this.#tenant = tenant;
    this.#onSaved = options.onSaved;
    this.#form.show(plan ? definitionOf(plan) : newDefinition(tenant.tenants.name));
    this.#opened = JSON.stringify(this.#form.read(), null, 2);
    this.#mark(0);
    this.#trouble.textContent = '';
    this.#said.textContent = '';
    byId('plan-actions', HTMLElement).hidden = options.isReadOnly;
    byId('plan-title', HTMLElement).textContent =
      plan === null ? 'A new plan' : `${plan.title}, version ${plan.version}`;
    byId('plan-about', HTMLElement).textContent =
      plan?.used_at == null
        ? ''
        : `In use since ${dayOf(plan.used_at)}. A change of questions, wording, language, time or rubric makes a new version; everything else changes for open links too.`;
  }

  /** Whether something was written that was not saved. */
  isDirty(): boolean {
    if (this.#opened === '') return false;
    const text = this.#isJson() ? this.#json.value : JSON.stringify(this.#form.read(), null, 2);
    return text !== this.#opened;
  }

  /** Gives up what was written. */
  close(): void {
    this.#opened = '';
  }

  #switchTo(index: number): HTMLElement | undefined {
    const isShown = this.#tabs[index]?.ariaSelected === 'true';
    if (isShown) return undefined;
    this.#trouble.textContent = '';
    if (index === 1) {
      this.#json.value = JSON.stringify(this.#form.read(), null, 2);
    } else {
      const draft = this.#readJson();
      if (draft === null) return undefined;
      if (!this.#form.canShow(draft)) {
        this.#tellJson(problemsOf(draft));
        return undefined;
      }
      this.#form.show(draft);
    }
    this.#mark(index);
    return this.#tabs[index];
  }

  #mark(shown: number): void {
    this.#tabs.forEach((tab, index) => {
      tab.ariaSelected = String(index === shown);
      tab.tabIndex = index === shown ? 0 : -1;
      byId(tab.getAttribute('aria-controls') ?? '', HTMLElement).hidden = index !== shown;
    });
  }

  #isJson(): boolean {
    return this.#tabs[1]?.ariaSelected === 'true';
  }

  /** Null where it is no JSON object, which is told. */
  #readJson(): Draft | null {
    let read: unknown;
    try {
      read = JSON.parse(this.#json.value);
    } catch (error) {
      this.#tellJson([{ path: '', words: `This is not JSON. ${wordsOf(error)}` }]);
      return null;
    }
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Draft;
    this.#tellJson([{ path: '', words: 'This must be an object, as it was shown.' }]);
    return null;
  }

  #tellJson(problems: readonly Problem[]): void {
    this.#json.ariaInvalid = 'true';
    this.#tell(problems);
    this.#json.focus();
  }

  #tell(problems: readonly Problem[]): void {
    const lines = problems
      .slice(0, 8)
      .map(({ path, words }) => (path === '' ? words : `${path}: ${words}`));
    this.#trouble.textContent = lines.join('\n');
  }

  async #save(): Promise<void> {
    this.#trouble.textContent = '';
    this.#said.textContent = '';
    this.#json.removeAttribute('aria-invalid');
    const draft = this.#isJson() ? this.#readJson() : this.#form.read();
    if (draft === null || !this.#accept(problemsOf(draft))) return;
    try {
      const saved = await this.#recruiting.call<Saved>('save_plan', {
        p_tenant: this.#tenant?.tenant_id,
        p_interview: this.#plan?.id ?? null,
        p_definition: draft,
        p_edits: this.#plan?.edits ?? null,
      });
      await this.#onSaved(saved);
      this.#said.textContent = saidAfter[saved.made](saved);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.field === null) throw error;
      const words =
        error.field === 'external_id' ? 'Another plan has this id.' : 'The server refuses this.';
      this.#accept([{ path: error.field, words }]);
    }
  }

  /** Shows problems where they are; true where there are none. */
  #accept(problems: Problem[]): boolean {
    if (this.#isJson() && problems.length > 0) this.#tellJson(problems);
    else {
      const elsewhere = this.#form.point(problems);
      const [first] = problems;
      if (elsewhere.length > 0) this.#tell(elsewhere);
      else if (first) {
        const count = problems.length === 1 ? 'One field needs' : `${problems.length} fields need`;
        this.#trouble.textContent = `${count} a change before this can be saved.`;
      }
    }
    return problems.length === 0;
  }
}
