import type { ContentPart, ConversationItem, Speaker } from '@interview/protocol';

/** What nobody finishes is closed after this, milliseconds. */
const UNFINISHED_MS = 60_000;
/** A transcription that did not come by then is taken as failed, milliseconds; a late one still mends the row. */
const TRANSCRIPTION_MS = 10_000;
/** How long the end of playback, or the length that was heard, is waited for, milliseconds. */
const PLAYBACK_MS = 20_000;
const TRUNCATION_MS = 2_000;

/** An utterance under way. */
export interface Draft {
  itemId: string;
  /** When it was first heard of, Unix time in milliseconds. */
  seenAt: number;
  /** null until the provider tells whose item it is. */
  role: Speaker | null;
  previousItemId: string | null;
  parts: Map<number, string>;
  responseId: string | null;
  startedMs: number | null;
  endedMs: number | null;
  heardMs: number | null;
  language: string | null;
  /** Output in writing, of which nothing is played. */
  written: boolean;
  /** No more text is to be expected. */
  textDone: boolean;
  failed: boolean;
  interrupted: boolean;
  played: boolean;
  /** When it may be closed with what there is. */
  closeAt: number;
  /** Last version that was handed out. */
  told: string | null;
}

/** An utterance of which only the item is known. */
export function newDraft(itemId: string, now: number): Draft {
  return {
    itemId,
    seenAt: now,
    role: null,
    previousItemId: null,
    parts: new Map(),
    responseId: null,
    startedMs: null,
    endedMs: null,
    heardMs: null,
    language: null,
    written: false,
    textDone: false,
    failed: false,
    interrupted: false,
    played: false,
    closeAt: now + UNFINISHED_MS,
    told: null,
  };
}

/** Adds to a text under way. */
export function append(draft: Draft, index: number, delta: string): void {
  draft.parts.set(index, (draft.parts.get(index) ?? '') + delta);
}

/** A later event without text never erases what is known. */
export function take(draft: Draft, content: readonly ContentPart[]): void {
  for (const [index, part] of content.entries()) {
    if (part.text !== null && part.text !== '') draft.parts.set(index, part.text);
  }
}

/** The candidate's turn is over. `now`: Unix time; `callStart`: likewise, of the call's start; milliseconds. */
export function endTurn(
  draft: Draft,
  previous: string | null,
  { now, callStart }: { now: number; callStart: number },
): void {
  draft.role = 'candidate';
  draft.endedMs ??= now - callStart;
  draft.previousItemId = previous;
  draft.closeAt = now + TRANSCRIPTION_MS;
}

/** The candidate's words, complete; they mend what was taken as failed. */
export function transcribe(
  draft: Draft,
  said: { contentIndex: number; transcript: string; language: string | null },
): void {
  draft.role ??= 'candidate';
  draft.parts.set(said.contentIndex, said.transcript);
  draft.language = said.language ?? draft.language;
  draft.textDone = true;
  draft.failed = false;
}

/** No words will come; those that came already stay good. */
export function fail(draft: Draft): void {
  draft.failed = !draft.textDone;
  draft.textDone = true;
}

/** Closed with what there is. */
export function giveUp(draft: Draft): void {
  draft.failed = draft.failed || !draft.textDone;
  draft.textDone = true;
  draft.played = true;
}

/** The interviewer's words, complete; their playback may still run. */
export function finish(draft: Draft, item: ConversationItem, now: number): void {
  take(draft, item.content);
  if (draft.textDone) return;
  draft.textDone = true;
  draft.closeAt = now + PLAYBACK_MS;
  if (item.status === 'incomplete') draft.interrupted = true;
  // Written output is heard as it is delivered; nothing is played.
  draft.written = item.content.length > 0 && item.content.every((part) => part.kind === 'text');
  if (draft.written) draft.played = true;
}

/** Playback ended by itself. `at`: milliseconds since the call's start. */
export function playOut(draft: Draft, at: number): void {
  draft.played = true;
  draft.endedMs = at;
}

/** Playback was cut; how much was heard is told soon. */
export function cutOff(draft: Draft, at: number, now: number): void {
  if (draft.played) return;
  draft.interrupted = true;
  draft.endedMs = at;
  draft.closeAt = now + TRUNCATION_MS;
}

/** Only `heardMs` milliseconds of it were heard. */
export function truncate(draft: Draft, heardMs: number, now: number): void {
  draft.role ??= 'interviewer';
  draft.interrupted = true;
  draft.heardMs = Math.max(0, Math.round(heardMs));
  draft.played = true;
  draft.closeAt = Math.min(draft.closeAt, now + TRUNCATION_MS);
}
