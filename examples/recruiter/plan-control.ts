import { make } from './document.ts';

/** How a field of a plan is written. */
export type Kind = 'line' | 'text' | 'number' | 'minutes' | 'checkbox' | 'modes';

/** The control of one field. */
export function controlOf(kind: Kind, value: unknown, label: string): HTMLElement {
  if (kind === 'modes') return modesOf(Array.isArray(value) ? value : [], label);
  if (kind === 'text') {
    const area = make('textarea', '');
    area.rows = 3;
    area.value = asText(value);
    return area;
  }
  const input = make('input', '');
  if (kind === 'checkbox') {
    input.type = 'checkbox';
    input.checked = value === true;
    return input;
  }
  // Not `type=number`: what is no number must be told in place of being read as nothing.
  if (kind !== 'line') input.inputMode = 'decimal';
  input.value =
    kind === 'minutes' && typeof value === 'number' ? String(value / 60) : asText(value);
  return input;
}

function modesOf(chosen: readonly unknown[], label: string): HTMLElement {
  const group = make('fieldset', 'choice', make('legend', '', label));
  group.tabIndex = -1;
  for (const [mode, name] of [
    ['voice', 'Talking'],
    ['text', 'Typing'],
  ] as const) {
    const input = make('input', '');
    input.type = 'checkbox';
    input.value = mode;
    input.checked = chosen.includes(mode);
    group.append(make('label', 'check', input, name));
  }
  return group;
}

/** What a control holds; undefined where an optional one is empty. */
export function readField(field: HTMLElement): unknown {
  const { kind, path = '' } = field.dataset;
  if (kind === 'modes') {
    return [...field.querySelectorAll('input')]
      .filter((one) => one.checked)
      .map((one) => one.value);
  }
  if (field instanceof HTMLInputElement && kind === 'checkbox') return field.checked;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement))
    return undefined;
  const text = field.value.trim();
  if (text === '' && isOptional(path)) return undefined;
  if (kind === 'number' || kind === 'minutes') {
    const number = text === '' ? Number.NaN : Number(text);
    if (Number.isNaN(number)) return text;
    return kind === 'minutes' ? Math.round(number * 60) : number;
  }
  return text;
}

function isOptional(path: string): boolean {
  return /(^external_id|\.simpler_text|\.budget_s|\.url)$/.test(path);
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
