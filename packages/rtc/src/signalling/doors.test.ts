import { describe, expect, it } from 'vitest';
import { doorAt } from './doors.ts';

const order = (attempts: number, count: number, known: number | null): number[] =>
  Array.from({ length: attempts }, (_, attempt) => doorAt(attempt, count, known).index);

describe('doorAt', () => {
  it('goes through all doors, round after round, with a pause between rounds only', () => {
    expect(order(7, 3, null)).toEqual([0, 1, 2, 0, 1, 2, 0]);
    const turns = [0, 1, 2, 3, 6].map((attempt) => doorAt(attempt, 3, null));
    expect(turns.map(({ round }) => round)).toEqual([0, 0, 0, 1, 2]);
    expect(turns.map(({ first }) => first)).toEqual([true, false, false, true, true]);
  });

  it('is faithful to the door that worked, and only then tries the others', () => {
    expect(order(9, 3, 1)).toEqual([1, 1, 1, 1, 2, 0, 1, 2, 0]);
    const turns = [0, 1, 2, 3, 4, 5, 6].map((attempt) => doorAt(attempt, 3, 1));
    expect(turns.map(({ round }) => round)).toEqual([0, 1, 2, 3, 3, 3, 4]);
    expect(turns.map(({ first }) => first)).toEqual([true, true, true, true, false, false, true]);
  });
});
