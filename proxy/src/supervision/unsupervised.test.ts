import type { ServerMessage } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unsupervised } from './unsupervised.ts';

let present: boolean;
let outcome: string[];
let told: ServerMessage[];
let call: Unsupervised;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  present = true;
  outcome = [];
  told = [];
  call = new Unsupervised({
    present: () => present,
    tell: (message) => told.push(message),
    left: (reason) => outcome.push(reason),
    fenced: () => outcome.push('let go'),
  });
  await call.attach();
  call.connected(Date.now() + 60_000);
});
afterEach(async () => {
  await call.stop();
  vi.useRealTimers();
});

describe('a call that nobody supervises', () => {
  it('ends when the time is up, once, and says the time until then', () => {
    vi.advanceTimersByTime(59_000);
    expect(outcome).toEqual([]);
    expect(told.at(-1)).toEqual({ type: 'time', remaining_s: 5, paused: false });
    vi.advanceTimersByTime(10_000);
    expect(outcome).toEqual(['time_up']);
    expect(call.endReason).toBe('time_up');
  });

  it('keeps its deadline when the page says again that it is connected', () => {
    call.connected(Date.now() + 600_000);
    vi.advanceTimersByTime(61_000);
    expect(outcome).toEqual(['time_up']);
  });

  it('is let go, once, when no page has been there for 45 seconds: it may be with another proxy', () => {
    present = false;
    vi.advanceTimersByTime(40_000);
    expect(outcome).toEqual([]);
    vi.advanceTimersByTime(6_000);
    expect(outcome).toEqual(['let go']);
    vi.advanceTimersByTime(60_000);
    expect(outcome).toEqual(['let go']);
  });

  it('does nothing more once it is stopped', async () => {
    await call.stop();
    vi.advanceTimersByTime(120_000);
    expect(outcome).toEqual([]);
  });
});
