import * as z from 'zod/mini';
import type { WriterId } from './ids.ts';
import { storableText } from './storable-text.ts';
import { TranscriptEntry } from './transcript.ts';

const numbered = { writer_id: z.unknown(), sequence: z.int().check(z.minimum(1)) };
const Numbered = z.object(numbered);
const Buried = z.object({ ...numbered, tombstone: z.string().check(z.maxLength(200)) });

/** A row that cannot be stored but holds its place, so that the rows behind it need not wait for ever. */
export interface Tombstone {
  writer_id: WriterId | null;
  sequence: number;
  /** Why it is none. */
  tombstone: string;
}

/** A row that is fit to be stored, or what stands in its place. */
export type CheckedEntry = TranscriptEntry | Tombstone | { writer_id: WriterId; sequence: null };

/**
 * Makes rows fit for the database: text made storable, unknown fields dropped, and a row that is not one made a
 * tombstone. What has no sequence either stays as it came in that respect, and the database refuses it. Checking again
 * changes nothing, so that a row has one body whichever way it came.
 */
export function checkEntries(entries: readonly unknown[], writer: WriterId): CheckedEntry[] {
  return entries.map((entry) => {
    const row = TranscriptEntry.safeParse(withStorableText(entry));
    if (row.success) return row.data;
    const known = Numbered.safeParse(entry);
    if (!known.success) return { writer_id: writer, sequence: null };
    const buried = Buried.safeParse(entry);
    return {
      writer_id: known.data.writer_id === writer ? writer : null,
      sequence: known.data.sequence,
      tombstone: buried.success
        ? storableText(buried.data.tombstone)
        : `not a row: ${fieldsOf(row.error)}`,
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
