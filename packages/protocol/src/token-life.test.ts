import { expect, it } from 'vitest';
import { livesRightly } from './token-life.ts';

const now = 1_800_000_000;

it.each<[string, { iat: number; exp: number; nbf?: number }, boolean]>([
  ['ours', { iat: now, exp: now + 600 }, true],
  ['ours, from a clock that is a little ahead', { iat: now + 10, exp: now + 610 }, true],
  ['ours, over since yesterday', { iat: now - 90_000, exp: now - 89_400 }, true],
  ['one that begins now', { iat: now, exp: now + 600, nbf: now }, true],
  ['one from the future', { iat: now + 11, exp: now + 611 }, false],
  ['one that has not begun', { iat: now, exp: now + 600, nbf: now + 11 }, false],
  ['one that lives longer', { iat: now, exp: now + 601 }, false],
  ['one that lived longer', { iat: now - 90_000, exp: now - 89_399 }, false],
  ['one that never lived', { iat: now, exp: now }, false],
])('%s', (_, claims, right) => {
  expect(livesRightly(claims, now)).toBe(right);
});
