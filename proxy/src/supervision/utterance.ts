import type { ConversationItem, EntryStatus, Speaker } from '@interview/protocol';
import type { Draft } from './draft.ts';

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
  /** Nothing of it was to be played. */
  written: boolean;
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
    written: draft.written,
  };
}

function statusOf(draft: Draft, text: string): EntryStatus {
  if (draft.failed) return 'failed';
  if (draft.interrupted) return 'interrupted';
  return text === '' ? 'inaudible' : 'final';
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
