import type { Draft } from './plan-definition.ts';

/** What stands at a path such as `plan.questions.0.text`. */
export function valueAt(draft: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Draft | undefined)?.[key], draft);
}

/** The list at a path; empty where there is none. */
export function itemsAt(draft: Draft, path: string): Draft[] {
  const items = valueAt(draft, path);
  return Array.isArray(items) ? (items as Draft[]) : [];
}

/** Sets what stands at a path; undefined takes it away. */
export function setAt(draft: Draft, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = valueAt(draft, keys.join('.')) ?? draft;
  const target = (keys.length === 0 ? draft : parent) as Draft;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
}
