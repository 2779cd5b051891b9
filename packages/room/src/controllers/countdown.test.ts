import { describe, expect, it } from 'vitest';
import { secondsLeft } from './countdown.ts';

const told = { remainingS: 600, paused: false, at: 1_000 };

describe('secondsLeft', () => {
  it('counts on from what the server told', () => {
    expect(secondsLeft(told, 31_000, false)).toBe(570);
  });

  it('stands still while the interview waits or the server says so', () => {
    expect(secondsLeft(told, 31_000, true)).toBe(600);
    expect(secondsLeft({ ...told, paused: true }, 31_000, false)).toBe(600);
  });

  it('never falls below zero', () => {
    expect(secondsLeft(told, 10_000_000, false)).toBe(0);
  });
});
