import { describe, expect, it } from 'vitest';
import { readFragment } from './invitation-link.ts';

describe('readFragment', () => {
  it.each([
    ['#interview=inv_abc-DEF_1', 'inv_abc-DEF_1', ''],
    ['#interview=inv_a&tab=2', 'inv_a', '#tab=2'],
    ['#tab=2&interview=inv_a', 'inv_a', '#tab=2'],
    ['#a=1&interview=inv_a&b=2', 'inv_a', '#a=1&b=2'],
  ])('takes the invitation out of %s', (hash, invitation, rest) => {
    expect(readFragment(hash)).toEqual({ invitation, rest });
  });

  it.each(['', '#top', '#interview=', '#interview=other', '#myinterview=inv_a'])(
    'leaves %s alone',
    (hash) => {
      expect(readFragment(hash)).toEqual({ invitation: null, rest: hash });
    },
  );
});
