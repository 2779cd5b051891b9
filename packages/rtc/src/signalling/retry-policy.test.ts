import fc from 'fast-check';
import { errorCodes, errorMeaning } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { closeMeaning, retryDelay } from './retry-policy.ts';

describe('retryDelay', () => {
  it('mends a hiccup at once and then waits longer and longer', () => {
    const delays = [0, 1, 2, 3, 4, 5, 50].map((attempt) => retryDelay({ attempt, random: 0 }));
    expect(delays).toEqual([0, 300, 1200, 2700, 4800, 7000, 7000]);
  });

  it('spreads even the first attempt when the server restarts', () => {
    expect(retryDelay({ attempt: 0, random: 0.5, restarting: true })).toBe(500);
  });

  it('never comes before the server asked, nor much later', () => {
    const facts = fc.record({
      attempt: fc.nat({ max: 30 }),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      retryAfterMs: fc.nat({ max: 60_000 }),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const delay = retryDelay(given);
        expect(delay).toBeGreaterThanOrEqual(given.retryAfterMs);
        expect(delay).toBeLessThanOrEqual(Math.max(given.retryAfterMs, 7000) + 1000);
      }),
    );
  });
});

describe('closeMeaning', () => {
  it('asks for a fresh token when the old one was refused', () => {
    expect(closeMeaning(4401)).toBe('renew');
  });

  it('tries again after what passes: network, restart, too many requests', () => {
    for (const code of [1006, 1011, 1012, 4408, 4429, 4503])
      expect(closeMeaning(code)).toBe('retry');
  });

  it('gives up after what stays, as the protocol says', () => {
    const final = errorCodes
      .map(errorMeaning)
      .filter(({ close, retryable }) => !retryable && close > 4401 && close < 4429);
    expect(final.length).toBeGreaterThan(5);
    for (const { close } of final) expect(closeMeaning(close)).toBe('refuse');
  });
});
