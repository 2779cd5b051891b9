import type { EntryStatus } from '@interview/protocol';
import type { ConversationChange } from '../conversation/decoder.ts';
import type { TranscriptLine } from '../events.ts';

/** What is known of one utterance so far. */
export interface Utterance {
  readonly name: string;
  role: 'candidate' | 'interviewer';
  /** Text by part of the content; a final part takes no more deltas. */
  parts: Map<number, { text: string; final: boolean }>;
  /** The reply that it belongs to; null for the candidate's. */
  reply: string | null;
  previous: string | null;
  language: string | null;
  /** Since the call began, milliseconds. */
  startedMs: number | null;
  endedMs: number | null;
  heardMs: number | null;
  /** The provider took it as a turn. Without this it is a false start, or still being said. */
  placed: boolean;
  /** When it was placed or ended: waiting is counted from here. */
  waitingSinceMs: number | null;
  /** No more text is expected. */
  ended: boolean;
  /** It was cut off before its end. */
  cut: boolean;
  textFailed: boolean;
  /** Speech that never became a turn. Kept, since its placement may come late. */
  dropped: boolean;
}

/** An utterance of which nothing is known but who says it. */
export function newUtterance(name: string, role: 'candidate' | 'interviewer'): Utterance {
  return {
    name,
    role,
    parts: new Map(),
    reply: null,
    previous: null,
    language: null,
    startedMs: null,
    endedMs: null,
    heardMs: null,
    placed: false,
    waitingSinceMs: null,
    ended: false,
    cut: false,
    textFailed: false,
    dropped: false,
  };
}

/** Its words so far. */
export function textOf(utterance: Utterance): string {
  const parts = [...utterance.parts].sort(([a], [b]) => a - b);
  return parts
    .map(([, part]) => part.text)
    .join('')
    .trim();
}

/** Adds a piece of text; what comes after the final text is ignored. */
function addText(utterance: Utterance, index: number, text: string): void {
  const part = utterance.parts.get(index);
  if (part?.final) return;
  utterance.parts.set(index, { text: (part?.text ?? '') + text, final: false });
}

/** Replaces the pieces by the final text. An empty one never erases known words. */
function setText(utterance: Utterance, index: number, text: string): void {
  const former = utterance.parts.get(index);
  const kept = text.trim() === '' ? (former?.text ?? '') : text;
  utterance.parts.set(index, { text: kept, final: true });
}

/** Takes in what is told of the words of an utterance. */
export function tellUtterance(
  utterance: Utterance,
  change: ConversationChange,
  atMs: number,
): void {
  switch (change.kind) {
    case 'text_added':
      addText(utterance, change.part, change.text);
      return;
    case 'text_known':
      setText(utterance, change.part, change.text);
      utterance.language = change.language ?? utterance.language;
      utterance.textFailed = false;
      if (utterance.role === 'candidate') utterance.ended = true;
      return;
    case 'text_failed':
      utterance.textFailed = true;
      utterance.ended = true;
      return;
    case 'utterance_ended':
      endUtterance(utterance, change.whole, atMs);
      return;
    case 'cut_short':
      utterance.cut = true;
      utterance.heardMs = change.heardMs;
  }
}

/** No more text comes; `whole` is false where it was cut off. */
export function endUtterance(utterance: Utterance, whole: boolean, atMs: number): void {
  utterance.ended = true;
  utterance.waitingSinceMs ??= atMs;
  if (!whole) utterance.cut = true;
}

/** All that will come has come. */
export function isSettled(utterance: Utterance): boolean {
  return utterance.placed && utterance.ended;
}

/** What became of it; only meaningful once it is settled. */
export function statusOf(utterance: Utterance): EntryStatus {
  if (utterance.cut) return 'interrupted';
  if (utterance.textFailed) return 'failed';
  return textOf(utterance) === '' ? 'inaudible' : 'final';
}

/** An interviewer's utterance without a word was cancelled before it began: nobody said anything. */
export function isSilent(utterance: Utterance): boolean {
  return utterance.role === 'interviewer' && utterance.ended && textOf(utterance) === '';
}

/** As a user interface shows it. */
export function lineOf(id: string, utterance: Utterance, offsetMs: number | null): TranscriptLine {
  return {
    id,
    role: utterance.role,
    text: textOf(utterance),
    status: utterance.ended || utterance.cut ? statusOf(utterance) : 'partial',
    atMs: utterance.startedMs === null || offsetMs === null ? null : offsetMs + utterance.startedMs,
    heardMs: utterance.heardMs,
  };
}
