import type { Account } from './account.ts';
import { byId } from './document.ts';
import { remedyFor } from './remedy-for.ts';
import { leadOf, steps, type About, type StepName } from './steps.ts';

/** The door: the candidate proves who they are, by a code or a password. */
export class SignIn {
  readonly #account: Account;
  readonly #entered: () => void;
  readonly #form = byId('form', HTMLFormElement);
  readonly #trouble = byId('trouble', HTMLElement);
  #step: StepName = 'address';
  #about: About | null = null;

  /** @param entered is called after each success */
  constructor(account: Account, entered: () => void) {
    this.#account = account;
    this.#entered = entered;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#attempt(() => this.#submit());
    });
    byId('other', HTMLButtonElement).addEventListener('click', () => {
      const { to } = steps[this.#step].other;
      if (to !== 'again') this.#show(to);
      else void this.#attempt(() => this.#sendCode());
    });
    byId('back', HTMLButtonElement).addEventListener('click', () => {
      this.#show(steps[this.#step].back?.to ?? 'address');
    });
  }

  open(about: About | null): void {
    this.#about = about;
    byId('door', HTMLElement).hidden = false;
    this.#show('address');
  }

  #show(name: StepName): void {
    this.#step = name;
    const step = steps[name];
    const field = this.#field('password');
    field.value = '';
    this.#field('code').value = '';
    field.autocomplete = name === 'create' ? 'new-password' : 'current-password';
    byId('password-label', HTMLElement).textContent =
      name === 'create' ? 'Choose a password of 6 characters or more' : 'Password';
    for (const each of ['email', 'password', 'code'] as const) {
      const shown = step.fields.includes(each);
      byId(`${each}-field`, HTMLElement).hidden = !shown;
      // What is hidden is neither asked for nor checked.
      this.#field(each).disabled = !shown;
    }
    byId('title', HTMLElement).textContent = step.title;
    byId('lead', HTMLElement).textContent = leadOf(name, this.#email, this.#about);
    byId('submit', HTMLButtonElement).textContent = step.submit;
    byId('other', HTMLButtonElement).textContent = step.other.text;
    const back = byId('back', HTMLButtonElement);
    back.hidden = step.back === null;
    back.textContent = step.back?.text ?? '';
    this.#say('');
    const [first] = step.fields.filter((each) => this.#field(each).value === '');
    this.#field(first ?? step.fields[0] ?? 'email').focus();
  }

  async #submit(): Promise<void> {
    const [email, password] = [this.#email, this.#field('password').value];
    switch (this.#step) {
      case 'address':
        return this.#sendCode();
      case 'code':
        await this.#account.enterCode(email, this.#field('code').value.replaceAll(' ', ''));
        break;
      case 'password':
        await this.#account.enterPassword(email, password);
        break;
      case 'create':
        if (await this.#account.create(email, password)) {
          this.#show('code');
          return;
        }
    }
    byId('door', HTMLElement).hidden = true;
    this.#entered();
  }

  async #sendCode(): Promise<void> {
    await this.#account.sendCode(this.#email);
    this.#show('code');
  }

  /** One at a time; what it fails with is told beside the fields. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    const buttons = [...this.#form.querySelectorAll('button')];
    this.#say('');
    for (const button of buttons) button.disabled = true;
    this.#form.ariaBusy = 'true';
    try {
      await work();
    } catch (error) {
      this.#say(remedyFor(error));
      const wrong = steps[this.#step].fields.at(-1) ?? 'email';
      this.#field(wrong).ariaInvalid = 'true';
      this.#field(wrong).focus();
    } finally {
      for (const button of buttons) button.disabled = false;
      this.#form.ariaBusy = null;
    }
  }

  #say(trouble: string): void {
    this.#trouble.textContent = trouble;
    for (const each of ['email', 'password', 'code']) this.#field(each).ariaInvalid = null;
  }

  get #email(): string {
    return this.#field('email').value.trim();
  }

  #field(name: string): HTMLInputElement {
    const field = this.#form.elements.namedItem(name);
    if (!(field instanceof HTMLInputElement)) throw new Error(`The form has no field ${name}.`);
    return field;
  }
}
