import { OWN_ITEM_PREFIX, type ReportUtterance } from '@interview/protocol';

/** As much of an utterance as the figures need. */
export type Line = Pick<
  ReportUtterance,
  'entry_id' | 'role' | 'text' | 'status' | 'call_ordinal' | 'started_ms' | 'ended_ms' | 'heard_ms'
>;

/** When somebody was heard, from the start of the call, milliseconds. */
export interface Span {
  start: number;
  end: number;
}

/** Whether the candidate typed it: nobody spoke, so its times are those of keys. */
export function isTyped({ entry_id }: Line): boolean {
  return entry_id.slice(entry_id.indexOf('.') + 1).startsWith(OWN_ITEM_PREFIX.typed);
}

/** When the other heard it; null where it was typed or the provider gave no times. */
export function heardSpan(line: Line): Span | null {
  const { started_ms: start, ended_ms, heard_ms } = line;
  if (start === null || isTyped(line)) return null;
  const end = heard_ms === null ? ended_ms : Math.min(start + heard_ms, ended_ms ?? Infinity);
  return end === null || end < start ? null : { start, end };
}

/** Whether its words are known. */
export function hasWords({ status, text }: Line): boolean {
  return (status === 'final' || status === 'interrupted') && text.trim() !== '';
}
