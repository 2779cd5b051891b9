import { entryId, storableText } from '@interview/protocol';
import type { CallId, TranscriptEntry } from '@interview/protocol';
import { statusOf, textOf, type Utterance } from './utterance.ts';

/** A row before a writer gave it a sequence. */
export type Row = Omit<TranscriptEntry, 'writer_id' | 'sequence'>;

/** Hands out each utterance as a row once, and again with a higher revision when the provider tells more of it. */
export class Revisions {
  readonly #callId: CallId;
  readonly #handedOut = new Map<string, { facts: string; revision: number }>();

  constructor(callId: CallId) {
    this.#callId = callId;
  }

  /** The row of an utterance at a position; null when nothing has changed since it was handed out. */
  next(utterance: Utterance, position: number): Row | null {
    const { name, heardMs, previous, language } = utterance;
    const [text, status] = [storableText(textOf(utterance)), statusOf(utterance)];
    const facts = JSON.stringify([text, status, position, heardMs, previous, language]);
    const former = this.#handedOut.get(name);
    if (former?.facts === facts) return null;
    const revision = former ? former.revision + 1 : 0;
    this.#handedOut.set(name, { facts, revision });
    return {
      entry_id: entryId(this.#callId, name),
      revision,
      role: utterance.role,
      text,
      status,
      call_id: this.#callId,
      item_id: name,
      previous_item_id: previous,
      position,
      started_ms: wholeMs(utterance.startedMs),
      ended_ms: wholeMs(utterance.endedMs),
      heard_ms: wholeMs(heardMs),
      language,
    };
  }
}

function wholeMs(value: number | null): number | null {
  return value === null ? null : Math.max(0, Math.round(value));
}
