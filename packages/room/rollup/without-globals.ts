import { basename } from 'node:path';
import type { Plugin } from 'rollup';

/** By which Lit counts itself in a page. */
const count = /\(\w+\.lit(?:Html|Element)Versions\?\?=\[\]\)\.push\("[\d.]+"\)/;

/** What each module of Lit leaves in a page, and what stands there instead. */
const marks: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'lit-html.js': [[count, '0']],
  'lit-element.js': [[count, '0']],
  'reactive-element.js': [
    [/\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0'],
    // For decorators of the standard, which we do not use.
    [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap/, '0'],
    [/this\[Symbol\.metadata\]/, 'null'],
  ],
};

/**
 * Lit leaves four globals and a symbol in the page, and a page that has a Lit of its own is warned of several versions
 * because of them. Ours is nobody else's: it leaves nothing.
 */
export const withoutGlobals: Plugin = {
  name: 'without-globals',
  transform(code, id) {
    if (!/\/node_modules\/(@lit|lit-html|lit-element)\//.test(id)) return null;
    let rest = code;
    for (const [mark, instead] of marks[basename(id)] ?? []) {
      if (!mark.test(rest)) this.error(`Lit leaves something else than it did: ${mark.source}`);
      rest = rest.replace(mark, instead);
    }
    if (/(Versions|litPropertyMetadata)\?\?=/.test(rest))
      this.error('Lit leaves more than it did.');
    return { code: rest, map: null };
  },
};
