import type { Language } from './en.ts';

/**
 * Every language that is loaded when somebody wants it, under its tag in small letters. A new one is a file of its own that
 * exports the moments of `Language`, and a line here; the build of the script-tag file finds it by itself.
 */
export const languages: Readonly<Record<string, () => Promise<Language>>> = {};
