import type { InterviewErrorCode } from '@interview/rtc';
import type { CardWords } from './en-trouble.ts';

/*
 * Stands for en-trouble.ts in the script-tag file. What is said of errors is a third of all words and mostly never said, so
 * it lies beside that file and is fetched as soon as the page has it; until then there is one text for every error.
 */

const known: Partial<Record<InterviewErrorCode, CardWords>> = {};

const meanwhile: CardWords = {
  title: 'Something went wrong on our side',
  text: 'Your answers are safe. Try again, or come back to this link later.',
};

/** What is said of each error, as far as it is known. */
export const trouble = new Proxy(known, {
  get: (words, code) => words[code as InterviewErrorCode] ?? meanwhile,
}) as Record<InterviewErrorCode, CardWords>;

import('./en-trouble.ts').then(
  (module) => Object.assign(known, module.trouble),
  // Nobody put the file there: the one text stays.
  () => undefined,
);
