import { MAX_ENTRY_TEXT_BYTES } from '@interview/protocol';
import type { EntryId, TranscriptEntry } from '@interview/protocol';

type Row = Omit<TranscriptEntry, 'writer_id' | 'sequence'>;

const encoder = new TextEncoder();

/** Bytes of a value on the wire. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/**
 * The row itself, or, where its text is too long for one, rows that continue it. Lengths are those on the wire, where
 * a quote takes two bytes, so that no row can outgrow a message.
 */
export function continueRow(row: Row): Row[] {
  return piecesOf(row.text).map((text, index) => ({
    ...row,
    text,
    entry_id: (index === 0 ? row.entry_id : `${row.entry_id}+${index}`) as EntryId,
    // Behind its beginning and before whatever else comes between two rows.
    position: row.position + index / 64,
  }));
}

function piecesOf(text: string): string[] {
  if (jsonBytes(text) <= MAX_ENTRY_TEXT_BYTES) return [text];
  const pieces: string[] = [];
  let piece = '';
  let bytes = 2;
  for (const character of text) {
    const size = jsonBytes(character) - 2;
    if (bytes + size > MAX_ENTRY_TEXT_BYTES) {
      pieces.push(piece);
      piece = '';
      bytes = 2;
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece];
}
