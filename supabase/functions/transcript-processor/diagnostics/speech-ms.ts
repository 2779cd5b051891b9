import { heardSpan, type Line } from './line.ts';

/** Time in which at least one of the lines was heard, milliseconds: what overlaps within a call counts once. */
export function speechMs(lines: readonly Line[]): number {
  const calls = new Map<number, { start: number; end: number }[]>();
  for (const line of lines) {
    const span = heardSpan(line);
    if (span) calls.set(line.call_ordinal, [...(calls.get(line.call_ordinal) ?? []), span]);
  }
  let total = 0;
  for (const spans of calls.values()) {
    let until = -Infinity;
    for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
      total += Math.max(0, end - Math.max(start, until));
      until = Math.max(until, end);
    }
  }
  return total;
}
