import type { Metric } from '@interview/protocol';

type Reliability = Metric['reliability'];

const levels: readonly Reliability[] = ['low', 'medium', 'high'];

/**
 * How far a figure can be relied upon: `best` where all is well, one step less where it rests on fewer than `enough`
 * things, and one less where the record has holes.
 */
export function reliabilityOf(
  best: Reliability,
  n: number,
  enough: number,
  complete: boolean,
): Reliability {
  const level = levels.indexOf(best) - Number(n < enough) - Number(!complete);
  return levels[Math.max(0, level)] ?? 'low';
}
