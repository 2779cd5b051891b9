/** Numbers of spokes around the ring. */
export const SPOKES = 56;

const INNER = 64;
const REST = 5;
const REACH = 24;
/** Past readings that travel from the top of the ring to its foot. */
export const MEMORY = SPOKES / 2 + 1;

const round = (value: number): string => value.toFixed(1);

/** Fixed unevenness, so that the ring looks spoken and not machined. Between 0.62 and 1. */
function grain(index: number): number {
  return 0.62 + 0.38 * Math.abs(Math.sin(index * 0.55) * Math.cos(index * 0.21));
}

/**
 * The interviewer's ring: spokes whose length is the loudness of a moment, the newest at the top, older ones further down on both
 * sides. `history[0]` is now; readings are 0 to 1.
 */
export function spokes(history: readonly number[]): string {
  let path = '';
  for (let index = 0; index < SPOKES; index += 1) {
    const angle = (index / SPOKES) * 2 * Math.PI - Math.PI / 2;
    const age = Math.min(index, SPOKES - index);
    const length = REST + REACH * (history[age] ?? 0) * grain(index);
    const x = Math.cos(angle);
    const y = Math.sin(angle);
    path += `M${round(100 + INNER * x)} ${round(100 + INNER * y)}L${round(100 + (INNER + length) * x)} ${round(100 + (INNER + length) * y)}`;
  }
  return path;
}

/**
 * What is worth drawing of a reading. Readings are linear in decibels from -60 up, so a still room reads 0.2 and more; speech lies
 * between 0.4 and 0.8.
 */
export function loudness(reading: number): number {
  return Math.min(1, Math.max(0, (reading - 0.28) / 0.5));
}

/** The candidate's disc: its radius for a reading of 0 to 1. */
export function discRadius(level: number): number {
  return 22 + 22 * level;
}

/** Rises at once and falls slowly, whatever the display's rate. `elapsed` in milliseconds. */
export function smooth(previous: number, reading: number, elapsed: number): number {
  const fall = reading > previous ? 40 : 160;
  return previous + (reading - previous) * (1 - Math.exp(-elapsed / fall));
}
