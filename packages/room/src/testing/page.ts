import 'axe-core/axe.min.js';
import type { AxeResults } from 'axe-core';
import { render, type TemplateResult } from 'lit';

declare const axe: { run(context: Element): Promise<AxeResults> };

/** Puts a template on the page and gives back its first element; `clearPage` takes it away. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what its template makes
export function place<T extends Element>(template: TemplateResult): T {
  const place = document.createElement('div');
  place.className = 'placed';
  document.body.append(place);
  render(template, place);
  return place.firstElementChild as T;
}

/** Empties the page; for `afterEach`. */
export function clearPage(): void {
  for (const placed of document.querySelectorAll('.placed')) placed.remove();
}

/** What axe finds wrong with an element, each with the place where it found it. */
export async function violations(element: Element): Promise<string[]> {
  const results = await axe.run(element);
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`),
  );
}

/** The next event of this name. `act` is what should bring it about. */
export function nextEvent<Name extends keyof GlobalEventHandlersEventMap>(
  target: HTMLElement,
  name: Name,
  act: () => void,
): Promise<GlobalEventHandlersEventMap[Name]> {
  return new Promise((resolve) => {
    target.addEventListener(name, (event) => resolve(event), { once: true });
    act();
  });
}

/** Lets so many frames pass. */
export async function frames(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Waits, frame by frame, until something holds. */
export async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  const end = performance.now() + 3000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(otherwise());
    await frames(1);
  }
}

/** Presses a key on an element. */
export function press(key: string, target: Element): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
}

/** What has the focus within an element, by its words. */
export function focused(host: Element): string {
  const element = host.shadowRoot?.activeElement;
  return element instanceof HTMLElement ? element.innerText.trim() || element.id : 'nothing';
}

/** Types into a field. */
export function write(field: Element, text: string): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) {
    throw new Error('Nothing can be written there.');
  }
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
