/** Finds the page's own element of that id and kind. */
export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return element;
}

/** Makes an element; strings in it become text, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** A button that does one thing, and says what went wrong where it did not come off. */
export function button(
  label: string,
  className: string,
  act: () => Promise<void> | void,
  tell: (trouble: string) => void = () => undefined,
): HTMLButtonElement {
  const made = make('button', className, label);
  made.type = 'button';
  made.addEventListener('click', () => {
    // Not disabled meanwhile: that would take the focus away.
    if (made.ariaBusy === 'true') return;
    made.ariaBusy = 'true';
    tell('');
    Promise.resolve()
      .then(act)
      .catch((error: unknown) => tell(wordsOf(error)))
      .finally(() => {
        made.ariaBusy = 'false';
      });
  });
  return made;
}

/** Shows a list anew and keeps the reader's place in it: the same link or button, else the list. */
export function showItems(list: HTMLElement, items: readonly HTMLElement[]): void {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  list.replaceChildren(...items);
  if (!focused) return;
  const same = [...list.querySelectorAll<HTMLElement>('a, button')].find(
    (one) =>
      one.getAttribute('href') === focused.getAttribute('href') &&
      one.ariaLabel === focused.ariaLabel,
  );
  list.tabIndex = -1;
  (same ?? list).focus({ preventScroll: true });
}

/** What stands in a form's field, without white space around it. */
export function valueOf(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  const named =
    field instanceof HTMLInputElement ||
    field instanceof HTMLSelectElement ||
    field instanceof HTMLTextAreaElement;
  return named ? field.value.trim() : '';
}

/** The same as a number, or null where it is empty. */
export function numberOf(form: HTMLFormElement, name: string): number | null {
  const value = valueOf(form, name);
  return value === '' ? null : Number(value);
}

/** Fills a select with what can be chosen; keeps the choice where it is still there. */
export function showOptions(
  select: HTMLSelectElement,
  options: readonly { value: string; label: string }[],
): void {
  const { value: chosen } = select;
  select.replaceChildren(
    ...options.map(({ value, label }) => {
      const option = make('option', '', label);
      option.value = value;
      return option;
    }),
  );
  if (options.some(({ value }) => value === chosen)) select.value = chosen;
}

/** Copies what a field holds; where the browser does not let it, the text is selected and the button says how. */
export function copyOf(
  field: HTMLInputElement | HTMLTextAreaElement,
  copier: HTMLButtonElement,
): void {
  field.select();
  navigator.clipboard.writeText(field.value).then(
    () => {
      copier.textContent = 'Copied';
    },
    () => {
      copier.textContent = 'Press Ctrl+C to copy';
    },
  );
}

/** `3:07` of milliseconds. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** Date and time of a timestamp. */
export function timeOf(timestamp: string): string {
  return time.format(new Date(timestamp));
}

/** Date of a timestamp. */
export function dayOf(timestamp: string): string {
  return day.format(new Date(timestamp));
}

/** What went wrong, in words that can be shown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error && error.message !== ''
    ? error.message
    : 'That did not work. Please try again.';
}
