import { describe, expect, it } from 'vitest';
import { HeldToken } from './token.ts';

const tokenOf = (claims: object): string => `h.${btoa(JSON.stringify(claims))}.s`;

describe('HeldToken', () => {
  it('goes by the difference of its times and the wall clock, whatever that shows', () => {
    let now = 5;
    const token = new HeldToken(tokenOf({ iat: 1_000, exp: 1_100 }), () => now);
    expect({ renew: token.renewInMs, expired: token.expired }).toEqual({
      renew: 60_000,
      expired: false,
    });
    now += 60_000;
    expect(token.renewInMs).toBe(0);
    now += 40_000;
    expect(token.expired).toBe(true);
  });

  it('counts as old when the clock was set back', () => {
    let now = 10_000_000;
    const token = new HeldToken(tokenOf({ iat: 1_000, exp: 1_100 }), () => now);
    now = 0;
    expect(token.expired).toBe(true);
  });

  it.each(['', 'a.b.c', tokenOf({ iat: 'x', exp: 5 }), tokenOf({ iat: 5, exp: 5 })])(
    'takes the usual life for %j, which says nothing of its own',
    (text) => {
      expect(new HeldToken(text, () => 0).renewInMs).toBe(360_000);
    },
  );
});
