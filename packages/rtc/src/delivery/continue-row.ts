import { continuedName, continueText, CONTINUED_POSITION_STEP } from '@interview/protocol';
import type { EntryId, TranscriptEntry } from '@interview/protocol';

type Row = Omit<TranscriptEntry, 'writer_id' | 'sequence'>;

/** The row itself, or, where its text is too long for one, rows that continue it. */
export function continueRow(row: Row): Row[] {
  return continueText(row.text).map((text, index) => ({
    ...row,
    text,
    entry_id: continuedName(row.entry_id, index) as EntryId,
    position: row.position + index * CONTINUED_POSITION_STEP,
  }));
}
