import { expect, it } from 'vitest';
import { networkOf } from './network.ts';

it.each([
  [true, 120, 'good'],
  [true, 2_000, 'good'],
  [true, 2_001, 'slow'],
  [true, null, 'away'],
  [false, 120, 'away'],
] as const)('online %s, a reply after %s ms: %s', (online, tookMs, verdict) => {
  expect(networkOf(online, tookMs)).toBe(verdict);
});
