import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReactiveControllerHost } from 'lit';
import type { Turn } from '@interview/rtc';
import { PATIENCE_MS, Silence, silentSince } from './silence.ts';

describe('silentSince', () => {
  it('counts from the first silent moment, and anew after a sound', () => {
    expect(silentSince(null, true, false, 5)).toBe(5);
    expect(silentSince(5, true, false, 9)).toBe(5);
    expect(silentSince(5, true, true, 9)).toBe(9);
    expect(silentSince(5, false, false, 9)).toBeNull();
  });
});

describe('Silence', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A host that draws as often as it is asked to, and what it hears. */
  function listen() {
    const heard = { turn: 'interviewer' as Turn, off: false, candidate: 0 };
    let drawn = 0;
    const host = {
      addController: () => undefined,
      removeController: () => undefined,
      requestUpdate: () => (drawn += 1),
      updateComplete: Promise.resolve(true),
    } as unknown as ReactiveControllerHost;
    const silence = new Silence(host);
    const follow = (change: Partial<typeof heard> = {}): void => {
      Object.assign(heard, change);
      silence.follow(heard.turn, heard.off, () => ({ candidate: heard.candidate, interviewer: 0 }));
    };
    follow();
    return { silence, heard, follow, drawn: () => drawn };
  }

  it('is long eight seconds after the interviewer was heard, and draws once then', () => {
    const { silence, follow, drawn } = listen();
    vi.advanceTimersByTime(20_000);
    follow({ turn: 'listening' });
    vi.advanceTimersByTime(PATIENCE_MS - 250);
    expect(silence.long).toBe(false);
    vi.advanceTimersByTime(500);
    expect(silence.long).toBe(true);
    vi.advanceTimersByTime(20_000);
    expect(drawn()).toBe(1);
  });

  it('is not long before the first word, nor after a sound or while the candidate speaks', () => {
    const { silence, heard, follow } = listen();
    follow({ turn: 'listening' });
    vi.advanceTimersByTime(PATIENCE_MS - 500);
    heard.candidate = 0.7;
    vi.advanceTimersByTime(500);
    heard.candidate = 0;
    vi.advanceTimersByTime(PATIENCE_MS - 500);
    expect(silence.long).toBe(false);
    follow({ turn: 'candidate' });
    vi.advanceTimersByTime(20_000);
    expect(silence.long).toBe(false);

    const early = new Silence({
      addController: () => undefined,
      requestUpdate: () => undefined,
    } as unknown as ReactiveControllerHost);
    early.follow('listening', false, () => ({ candidate: 0, interviewer: 0 }));
    vi.advanceTimersByTime(20_000);
    expect(early.long).toBe(false);
  });

  it('is off while nobody is waited for', () => {
    const { silence, follow } = listen();
    follow({ turn: 'listening', off: true });
    vi.advanceTimersByTime(20_000);
    expect(silence.long).toBe(false);
    follow({ off: false });
    vi.advanceTimersByTime(PATIENCE_MS - 250);
    expect(silence.long).toBe(false);
    vi.advanceTimersByTime(250);
    expect(silence.long).toBe(true);
  });
});
