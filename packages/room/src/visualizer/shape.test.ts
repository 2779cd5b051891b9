import { describe, expect, it } from 'vitest';
import { discRadius, loudness, MEMORY, smooth, SPOKES, spokes } from './shape.ts';

const history = (level: number): number[] => Array<number>(MEMORY).fill(level);
const ends = (path: string): number[] =>
  path
    .split('M')
    .filter((spoke) => spoke !== '')
    .map((spoke) => {
      const [x = 0, y = 0] = (spoke.split('L')[1] ?? '').split(' ').map(Number);
      return Math.hypot(x - 100, y - 100);
    });

describe('spokes', () => {
  it('draws each spoke, longer when it is louder', () => {
    const quiet = ends(spokes(history(0)));
    const loud = ends(spokes(history(1)));
    expect(quiet).toHaveLength(SPOKES);
    expect(loud.every((end, index) => end > (quiet[index] ?? 0))).toBe(true);
    expect(Math.max(...loud)).toBeLessThanOrEqual(100);
  });

  it('lets a moment travel from the top to the foot', () => {
    const [top, , foot] = [0, 0, SPOKES / 2].map((at) => ends(spokes([1, ...history(0)]))[at] ?? 0);
    expect(top).toBeGreaterThan(foot ?? 0);
  });
});

describe('discRadius', () => {
  it('grows with the voice and stays inside the ring', () => {
    expect(discRadius(1)).toBeGreaterThan(discRadius(0));
    expect(discRadius(1)).toBeLessThan(54);
  });
});

describe('smooth', () => {
  it('rises faster than it falls, at any frame rate', () => {
    expect(smooth(0, 1, 16)).toBeGreaterThan(1 - smooth(1, 0, 16));
    expect(smooth(smooth(0, 1, 8), 1, 8)).toBeCloseTo(smooth(0, 1, 16));
  });
});

describe('loudness', () => {
  it('draws nothing for a still room and speech well inside the range', () => {
    expect(loudness(0.25)).toBe(0);
    expect(loudness(0.6)).toBeGreaterThan(0.4);
    expect(loudness(1)).toBe(1);
  });
});
