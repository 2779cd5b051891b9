import * as z from 'zod/mini';
import { MAX_BATCH_ENTRIES, MAX_ENTRY_TEXT_BYTES } from './limits.ts';
import { CallId, EntryId, ItemId, WriterId } from './ids.ts';

/** Who speaks. */
export const Speaker = z.enum(['candidate', 'interviewer', 'system']);
export type Speaker = z.infer<typeof Speaker>;

/** What became of an utterance. Partials are never stored, so there is no status for them. */
export const EntryStatus = z.enum(['final', 'interrupted', 'failed', 'inaudible']);
export type EntryStatus = z.infer<typeof EntryStatus>;

const ms = z.nullable(z.int().check(z.minimum(0)));

/** One row as a writer sends it. Its `source` is set from the credential, never from here. */
export const TranscriptEntry = z.object({
  entry_id: EntryId,
  writer_id: WriterId,
  /** Counts 1, 2, 3 … per writer, taken when the row is stored in the outbox. */
  sequence: z.int().check(z.minimum(1)),
  /** Rises when the provider tells more of the same utterance: late text, placement, interruption. */
  revision: z.int().check(z.minimum(0)),
  role: Speaker,
  text: z.string().check(z.maxLength(MAX_ENTRY_TEXT_BYTES)),
  status: EntryStatus,
  call_id: CallId,
  item_id: z.nullable(ItemId),
  previous_item_id: z.nullable(ItemId),
  /** Order within (call, source). */
  position: z.number(),
  /** From the start of the call, milliseconds; null where the provider did not tell. */
  started_ms: ms,
  ended_ms: ms,
  /** How much of an interviewer's line was played, milliseconds; null where it was played whole or is unknown. */
  heard_ms: z.nullable(z.int().check(z.minimum(0))),
  language: z.nullable(z.string().check(z.maxLength(35))),
});
export type TranscriptEntry = z.infer<typeof TranscriptEntry>;

/** What `interview-transcript` takes. */
export const TranscriptBatch = z.object({
  session_id: z.uuid(),
  writer_id: WriterId,
  /** Items are checked one by one, so that a bad row does not lose the good ones. */
  entries: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_BATCH_ENTRIES)),
});
export type TranscriptBatch = z.infer<typeof TranscriptBatch>;

/** A row that was refused and why. */
export const RefusedEntry = z.object({
  sequence: z.int(),
  code: z.enum(['conflict', 'invalid', 'wrong_writer', 'tombstone']),
});
export type RefusedEntry = z.infer<typeof RefusedEntry>;

/** Says what is committed in Postgres. `last_sequence` is the high-water mark: all up to it are there. */
export const Acknowledgement = z.object({
  writer_id: WriterId,
  last_sequence: z.int(),
  stored: z.int(),
  duplicates: z.int(),
  refused: z.array(RefusedEntry),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** One utterance as readers see it: a row of the view `transcript_current`. */
export const TranscriptRow = z.object({
  entry_id: EntryId,
  role: Speaker,
  text: z.string(),
  status: EntryStatus,
  call_id: CallId,
  call_ordinal: z.int(),
  source: z.enum(['browser', 'server']),
  started_ms: ms,
  ended_ms: ms,
  heard_ms: ms,
});
export type TranscriptRow = z.infer<typeof TranscriptRow>;
