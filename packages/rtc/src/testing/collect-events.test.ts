import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InterviewEvents } from '../events.ts';
import { collectEvents, type CollectedEvents } from './collect-events.ts';

describe('collectEvents', () => {
  let tell: (payload: InterviewEvents['turn']) => void;
  let turns: CollectedEvents<'turn'>;

  beforeEach(() => {
    vi.useFakeTimers();
    turns = collectEvents(
      { on: (name, listener) => (name === 'turn' ? (tell = listener as typeof tell) : null) },
      'turn',
    );
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('finds what has been, and waits for what is to come', async () => {
    tell({ turn: 'listening' });
    const past = turns.until(({ turn }) => turn === 'listening');
    const next = turns.until(({ turn }) => turn === 'thinking');
    tell({ turn: 'candidate' });
    tell({ turn: 'thinking' });
    expect(await past).toEqual({ turn: 'listening' });
    expect(await next).toEqual({ turn: 'thinking' });
    expect(turns.all.map(({ turn }) => turn)).toEqual(['listening', 'candidate', 'thinking']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says at its deadline what was waited for and what came instead', async () => {
    tell({ turn: 'listening' });
    const never = turns.until(({ turn }) => turn === 'thinking', 1_000);
    const failed = expect(never).rejects.toThrow(/«turn».*1000 ms.*listening/);
    await vi.advanceTimersByTimeAsync(1_000);
    await failed;
  });
});
