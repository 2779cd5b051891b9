import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { View } from './view.ts';

let told: number[];
let length: number;
let view: View;

beforeEach(() => {
  vi.useFakeTimers();
  [told, length] = [[], 0];
  view = new View(
    (event) => {
      if (event === 'transcript') told.push(length);
    },
    () => [],
  );
});
afterEach(() => vi.useRealTimers());

function change(times: number): void {
  for (let n = 0; n < times; n += 1) {
    length += 1;
    view.linesChanged();
  }
}

describe('View, of the transcript', () => {
  it('tells the first change at once, and a thousand that follow in two tellings', () => {
    change(1);
    expect(told).toEqual([1]);
    change(1_000);
    expect(told).toEqual([1]);
    vi.advanceTimersByTime(40);
    expect(told).toEqual([1, 1_001]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([1, 1_001]);
  });
});
