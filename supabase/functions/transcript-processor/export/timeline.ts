import { InterviewReport, type MissingRows, type ReportUtterance } from '@interview/protocol';
import * as z from 'zod/mini';

/** A version of a report as the database gives it out, with what a candidate said of their own lines since. */
export const ExportedReport = z.object({
  revision: z.int(),
  report: InterviewReport,
  corrections: z.array(z.object({ entry_id: z.string(), text: z.string() })),
});
export type ExportedReport = z.infer<typeof ExportedReport>;

/** One thing after the other, as a reader comes by it. */
export type Part =
  | {
      kind: 'line';
      line: ReportUtterance;
      /** From the start of the talk, milliseconds; null where it is not known. */
      start: number | null;
      end: number | null;
      correction: string | null;
    }
  /** Rows that never came: words may be missing here. */
  | { kind: 'missing' }
  /** The talk went on in another call. */
  | { kind: 'reconnect' };

/** The conversation on one clock, with its holes where they are. */
export function timelineOf({ report, corrections }: ExportedReport): Part[] {
  const offsets = new Map(report.calls.map(({ ordinal, offset_ms }) => [ordinal, offset_ms]));
  const corrected = new Map(corrections.map(({ entry_id, text }) => [entry_id, text]));
  const holes = holesBehind(report);
  const parts: Part[] = holes.has(null) ? [{ kind: 'missing' }] : [];
  report.utterances.forEach((line, index) => {
    const before = report.utterances[index - 1];
    if (before && before.call_ordinal !== line.call_ordinal) parts.push({ kind: 'reconnect' });
    // Reports from before there were offsets: the first call's is 0, whenever it was.
    const offset = offsets.get(line.call_ordinal) ?? (line.call_ordinal === 1 ? 0 : null);
    const at = (ms: number | null) => (ms === null || offset === null ? null : offset + ms);
    parts.push({
      kind: 'line',
      line,
      start: at(line.started_ms),
      end: at(heardUntil(line)),
      correction: corrected.get(line.entry_id) ?? null,
    });
    if (holes.has(line.entry_id)) parts.push({ kind: 'missing' });
  });
  return parts;
}

/** When the listener heard the end of it. */
function heardUntil({ started_ms, ended_ms, heard_ms }: ReportUtterance): number | null {
  if (started_ms === null || heard_ms === null) return ended_ms;
  return Math.min(started_ms + heard_ms, ended_ms ?? Infinity);
}

/** Names the lines behind which rows are missing; null: before the first. Rows of a page that the server has too are no hole. */
function holesBehind({ missing, utterances }: InterviewReport): Set<string | null> {
  const calls = new Map(utterances.map(({ entry_id, call_ordinal }) => [entry_id, call_ordinal]));
  const heard = new Set(
    utterances.filter(({ source }) => source === 'server').map(({ call_ordinal }) => call_ordinal),
  );
  const behind = ({ after }: MissingRows) => {
    // Of an utterance of several rows the report keeps the name of the first.
    const line = after === null || calls.has(after) ? after : after.replace(/~\d+$/, '');
    return line !== null && calls.has(line) ? line : null;
  };
  return new Set(
    missing
      .filter((rows) => {
        const call = calls.get(behind(rows) ?? '');
        return (
          rows.source === 'server' || (call === undefined ? heard.size === 0 : !heard.has(call))
        );
      })
      .map(behind),
  );
}
