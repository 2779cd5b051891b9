import type { Metric } from '@interview/protocol';
import { heardSpan, isTyped, type Line } from './line.ts';
import { reliabilityOf } from './reliability.ts';

/** Middle and slow end of a set of waits. */
export interface Latency {
  median: Metric;
  p90: Metric;
}

/** Fewer turns say little about a slow end. */
const ENOUGH_TURNS = 5;

/**
 * How long one speaker took to begin after the other, milliseconds. Whoever begins before the other is done took no time.
 * A turn counts where the two lines stand side by side in one call, both have times and neither was typed; the first
 * of a call after the first does not, because the connection was being made again. Time to think that the
 * candidate asked for can't be told from the transcript, so it counts.
 *
 * @param skip leaves turns out by the index of their first line, for example those in which a question was said again
 */
export function latency(
  lines: readonly Line[],
  from: Line['role'],
  to: Line['role'],
  options: { complete: boolean; skip?: (index: number) => boolean },
): Latency {
  const waits: number[] = [];
  lines.forEach((line, index) => {
    const answer = lines[index + 1];
    if (answer === undefined || line.role !== from || answer.role !== to) return;
    if (line.call_ordinal !== answer.call_ordinal || options.skip?.(index)) return;
    const isFirst = lines[index - 1]?.call_ordinal !== line.call_ordinal;
    if (isFirst && line.call_ordinal > 1) return;
    const ended = heardSpan(line)?.end;
    if (ended === undefined || answer.started_ms === null || isTyped(answer)) return;
    waits.push(Math.max(0, answer.started_ms - ended));
  });
  waits.sort((a, b) => a - b);
  const n = waits.length;
  // At best medium: the two ends of a wait are told by two clocks, the voice detector's and that of the playback.
  const reliability = reliabilityOf('medium', n, ENOUGH_TURNS, options.complete);
  const metric = (value: number | null): Metric => ({ value, n, reliability });
  return { median: metric(medianOf(waits)), p90: metric(nearestRank(waits, 0.9)) };
}

function medianOf(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}

/** The nearest-rank percentile: a wait that happened, never one between two. */
function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
