import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tokens } from '../../room/src/tokens.ts';
import { root } from './imports.ts';

const source = `${root}packages/room/src/`;
const read = (path: string): string => readFileSync(source + path, 'utf8');

/** Sources of the room itself; elements within have docstrings of their own. */
const code = readdirSync(`${source}room`)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => read(`room/${file}`))
  .join('\n');
const docs =
  /\/\*\*(?:(?!\*\/)[^])*@tagname ai-interview-room[^]*?\*\//.exec(read('room/room.ts'))?.[0] ?? '';

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, names = '']) => names.split(' ')))];
}

/** What the docstring names by a tag. */
const documented = (tag: string): string[] =>
  found(docs, new RegExp(`@${tag} (?:\\{\\w+\\} )?\\[?([\\w-]+)`, 'g'));

describe('the docstring of <ai-interview-room>', () => {
  it('names every part and slot of its screens', () => {
    const parts = found(code, /\bpart="([\w -]+)"/g);
    expect(parts).toContain('room');
    expect(parts.filter((name) => !documented('csspart').includes(name))).toEqual([]);
    const slots = [
      ...found(code, /<slot name="([\w-]+)"/g),
      // Those below a screen stand in a table.
      ...found(/const slots[^]*?};/.exec(code)?.[0] ?? '', /'([\w-]+)',\n/g),
    ];
    expect(slots).toContain('error');
    expect(documented('slot').toSorted()).toEqual([...new Set(slots)].toSorted());
  });

  it('names every event', () => {
    const events = found(read('events.ts'), /static readonly type = '([\w-]+)'/g);
    expect(events).toContain('interview-token-expired');
    expect(documented('fires').toSorted()).toEqual(events.toSorted());
  });

  it('names every design token, with the default that its style has', () => {
    const style = tokens.cssText.replaceAll(/\s+/g, ' ');
    const light = style.slice(0, style.indexOf('@media'));
    const names = found(style, /var\( ?(--ai-interview-[\w-]+)/g);
    expect(documented('cssproperty').toSorted()).toEqual(names.toSorted());
    for (const [, name = '', value = ''] of docs.matchAll(/\[(--[\w-]+)=([^\]]+)\]/g)) {
      expect(light.replaceAll('( ', '(').replaceAll(' )', ')')).toContain(`var(${name}, ${value})`);
    }
  });
});
