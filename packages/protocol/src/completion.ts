import * as z from 'zod/mini';
import { WriterId } from './ids.ts';
import { SessionStatus } from './session.ts';

/** The writers that a browser knows, each with the last sequence it gave out. */
export const WriterMarks = z.record(WriterId, z.int().check(z.minimum(0)));
export type WriterMarks = z.infer<typeof WriterMarks>;

/** Rows that a page knows it lost, for example because it had no durable store. */
export const LostRange = z.object({
  writer_id: WriterId,
  from: z.int().check(z.minimum(1)),
  to: z.int().check(z.minimum(1)),
});
export type LostRange = z.infer<typeof LostRange>;

/** Rows that the server still waits for. */
export const MissingRange = LostRange;
export type MissingRange = LostRange;

/** Outcome of `complete`: everything is held, or these are missing. */
export const CompletionOutcome = z.object({
  status: SessionStatus,
  missing: z.array(MissingRange),
});
export type CompletionOutcome = z.infer<typeof CompletionOutcome>;
