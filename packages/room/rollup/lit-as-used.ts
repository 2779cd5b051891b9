import type { Plugin } from 'rollup';

/**
 * What Lit asks of old browsers, and the answer of every browser that has container queries and class static blocks,
 * without which the room does not stand. All that follows from an answer, terser finds itself.
 */
const answers: [question: RegExp, answer: string][] = [
  [/\w+\.ShadowRoot&&[^,;]+"replace"in CSSStyleSheet\.prototype/g, 'true'],
  [/\w+\.\w+(Polyfill|Hydrate)Support\b/g, 'undefined'],
];

/** Takes the ways of old browsers out of Lit. Where Lit came to say it otherwise the file is larger and works as well. */
export const todaysBrowsers: Plugin = {
  name: 'todays-browsers',
  transform(code, id) {
    if (!/\/node_modules\/(@lit|lit-\w+)\//.test(id)) return null;
    const short = answers.reduce(
      (text, [question, answer]) => text.replace(question, answer),
      code,
    );
    return { code: short, map: null };
  },
};
