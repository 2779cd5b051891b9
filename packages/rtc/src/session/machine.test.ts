import { describe, expect, it } from 'vitest';
import type { InterviewError } from '../errors.ts';
import { Machine } from './machine.ts';

const machineAt = (...path: Parameters<Machine['go']>[0][]): Machine => {
  const machine = new Machine(() => undefined);
  for (const state of path) machine.go(state);
  return machine;
};

describe('Machine', () => {
  it('goes from the first click to the end and tells each step', () => {
    const told: string[] = [];
    const machine = new Machine((state, previous) => told.push(`${previous} > ${state}`));
    const path = ['preparing', 'ready', 'connecting', 'live', 'reconnecting', 'live'] as const;
    for (const state of [...path, 'ending', 'completed'] as const) machine.go(state);
    expect(told).toEqual([
      'idle > preparing',
      'preparing > ready',
      'ready > connecting',
      'connecting > live',
      'live > reconnecting',
      'reconnecting > live',
      'live > ending',
      'ending > completed',
    ]);
  });

  it('leads from a failure to another start, and to an end of what was begun', () => {
    const failed = machineAt('connecting', 'failed');
    expect(failed.can('connecting')).toBe(true);
    expect(failed.can('ending')).toBe(true);
  });

  it('refuses what makes no sense and stays where it is', () => {
    const machine = machineAt('preparing');
    expect(() => machine.go('live')).toThrow(
      expect.objectContaining({ code: 'invalid_state' }) as InterviewError,
    );
    expect(machine.state).toBe('preparing');
  });

  it('never leaves a completed interview', () => {
    const done = machineAt('connecting', 'live', 'ending', 'completed');
    for (const state of ['idle', 'connecting', 'live', 'failed'] as const) {
      expect(done.can(state)).toBe(false);
    }
  });
});
