import { continuedName, continueText } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { mergeFragments } from './merge-fragments.ts';

const long = 'Ünd "dann" 🚂 '.repeat(6000);
const pieces = continueText(long).map((text, index) => ({
  entry_id: continuedName('call.item', index),
  role: 'candidate',
  text,
  source: 'server',
}));
const other = { entry_id: 'call.other', role: 'interviewer', text: 'Yes?', source: 'server' };
const lengths = (rows: { text: string }[]) => rows.map(({ text }) => text.length);

describe('a long utterance', () => {
  it('is one line again, to the letter', () => {
    expect(pieces.length).toBeGreaterThan(2);
    const [before, merged, after] = mergeFragments([other, ...pieces, other]);
    expect([before, after]).toEqual([other, other]);
    expect(merged).toEqual({ ...pieces[0], text: long });
  });

  it('of which a piece is missing does not pretend to be whole', () => {
    const [first, , ...rest] = pieces;
    const rows = [first, ...rest].filter((row) => row !== undefined);
    expect(lengths(mergeFragments(rows))).toEqual(lengths(rows));
  });

  it('is not continued by what another side or another speaker says', () => {
    for (const change of [{ source: 'browser' }, { role: 'interviewer' }]) {
      const rows = pieces.map((row, index) => (index === 1 ? { ...row, ...change } : row));
      expect(mergeFragments(rows)).toHaveLength(pieces.length);
    }
  });
});

it('a piece that an older revision left behind a shorter text is not glued to it', () => {
  const rows = pieces.map((row, index) => (index === 0 ? { ...row, text: 'Cut off.' } : row));
  expect(mergeFragments(rows)[0]?.text).toBe('Cut off.');
});
