import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { delay } from './delay.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('delay', () => {
  it('ends after its time', async () => {
    const waited = delay(50, new AbortController().signal, null);
    await vi.advanceTimersByTimeAsync(50);
    await expect(waited).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['before it begins', 'while it runs'])(
    'ends with the reason where it is given up %s',
    async (when) => {
      const given = new AbortController();
      const reason = new Error('the reason');
      if (when === 'before it begins') given.abort();
      const waited = delay(60_000, given.signal, reason);
      given.abort();
      await expect(waited).rejects.toBe(reason);
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});
