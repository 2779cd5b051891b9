import { after } from './en/after.ts';
import { before } from './en/before.ts';
import { check } from './en/check.ts';
import { core, type CardWords } from './en/core.ts';
import { help } from './en/help.ts';
import { live } from './en/live.ts';
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
  Language['after'] & { trouble: Language['trouble'] };

/** The moments of a language in one. */
export function joined({ core, before, check, help, live, trouble, after }: Language): Translation {
  return { ...core, ...before, ...check, ...help, ...live, trouble, ...after };
}

/** English. In the script-tag file the words of later screens come with those. */
export const en: Translation = joined({ core, before, check, help, live, trouble, after });
