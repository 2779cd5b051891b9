import { storableText, TranscriptEntry, type WriterId } from '@interview/protocol';
import * as z from 'zod/mini';

const Numbered = z.object({ writer_id: z.unknown(), sequence: z.int().check(z.minimum(1)) });

/** A row that cannot be stored but holds its place, so that the rows behind it need not wait for ever. */
export interface Tombstone {
  writer_id: WriterId | null;
  sequence: number;
  tombstone: string;
}

/**
 * Makes rows fit for the database: text made storable, unknown fields dropped, and a row that is not one made a
 * tombstone. What has no sequence either stays as it came in that respect, and the database refuses it.
 */
export function checkEntries(
  entries: readonly unknown[],
  writer: WriterId,
): (TranscriptEntry | Tombstone | { writer_id: WriterId; sequence: null })[] {
  return entries.map((entry) => {
    const row = TranscriptEntry.safeParse(withStorableText(entry));
    if (row.success) return row.data;
    const numbered = Numbered.safeParse(entry);
    if (!numbered.success) return { writer_id: writer, sequence: null };
    return {
      writer_id: numbered.data.writer_id === writer ? writer : null,
      sequence: numbered.data.sequence,
      tombstone: `not a row: ${fieldsOf(row.error)}`,
    };
  });
}

/** Neither NUL nor half a surrogate pair can be stored, and no word is lost over one. */
function withStorableText(entry: unknown): unknown {
  const words = z
    .looseObject({ text: z.string(), language: z.nullable(z.string()) })
    .safeParse(entry);
  if (!words.success) return entry;
  const { text, language } = words.data;
  return {
    ...words.data,
    text: storableText(text),
    language: language === null ? null : storableText(language),
  };
}

function fieldsOf(error: z.core.$ZodError): string {
  const fields = error.issues.map((issue) => issue.path.map(String).join('.') || 'row');
  return [...new Set(fields)].slice(0, 5).join(', ');
}
