import { entryId, isHiddenItem } from '@interview/protocol';
import type { CallId } from '@interview/protocol';
import type { ConversationChange } from '../conversation/decoder.ts';
import type { TranscriptLine } from '../events.ts';
import { Order } from './order.ts';
import { revise, type Row } from './revisions.ts';
import {
  endUtterance,
  isShown,
  isSilent,
  lineOf,
  newUtterance,
  tellUtterance,
  textOf,
  type Reply,
  type Utterance,
} from './utterance.ts';

/** How long a row waits for its predecessor, and speech for being taken as a turn, milliseconds. */
export const PARKED_MS = 2_000;
/** How long a turn waits for its transcription, milliseconds. Text that comes later still counts. */
export const TRANSCRIPTION_MS = 10_000;

/** What tells of an utterance for the first time, and who says it; other changes of an unknown one are ignored. */
const beginnings: Partial<Record<ConversationChange['kind'], Utterance['role']>> = {
  speech_started: 'candidate',
  silence: 'candidate',
  reply_utterance: 'interviewer',
};

type ChangeWith<K extends string> = Extract<ConversationChange, Record<K, unknown>>;

/**
 * Makes the transcript of one call out of what its decoder tells, in whatever order that comes. Pure: it reads no
 * clock and starts no timer; `atMs` is the time since the call began. What a change costs does not grow with the
 * transcript.
 *
 * @example
 * const assembler = new Assembler(callId);
 * for (const row of assembler.apply(decoder.decode(data).changes, atMs)) await outbox.append(row);
 */
export class Assembler {
  readonly #callId: CallId;
  readonly #order = new Order<Utterance>();
  readonly #replies = new Map<string, Reply>();
  /** Shown, and still waiting for a place or for text. */
  readonly #open = new Set<Utterance>();
  /** More was told of them since rows were handed out. */
  readonly #touched = new Set<Utterance>();
  /** With which offset the lines were made. */
  #offsetMs: number | null = null;
  #version = 0;
  /** The reply that is played, or that was stopped without a word yet on how much of it was heard. */
  #heard: Reply | null = null;

  constructor(callId: CallId) {
    this.#callId = callId;
  }

  /** Takes in what happened and returns the rows that are new or have changed. */
  apply(changes: readonly ConversationChange[], atMs: number): Row[] {
    for (const change of changes) {
      if ('utterance' in change) this.#takeUtterance(change, atMs);
      else if ('reply' in change) this.#takeReply(change, atMs);
      else if (change.kind === 'speech_dropped') this.#dropSpeech(() => true);
    }
    // Partials live in the page only, also when they come to a row that was given up.
    return changes.every((change) => change.kind === 'text' && !change.final) ? [] : this.#rows();
  }

  /** Gives up on what did not come in time. Call it about once a second. */
  tick(atMs: number): Row[] {
    for (const utterance of this.#open) this.#giveUp(utterance, atMs);
    return this.#rows();
  }

  /** Closes what is open with what it has: no more will come of this call. */
  close(): Row[] {
    for (const utterance of this.#open) {
      if (!utterance.ended) {
        utterance.ended = true;
        if (utterance.role === 'interviewer') utterance.whole = false;
        else utterance.failed = true;
      }
      this.#touch(utterance);
      this.#placeForNow(utterance);
    }
    return this.#rows();
  }

  /** How many utterances still wait for their place or their text. */
  get open(): number {
    return this.#open.size;
  }

  /** The interviewer's voice is still played, or it is not yet told how much of it was heard. */
  get isHeard(): boolean {
    return this.#heard !== null;
  }

  /** Rises whenever the lines may have changed. */
  get version(): number {
    return this.#version;
  }

  /**
   * Lines in reading order; what has no place yet stands last. A line that has not changed is the same object.
   *
   * @param offsetMs when the call began in the interview, milliseconds; null where unknown
   */
  lines(offsetMs: number | null): readonly TranscriptLine[] {
    const anew = offsetMs !== this.#offsetMs;
    this.#offsetMs = offsetMs;
    const lines: TranscriptLine[] = [];
    const show = (one: Utterance): void => {
      // undefined: more was told of it since it was shown last.
      if (anew || one.line === undefined) one.line = isShown(one) ? lineOf(one, offsetMs) : null;
      if (one.line) lines.push(one.line);
    };
    for (const one of this.#order.backwards()) show(one);
    lines.reverse();
    for (const one of this.#open) if (this.#order.positionOf(one.name) === null) show(one);
    return lines;
  }

  #takeUtterance(change: ChangeWith<'utterance'>, atMs: number): void {
    const { kind, utterance: name } = change;
    if (kind === 'removed') this.#order.remove(name);
    if (kind === 'placed') this.#touch(...this.#order.place(name, change.after));
    // Text may come before all else of its utterance, when messages were reordered on the way.
    const role = 'role' in change ? change.role : beginnings[kind];
    const utterance = this.#order.get(name) ?? (role && this.#begin(name, role));
    if (!utterance) return;
    // A new start without an end of the former: that one was a cough.
    if (kind === 'speech_started')
      this.#dropSpeech((one) => one !== utterance && one.endedMs === null);
    if (kind === 'reply_utterance') {
      utterance.reply ??= this.#reply(change.reply);
      utterance.reply.utterances.add(utterance);
    }
    tellUtterance(utterance, change, atMs);
    this.#touch(utterance);
    if (kind !== 'cut_short' && kind !== 'reply_utterance') return;
    this.#touch(...(utterance.reply?.utterances ?? []));
    if (kind === 'cut_short' && utterance.reply === this.#heard) this.#heard = null;
  }

  #takeReply(change: Exclude<ChangeWith<'reply'>, ChangeWith<'utterance'>>, atMs: number): void {
    const reply = this.#reply(change.reply);
    for (const one of reply.utterances) {
      if (change.kind === 'reply_ended') endUtterance(one, atMs);
      this.#touch(one);
    }
    switch (change.kind) {
      case 'reply_started':
        reply.aside = !change.inConversation;
        return;
      case 'reply_ended':
        reply.broken = change.outcome !== 'completed';
        return;
      case 'silenced':
        reply.silenced = true;
        return;
      case 'playing': {
        const [first] = reply.utterances;
        if (first && this.#heard !== reply) first.startedMs = Math.round(atMs);
        this.#heard = reply;
        return;
      }
      case 'played':
        if (this.#heard === reply) this.#heard = null;
    }
  }

  #dropSpeech(fits: (utterance: Utterance) => boolean): void {
    for (const one of this.#open) {
      if (one.role !== 'candidate' || one.placed || !fits(one)) continue;
      one.dropped = true;
      this.#touch(one);
    }
  }

  #giveUp(one: Utterance, atMs: number): void {
    const waited = atMs - (one.waitingSinceMs ?? atMs);
    if (waited >= TRANSCRIPTION_MS && one.role === 'candidate' && !one.ended) {
      one.failed = one.ended = true;
      this.#touch(one);
    }
    if (waited < PARKED_MS) return;
    if (one.placed || one.ended) this.#placeForNow(one);
    else if (textOf(one) === '') this.#dropSpeech((other) => other === one);
  }

  #placeForNow(utterance: Utterance): void {
    utterance.placed = true;
    this.#touch(...this.#order.append(utterance.name));
  }

  #rows(): Row[] {
    const rows: Row[] = [];
    for (const one of this.#touched) {
      const position = this.#order.positionOf(one.name);
      const complete = position !== null && one.placed && one.ended;
      this.#open[complete || !isShown(one) ? 'delete' : 'add'](one);
      const row = complete && !isSilent(one) ? revise(this.#callId, one, position) : null;
      if (row) rows.push(row);
    }
    this.#touched.clear();
    return rows;
  }

  #touch(...utterances: Utterance[]): void {
    this.#version += 1;
    for (const one of utterances) {
      this.#touched.add(one);
      one.line = undefined;
    }
  }

  #reply(name: string): Reply {
    const known = this.#replies.get(name);
    if (known) return known;
    const reply: Reply = { utterances: new Set(), aside: false, broken: false, silenced: false };
    this.#replies.set(name, reply);
    return reply;
  }

  #begin(name: string, role: Utterance['role']): Utterance | null {
    if (isHiddenItem(name)) return null;
    const utterance = newUtterance(entryId(this.#callId, name), name, role);
    this.#order.set(name, utterance);
    this.#open.add(utterance);
    return utterance;
  }
}
