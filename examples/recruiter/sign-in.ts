import { byId, wordsOf } from './document.ts';
import type { Config, Recruiting } from './recruiting.ts';

/** The sign-in form; calls back after each success. */
export function signInForm(recruiting: Recruiting, config: Config, onSignedIn: () => void): void {
  const form = byId('sign-in-form', HTMLFormElement);
  const trouble = byId('sign-in-trouble', HTMLElement);
  const field = (name: string): HTMLInputElement => {
    const input = form.elements.namedItem(name);
    if (!(input instanceof HTMLInputElement)) throw new Error(`The form has no field ${name}.`);
    return input;
  };
  if (config.recruiter) {
    field('email').value = config.recruiter.email;
    field('password').value = config.recruiter.password;
    byId('sign-in-hint', HTMLElement).hidden = false;
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    trouble.textContent = '';
    recruiting
      .signIn(field('email').value, field('password').value)
      .then(onSignedIn, (error: unknown) => {
        trouble.textContent = wordsOf(error);
      });
  });
}
