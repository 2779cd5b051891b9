import { describe, expect, it } from 'vitest';
import { isCompactJws } from './compact-jws.ts';

const encode = (text: string): string =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

describe('isCompactJws', () => {
  it('takes what an encoder writes, whatever the length', () => {
    for (let length = 1; length < 40; length += 1) {
      const part = encode('~\u00ff'.repeat(length).slice(0, length));
      expect(isCompactJws(`${part}.${part}.${part}`), part).toBe(true);
    }
  });

  it('takes one spelling of the last bytes only', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const stem of ['A', 'AA', 'AAA']) {
      const taken = alphabet.split('').filter((last) => isCompactJws(`AAAA.AAAA.${stem}${last}`));
      expect(taken.length).toBe({ 1: 4, 2: 16, 3: 64 }[stem.length]);
    }
    expect(isCompactJws('AAAA.AAAA.A')).toBe(false);
  });

  it.each([
    ['padding', 'AAAA.AAAA.AA=='],
    ['white space', 'AAAA.AA\nAA.AAAA'],
    ['the other alphabet', 'AA+/.AAAA.AAAA'],
    ['an empty part', 'AAAA..AAAA'],
    ['two parts', 'AAAA.AAAA'],
    ['five parts', 'AAAA.AAAA.AAAA.AAAA.AAAA'],
    ['nothing', ''],
    ['too much', `AAAA.${'A'.repeat(4096)}.AAAA`],
  ])('refuses %s', (_name, token) => {
    expect(isCompactJws(token)).toBe(false);
  });
});
