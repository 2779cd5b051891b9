import { storableText } from '@interview/protocol';
import type { CallId, TranscriptEntry } from '@interview/protocol';
import { heardMsOf, statusOf, textOf, type Utterance } from './utterance.ts';

/** A row before a writer gave it a sequence. */
export type Row = Omit<TranscriptEntry, 'writer_id' | 'sequence'>;

/** The row of an utterance at a position, with the next revision; null when nothing has changed since the last. */
export function revise(callId: CallId, utterance: Utterance, position: number): Row | null {
  const { id, name, role, previous, language } = utterance;
  const text = storableText(textOf(utterance));
  const status = statusOf(utterance);
  const heard_ms = wholeMs(heardMsOf(utterance));
  const facts = [text, status, position, heard_ms, previous, language];
  if (utterance.facts?.every((fact, index) => fact === facts[index])) return null;
  utterance.facts = facts;
  utterance.revision += 1;
  return {
    entry_id: id,
    revision: utterance.revision,
    role,
    text,
    status,
    call_id: callId,
    item_id: name,
    previous_item_id: previous,
    position,
    started_ms: wholeMs(utterance.startedMs),
    ended_ms: wholeMs(utterance.endedMs),
    heard_ms,
    language,
  };
}

function wholeMs(value: number | null): number | null {
  return value === null ? null : Math.max(0, Math.round(value));
}
