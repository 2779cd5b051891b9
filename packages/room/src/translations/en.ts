import { after } from './en/after.ts';
import { before } from './en/before.ts';
import { check } from './en/check.ts';
import { core, type CardWords } from './en/core.ts';
import { help } from './en/help.ts';
import { live } from './en/live.ts';
import { steps } from './en/steps.ts';
import { trouble } from './en/trouble.ts';

export type { CardWords };

/**
 * A language as its file gives it, by the moment at which the words are needed: beside the script each moment is a file of
 * its own. English is the shape of every other one.
 */
export interface Language {
  readonly core: typeof core;
  readonly before: typeof before;
  readonly check: typeof check;
  readonly help: typeof help;
  readonly steps: typeof steps;
  readonly live: typeof live;
  readonly trouble: typeof trouble;
  readonly after: typeof after;
}

/** Every string of the room in one language. */
export type Translation = Language['core'] &
  Language['before'] &
  Language['check'] &
  Language['help'] &
  Language['live'] &
  Language['after'] & { trouble: Language['trouble']; steps: Language['steps'] };

/** The moments of a language in one. */
export function joined(language: Language): Translation {
  const { core, before, check, help, steps, live, trouble, after } = language;
  return { ...core, ...before, ...check, ...help, ...live, ...after, trouble, steps };
}

/** English. In the script-tag file the words of later screens come with those. */
export const en: Translation = joined({
  core,
  before,
  check,
  help,
  steps,
  live,
  trouble,
  after,
});
