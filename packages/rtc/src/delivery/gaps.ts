import type { LostRange, TranscriptEntry } from '@interview/protocol';

/** What `rows`, which are in order, leave open of a range. Nothing of a writer that is not known here. */
export function gaps(
  { writer_id, from, to }: LostRange,
  rows: readonly TranscriptEntry[] | undefined,
): LostRange[] {
  const found: LostRange[] = [];
  for (const { sequence } of rows ? [...rows, { sequence: to + 1 }] : []) {
    const end = Math.min(sequence - 1, to);
    if (end >= from) found.push({ writer_id, from, to: end });
    from = Math.max(from, sequence + 1);
  }
  return found;
}
