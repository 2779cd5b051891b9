import { describe, expect, it } from 'vitest';
import { plural } from './plurals.ts';

describe('plural', () => {
  it('counts by the rules of the language, not by those of English', () => {
    const arabic = { zero: '0', one: '1', two: '2', few: '3-10', many: '11-99', other: '100' };
    const counted = [0, 1, 2, 7, 11, 100].map((count) => plural('ar', count, arabic));
    expect(counted).toEqual(['0', '1', '2', '3-10', '11-99', '100']);
    const french = { one: '# minute', other: '# minutes' };
    expect([0, 1, 2].map((count) => plural('fr', count, french))).toEqual([
      '0 minute',
      '1 minute',
      '2 minutes',
    ]);
  });
});
