import type { EntryId, EntryStatus } from '@interview/protocol';
import type { ConversationChange } from '../conversation/decoder.ts';
import type { TranscriptLine } from '../events.ts';

type ChangeOfUtterance = Extract<ConversationChange, { utterance: string }>;
type Placed = Extract<ConversationChange, { kind: 'placed' }>;

/** What is known of one reply of the interviewer, which may be several utterances. */
export interface Reply {
  readonly utterances: Set<Utterance>;
  /** It is no part of the conversation. */
  aside: boolean;
  /** It did not come to its end. */
  broken: boolean;
  /** What was still to be played of it was thrown away. */
  silenced: boolean;
}

/** What was told of one utterance so far. All else follows from it, so that the order of the tellings does not matter. */
export interface Utterance {
  readonly id: EntryId;
  readonly name: string;
  role: 'candidate' | 'interviewer';
  /** Text by part of the content (integer keys keep their order); a final part takes no more pieces. */
  readonly parts: Record<number, { text: string; final: boolean }>;
  /** The reply that it belongs to, and its number therein; null for the candidate's. */
  reply: Reply | null;
  index: number;
  previous: string | null;
  language: string | null;
  /** Since the call began, milliseconds. */
  startedMs: number | null;
  endedMs: number | null;
  /** How much was played before it was cut short, milliseconds. */
  heardMs: number | null;
  /** The provider took it as a turn. Without this it is a false start, or still being said. */
  placed: boolean;
  /** When it was said, placed or ended, whichever came first: waiting is counted from here. */
  waitingSinceMs: number | null;
  /** No more text is expected. */
  ended: boolean;
  /** It came to its end; null where nobody told. */
  whole: boolean | null;
  /** Its text could not be had, or not in time. */
  failed: boolean;
  /** Nobody spoke: the silence was taken as a turn. */
  silence: boolean;
  /** Speech that never became a turn. Kept, since its placement may come late. */
  dropped: boolean;
  /** Of the row that was handed out last, and what it said; -1 and null before. */
  revision: number;
  facts: readonly unknown[] | null;
  /** As it was shown last, null where it was not; undefined where more was told since. */
  line: TranscriptLine | null | undefined;
}

/** An utterance of which nothing is known but who says it. */
export function newUtterance(id: EntryId, name: string, role: Utterance['role']): Utterance {
  return {
    id,
    name,
    role,
    parts: {},
    reply: null,
    index: 0,
    previous: null,
    language: null,
    startedMs: null,
    endedMs: null,
    heardMs: null,
    placed: false,
    waitingSinceMs: null,
    ended: false,
    whole: null,
    failed: false,
    silence: false,
    dropped: false,
    revision: -1,
    facts: null,
    line: undefined,
  };
}

/** Its words so far. */
export function textOf({ parts }: Utterance): string {
  return Object.values(parts)
    .map(({ text }) => text)
    .join('')
    .trim();
}

/** Takes in what is told of an utterance. Nothing that is told twice, or in another order, makes a difference. */
export function tellUtterance(one: Utterance, change: ChangeOfUtterance, atMs: number): void {
  switch (change.kind) {
    case 'speech_started':
      one.startedMs = change.atMs;
      return;
    case 'speech_stopped':
      one.endedMs = change.atMs;
      one.waitingSinceMs ??= atMs;
      return;
    case 'silence':
      one.silence = one.ended = true;
      return;
    case 'placed':
      placeUtterance(one, change, atMs);
      return;
    case 'reply_utterance':
      one.index = change.index;
      one.startedMs ??= Math.round(atMs);
      return;
    case 'text': {
      const part = (one.parts[change.part] ??= { text: '', final: false });
      // What comes after the final text is ignored, and an empty one never erases known words.
      if (change.final ? change.text.trim() : !part.final)
        part.text = (change.final ? '' : part.text) + change.text;
      part.final ||= change.final;
      one.language = change.language ?? one.language;
      if (part.final && one.role === 'candidate') one.ended = true;
      return;
    }
    case 'text_failed':
      one.failed = one.ended = true;
      return;
    case 'utterance_ended':
      one.whole = change.whole;
      endUtterance(one, atMs);
      return;
    case 'cut_short':
      one.heardMs = change.heardMs;
  }
}

function placeUtterance(one: Utterance, { role, after, open }: Placed, atMs: number): void {
  one.role = role ?? one.role;
  one.placed = true;
  one.dropped = false;
  one.previous = after ?? one.previous;
  one.waitingSinceMs ??= atMs;
  if (role === 'interviewer') one.startedMs ??= Math.round(atMs);
  if (!open) one.ended = true;
}

/** No more text comes. */
export function endUtterance(one: Utterance, atMs: number): void {
  one.ended = true;
  one.waitingSinceMs ??= atMs;
}

/** How much of it was played, milliseconds; null where it was played whole or is unknown. */
export function heardMsOf({ heardMs, reply, index }: Utterance): number | null {
  // What stands behind a line that was cut short never began to play.
  const behind = [...(reply?.utterances ?? [])].some(
    (one) => one.heardMs !== null && one.index < index,
  );
  return heardMs ?? (behind ? 0 : null);
}

/** What became of it; only meaningful once it is settled. */
export function statusOf(utterance: Utterance): EntryStatus {
  if (isCut(utterance)) return 'interrupted';
  const known = Object.values(utterance.parts).some(({ final }) => final);
  if (utterance.failed && !known) return 'failed';
  return textOf(utterance) === '' ? 'inaudible' : 'final';
}

function isCut(utterance: Utterance): boolean {
  const { whole, reply, index } = utterance;
  if (whole === false || heardMsOf(utterance) !== null) return true;
  if (!reply) return false;
  if (whole === null && reply.broken) return true;
  // Until it is told what was heard, the last one is taken as the one that was played.
  return reply.silenced && ![...reply.utterances].some((one) => one.index > index);
}

/** Nobody said anything: a reply that was cancelled before it began, or a silence that was taken as a turn. */
export function isSilent(utterance: Utterance): boolean {
  const { role, silence, ended } = utterance;
  return ended && (role === 'interviewer' || silence) && textOf(utterance) === '';
}

/** A user interface shows it. */
export function isShown(utterance: Utterance): boolean {
  const { dropped, placed, reply } = utterance;
  return !dropped && !isSilent(utterance) && (placed || !reply?.aside);
}

/** As a user interface shows it. `offsetMs`: when the call began in the interview, milliseconds. */
export function lineOf(utterance: Utterance, offsetMs: number | null): TranscriptLine {
  const { id, role, ended, startedMs } = utterance;
  return {
    id,
    role,
    text: textOf(utterance),
    status: ended || isCut(utterance) ? statusOf(utterance) : 'partial',
    atMs: startedMs === null || offsetMs === null ? null : offsetMs + startedMs,
    heardMs: heardMsOf(utterance),
  };
}
