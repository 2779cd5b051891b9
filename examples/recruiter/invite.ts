import { byId, make, wordsOf } from './document.ts';
import type { Interview, Recruiting } from './recruiting.ts';

/** The form that makes a link, and the one place where the link is shown. */
export function inviteForm(recruiting: Recruiting, candidatePage: string): void {
  const form = byId('invite', HTMLFormElement);
  const invited = byId('invited', HTMLElement);
  const link = byId('link', HTMLInputElement);
  const copy = byId('copy', HTMLButtonElement);
  const trouble = form.querySelector('.trouble');

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [interview, note] = ['interview', 'note'].map((name) => valueOf(form, name));
    if (trouble) trouble.textContent = '';
    recruiting.invite(interview ?? '', note ?? '').then(
      (token) => {
        link.value = `${candidatePage}#interview=${token}`;
        copy.textContent = 'Copy the link';
        invited.hidden = false;
        form.reset();
        link.focus();
        link.select();
      },
      (error: unknown) => {
        if (trouble) trouble.textContent = wordsOf(error);
      },
    );
  });

  copy.addEventListener('click', () => {
    link.select();
    navigator.clipboard.writeText(link.value).then(
      () => {
        copy.textContent = 'Copied';
      },
      () => {
        copy.textContent = 'Press Ctrl+C to copy';
      },
    );
  });

  byId('hide-link', HTMLButtonElement).addEventListener('click', () => {
    invited.hidden = true;
    link.value = '';
    form.querySelector('select')?.focus();
  });
}

/** Fills in what can be chosen. */
export function showInterviews(interviews: readonly Interview[]): void {
  const select = byId('invite', HTMLFormElement).querySelector('select');
  select?.replaceChildren(
    ...interviews.map(({ id, title }) => {
      const option = make('option', '', title);
      option.value = id;
      return option;
    }),
  );
}

function valueOf(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  const named = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
  return named ? field.value.trim() : '';
}
