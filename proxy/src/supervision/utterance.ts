import type { ContentPart, ConversationItem, EntryStatus, Speaker } from '@interview/protocol';

/** What nobody finishes is closed after this, milliseconds. */
const UNFINISHED_MS = 60_000;

/** What is known of one utterance. Times count from the start of the call, milliseconds. */
export interface Utterance {
  itemId: string;
  role: Speaker;
  previousItemId: string | null;
  position: number;
  text: string;
  status: EntryStatus;
  startedMs: number | null;
  endedMs: number | null;
  heardMs: number | null;
  language: string | null;
}

/** An utterance under way. */
export interface Draft {
  itemId: string;
  /** null until the provider tells whose item it is. */
  role: Speaker | null;
  previousItemId: string | null;
  parts: Map<number, string>;
  responseId: string | null;
  startedMs: number | null;
  endedMs: number | null;
  heardMs: number | null;
  language: string | null;
  spoken: boolean;
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
    role: null,
    previousItemId: null,
    parts: new Map(),
    responseId: null,
    startedMs: null,
    endedMs: null,
    heardMs: null,
    language: null,
    spoken: false,
    textDone: false,
    failed: false,
    interrupted: false,
    played: false,
    closeAt: now + UNFINISHED_MS,
    told: null,
  };
}

/** The utterance once it is final; null while its text, its place or the end of its playback is not known. */
export function utteranceOf(draft: Draft, position: number | null): Utterance | null {
  const heard = draft.role !== 'interviewer' || draft.played;
  if (position === null || draft.role === null || !draft.textDone || !heard) return null;
  const text = textOf(draft);
  return {
    itemId: draft.itemId,
    role: draft.role,
    previousItemId: draft.previousItemId,
    position,
    text,
    status: statusOf(draft, text),
    startedMs: whole(draft.startedMs),
    endedMs: whole(draft.endedMs),
    heardMs: draft.heardMs,
    language: draft.language,
  };
}

function statusOf(draft: Draft, text: string): EntryStatus {
  if (draft.failed) return 'failed';
  if (draft.interrupted) return 'interrupted';
  return text === '' ? 'inaudible' : 'final';
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

function textOf(draft: Draft): string {
  const parts = [...draft.parts.entries()].sort(([a], [b]) => a - b);
  return parts
    .map(([, text]) => text)
    .join('')
    .trim();
}

/** Who speaks with a provider's role. */
export function speakerOf(role: ConversationItem['role']): Speaker | null {
  if (role === 'user') return 'candidate';
  if (role === 'assistant') return 'interviewer';
  return role;
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms));
}
