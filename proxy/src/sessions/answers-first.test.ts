import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AnswersFirst } from './answers-first.ts';

let gate: AnswersFirst;
let begun: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  gate = new AnswersFirst();
  begun = [];
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call that was answered in this turn of the event loop. */
function answered(call: string): void {
  void gate.turn().then(() => begun.push(call));
}

async function turns(count: number, each: (turn: number) => void = () => undefined): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    each(turn);
    await nextTurn();
  }
}

it('lets a supervisor begin within two turns where nothing else is answered', async () => {
  answered('alone');
  expect(begun).toEqual([]);
  await turns(3);
  expect(begun).toEqual(['alone']);
});

it('lets none of a burst begin while answers are given, and then a few at a time, in their order', async () => {
  const calls = Array.from({ length: 10 }, (_, index) => `call ${index}`);
  await turns(calls.length, (turn) => answered(calls[turn] ?? ''));
  await vi.advanceTimersByTimeAsync(20);
  await turns(5);
  expect(begun).toEqual([]);
  await vi.advanceTimersByTimeAsync(5);
  const counts: number[] = [];
  await turns(6, () => counts.push(begun.length));
  expect(begun).toEqual(calls);
  expect(counts.filter((count) => count > 0 && count < calls.length).length).toBeGreaterThan(0);
});

it('lets each begin after 500 ms, though answers go on', async () => {
  answered('first');
  await turns(5, (turn) => answered(`later ${turn}`));
  for (let later = 0; later < 49; later += 1) {
    await vi.advanceTimersByTimeAsync(10);
    answered(`later still ${later}`);
    await turns(3);
  }
  expect(begun).toEqual([]);
  await vi.advanceTimersByTimeAsync(10);
  await turns(3);
  expect(begun).toEqual(['first', 'later 0', 'later 1', 'later 2', 'later 3', 'later 4']);
});
