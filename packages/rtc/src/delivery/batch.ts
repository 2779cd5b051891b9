import { jsonBytes, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from '@interview/protocol';
import type { TranscriptEntry, WriterId } from '@interview/protocol';

/** Rows of one writer to be sent together. */
export interface Batch {
  writerId: WriterId;
  entries: TranscriptEntry[];
}

/** As many rows, from the first on, as go into one message of `room` bytes, and how many bytes that are. */
export function firstBatch(
  pending: readonly TranscriptEntry[],
  room: number,
): { entries: TranscriptEntry[]; bytes: number } {
  let bytes = 256; // room for the message around the rows
  const entries: TranscriptEntry[] = [];
  for (const entry of pending.slice(0, MAX_BATCH_ENTRIES)) {
    const more = jsonBytes(entry) + 1;
    // One that would fill more than a whole batch goes alone: the server decides about it.
    if (bytes + more > room && (entries.length > 0 || room < MAX_BATCH_BYTES)) break;
    bytes += more;
    entries.push(entry);
  }
  return { entries, bytes };
}
