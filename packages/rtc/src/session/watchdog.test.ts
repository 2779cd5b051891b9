import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.ts';

let probes: number;
let silent: number;
let sends: boolean;
let watchdog: Watchdog;

beforeEach(() => {
  vi.useFakeTimers();
  [probes, silent, sends] = [0, 0, true];
  watchdog = new Watchdog({
    probe: () => {
      probes += 1;
      return sends;
    },
    onSilent: () => (silent += 1),
  });
});
afterEach(() => {
  watchdog.stop();
  vi.useRealTimers();
});

describe('Watchdog', () => {
  it('asks after twenty quiet seconds and is content with any answer', () => {
    watchdog.heard();
    vi.advanceTimersByTime(19_999);
    expect(probes).toBe(0);
    vi.advanceTimersByTime(1);
    expect(probes).toBe(1);
    vi.advanceTimersByTime(9_000);
    watchdog.heard();
    vi.advanceTimersByTime(9_000);
    expect(silent).toBe(0);
  });

  it('lets a candidate think for an hour, as long as the other side answers', () => {
    watchdog.heard();
    for (let minute = 0; minute < 60 * 3; minute += 1) {
      vi.advanceTimersByTime(20_000);
      watchdog.heard();
    }
    expect(probes).toBe(180);
    expect(silent).toBe(0);
  });

  it('gives up, once, when no answer comes within thirty seconds of the last event', () => {
    watchdog.heard();
    vi.advanceTimersByTime(30_000);
    expect(silent).toBe(1);
    vi.advanceTimersByTime(300_000);
    watchdog.heard();
    vi.advanceTimersByTime(300_000);
    expect(silent).toBe(1);
  });

  it('asks at once when it is told to, and is then as patient as it is told', () => {
    watchdog.heard();
    watchdog.check(5_000);
    expect(probes).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(silent).toBe(1);
  });

  it('gives up at once where nothing can be sent', () => {
    sends = false;
    watchdog.check(5_000);
    expect(silent).toBe(1);
  });

  it('does nothing after its end', () => {
    watchdog.heard();
    watchdog.stop();
    watchdog.check();
    vi.advanceTimersByTime(60_000);
    expect([probes, silent]).toEqual([0, 0]);
  });
});
