import { entryId, isHiddenItem } from '@interview/protocol';
import type { CallId } from '@interview/protocol';
import type { ConversationChange } from '../conversation/decoder.ts';
import type { TranscriptLine } from '../events.ts';
import { Order } from './order.ts';
import { Revisions, type Row } from './revisions.ts';
import {
  endUtterance,
  isSettled,
  isSilent,
  lineOf,
  newUtterance,
  tellUtterance,
  textOf,
  type Utterance,
} from './utterance.ts';

/** How long a row waits for its predecessor, milliseconds. */
export const PARKED_MS = 2_000;
/** How long a turn waits for its transcription, milliseconds. Text that comes later still counts. */
export const TRANSCRIPTION_MS = 10_000;

type ChangeOf<K extends ConversationChange['kind']> = Extract<ConversationChange, { kind: K }>;

/**
 * Makes the transcript of one call out of what its decoder tells, in whatever order that comes. Pure: it reads no
 * clock and starts no timer; `atMs` is the time since the call began.
 *
 * @example
 * const assembler = new Assembler(callId);
 * for (const row of assembler.apply(decoder.decode(data).changes, atMs)) await outbox.append(row);
 */
export class Assembler {
  readonly #callId: CallId;
  readonly #order = new Order();
  readonly #utterances = new Map<string, Utterance>();
  /** Replies that are no part of the conversation. */
  readonly #aside = new Set<string>();
  readonly #revisions: Revisions;
  /** The reply that is played, or that was stopped without a word yet on how much of it was heard. */
  #heardReply: string | null = null;

  constructor(callId: CallId) {
    this.#callId = callId;
    this.#revisions = new Revisions(callId);
  }

  /** Takes in what happened and returns the rows that are new or have changed. */
  apply(changes: readonly ConversationChange[], atMs: number): Row[] {
    for (const change of changes) this.#take(change, atMs);
    // Partials live in the page only, also when they come to a row that was given up.
    return changes.every(({ kind }) => kind === 'text_added') ? [] : this.#rows();
  }

  /** Gives up on what did not come in time. Call it about once a second. */
  tick(atMs: number): Row[] {
    for (const utterance of this.#utterances.values()) this.#giveUp(utterance, atMs);
    return this.#rows();
  }

  /** Closes what is open with what it has: no more will come of this call. */
  close(): Row[] {
    for (const utterance of this.#utterances.values()) {
      if (!this.#isShown(utterance)) continue;
      if (!utterance.ended) {
        utterance.ended = true;
        if (utterance.role === 'interviewer') utterance.cut = true;
        else utterance.textFailed = textOf(utterance) === '';
      }
      this.#order.append(utterance.name);
      utterance.placed = true;
    }
    return this.#rows();
  }

  /** How many utterances still wait for their place or their text. */
  get open(): number {
    const all = [...this.#utterances.values()];
    return all.filter((one) => this.#isShown(one) && !this.#isComplete(one)).length;
  }

  /** The interviewer's voice is still played, or it is not yet told how much of it was heard. */
  get isHeard(): boolean {
    return this.#heardReply !== null;
  }

  /** Lines in reading order; what has no place yet stands last. `offsetMs`: when the call began in the interview. */
  lines(offsetMs: number | null): TranscriptLine[] {
    const placed = this.#order.names.map((name) => this.#utterances.get(name));
    const floating = [...this.#utterances.values()].filter((one) => !this.#order.has(one.name));
    return [...placed, ...floating]
      .filter((one) => one !== undefined)
      .filter((one) => this.#isShown(one))
      .map((one) => lineOf(entryId(this.#callId, one.name), one, offsetMs));
  }

  #take(change: ConversationChange, atMs: number): void {
    switch (change.kind) {
      case 'speech_started': {
        this.#speechStarted(change);
        return;
      }
      case 'speech_stopped':
        this.#named(change.utterance, 'candidate').endedMs = change.atMs;
        return;
      case 'speech_dropped': {
        this.#dropOpenSpeech();
        return;
      }
      case 'placed': {
        this.#place(change, atMs);
        return;
      }
      case 'reply_started':
        if (!change.inConversation) this.#aside.add(change.reply);
        return;
      case 'reply_utterance': {
        this.#replyUtterance(change, atMs);
        return;
      }
      case 'reply_ended': {
        this.#replyEnded(change, atMs);
        return;
      }
      case 'playing': {
        this.#playing(change.reply, atMs);
        return;
      }
      case 'played':
        if (change.reply === this.#heardReply) this.#heardReply = null;
        return;
      case 'silenced': {
        this.#silenced(change.reply);
        return;
      }
      default: {
        this.#takeText(change, atMs);
        return;
      }
    }
  }

  #takeText(change: ConversationChange, atMs: number): void {
    if (!('utterance' in change) || isHiddenItem(change.utterance)) return;
    // Text may come before all else of its utterance, when messages were reordered on the way.
    const utterance =
      'role' in change && change.role !== null
        ? this.#named(change.utterance, change.role)
        : this.#utterances.get(change.utterance);
    if (!utterance) return;
    tellUtterance(utterance, change, atMs);
    const { kind } = change;
    if (kind === 'cut_short' && utterance.reply === this.#heardReply) this.#heardReply = null;
  }

  #speechStarted(change: ChangeOf<'speech_started'>): void {
    // A new start without an end of the former: that one was a cough.
    for (const one of this.#utterances.values()) {
      const open = one.role === 'candidate' && !one.placed && one.endedMs === null;
      if (open && one.name !== change.utterance) one.dropped = true;
    }
    const utterance = this.#named(change.utterance, 'candidate');
    utterance.startedMs = change.atMs;
  }

  #dropOpenSpeech(): void {
    for (const one of this.#utterances.values()) {
      if (one.role === 'candidate' && !one.placed) one.dropped = true;
    }
  }

  #place(change: ChangeOf<'placed'>, atMs: number): void {
    this.#order.place(change.utterance, change.after);
    if (change.role === null || isHiddenItem(change.utterance)) return;
    const utterance = this.#named(change.utterance, change.role);
    utterance.role = change.role;
    utterance.placed = true;
    utterance.dropped = false;
    utterance.previous = change.after ?? utterance.previous;
    utterance.waitingSinceMs ??= atMs;
    utterance.startedMs ??= change.role === 'candidate' ? null : Math.round(atMs);
    if (!change.spoken) utterance.ended = true;
  }

  #replyUtterance(change: ChangeOf<'reply_utterance'>, atMs: number): void {
    if (isHiddenItem(change.utterance)) return;
    const utterance = this.#named(change.utterance, 'interviewer');
    utterance.reply = change.reply;
    utterance.startedMs ??= Math.round(atMs);
  }

  #replyEnded(change: ChangeOf<'reply_ended'>, atMs: number): void {
    for (const one of this.#of(change.reply)) {
      if (!one.ended) endUtterance(one, change.outcome === 'completed', atMs);
    }
  }

  #playing(reply: string, atMs: number): void {
    const first = this.#of(reply)[0];
    if (first) first.startedMs = Math.round(atMs);
    this.#heardReply = reply;
  }

  /** The last that was begun is the one that was silenced; `cut_short` tells how much of it was heard. */
  #silenced(reply: string): void {
    const last = this.#of(reply).at(-1);
    if (last) last.cut = true;
  }

  #giveUp(one: Utterance, atMs: number): void {
    if (one.waitingSinceMs === null || !this.#isShown(one)) return;
    const waited = atMs - one.waitingSinceMs;
    if (waited >= PARKED_MS && (one.placed || one.ended) && !this.#order.has(one.name)) {
      this.#order.append(one.name);
      one.placed = true;
    }
    if (waited >= TRANSCRIPTION_MS && one.role === 'candidate' && !one.ended) {
      one.ended = true;
      one.textFailed = true;
    }
  }

  #rows(): Row[] {
    return this.#order.names.flatMap((name) => {
      const utterance = this.#utterances.get(name);
      if (!utterance || !this.#isComplete(utterance) || isSilent(utterance)) return [];
      const row = this.#revisions.next(utterance, this.#order.positionOf(name) ?? 0);
      return row ? [row] : [];
    });
  }

  #isComplete(utterance: Utterance): boolean {
    return isSettled(utterance) && this.#order.has(utterance.name);
  }

  #isShown(utterance: Utterance): boolean {
    if (utterance.dropped || isSilent(utterance)) return false;
    return utterance.placed || !this.#aside.has(utterance.reply ?? '');
  }

  #of(reply: string): Utterance[] {
    return [...this.#utterances.values()].filter((one) => one.reply === reply);
  }

  #named(name: string, role: 'candidate' | 'interviewer'): Utterance {
    const known = this.#utterances.get(name);
    if (known) return known;
    const utterance = newUtterance(name, role);
    this.#utterances.set(name, utterance);
    return utterance;
  }
}
