/** One text for each form that a language counts by; `#` stands for the count. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

const rules = new Map<string, Intl.PluralRules>();

/** The words for a count by a language's own rules: `plural('en', 2, { one: '# day', other: '# days' })`. */
export function plural(tag: string, count: number, forms: Forms): string {
  const known = rules.get(tag) ?? new Intl.PluralRules(tag);
  rules.set(tag, known);
  return (forms[known.select(count)] ?? forms.other).replace('#', String(count));
}
