import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rotateBefore } from './rotation.ts';

const MINUTE = 60_000;
let quiet: boolean;
let rotatedAt: number[];
let end: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  [quiet, rotatedAt, end] = [true, [], new AbortController()];
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
});

function plan(endMs: number): void {
  rotateBefore({
    endMs,
    now: () => Date.now(),
    quiet: () => quiet,
    rotate: () => rotatedAt.push(Date.now()),
    signal: end.signal,
  });
}

describe('rotateBefore', () => {
  it('takes the first quiet moment of the last five minutes', () => {
    plan(60 * MINUTE);
    quiet = false;
    vi.advanceTimersByTime(57 * MINUTE);
    expect(rotatedAt).toEqual([]);
    quiet = true;
    vi.advanceTimersByTime(1_000);
    expect(rotatedAt).toEqual([57 * MINUTE + 1_000]);
  });

  it('does not wait for a quiet moment in the last minute', () => {
    plan(60 * MINUTE);
    quiet = false;
    vi.advanceTimersByTime(60 * MINUTE);
    expect(rotatedAt).toEqual([59 * MINUTE]);
  });

  it('moves once', () => {
    plan(60 * MINUTE);
    vi.advanceTimersByTime(2 * 60 * MINUTE);
    expect(rotatedAt).toHaveLength(1);
  });

  it('leaves a sixth of a short life', () => {
    plan(MINUTE);
    vi.advanceTimersByTime(MINUTE);
    expect(rotatedAt).toEqual([50_000]);
  });

  it('does nothing for a call that is over, or one whose end has passed', () => {
    plan(-1);
    plan(60 * MINUTE);
    end.abort();
    vi.advanceTimersByTime(2 * 60 * MINUTE);
    expect(rotatedAt).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
