import { MAX_BATCH_BYTES } from '@interview/protocol';
import type {
  LostRange,
  MissingRange,
  TranscriptEntry,
  WriterId,
  WriterMarks,
} from '@interview/protocol';
import type { DeliveryStatus } from '../events.ts';
import type { Logger } from '../logger.ts';
import { firstBatch, type Batch } from './batch.ts';
import { continueRow } from './continue-row.ts';
import { gaps } from './gaps.ts';
import { inTime } from './indexeddb.ts';
import type { OutboxStore, WriterState } from './store.ts';

/** Most ranges that `complete` takes. */
const MAX_LOST = 100;

/** A row before a writer gave it a sequence. */
export type Row = Omit<TranscriptEntry, 'writer_id' | 'sequence'>;

type Writer = Omit<WriterState, 'writerId'>;

/** What an outbox needs. */
export interface OutboxOptions {
  store: OutboxStore;
  sessionId: string;
  /** Who writes in this page. */
  writerId: WriterId;
  onChange: (status: DeliveryStatus) => void;
  logger: Logger;
}

/**
 * Rows on their way to the server. Each is stored before it can be sent and forgotten only when the server has it;
 * what other pages of this browser left behind is sent as well.
 *
 * @example
 * const outbox = await Outbox.open({ store, sessionId, writerId, onChange: showSaved, logger });
 * await outbox.append(row);
 */
export class Outbox {
  readonly sessionId: string;
  readonly writerId: WriterId;
  readonly #options: OutboxOptions;
  readonly #writers = new Map<WriterId, Writer>();
  /** The store refused a row or went away: from now on memory keeps what is appended. */
  #inMemory = false;
  /** It failed even to forget: it is not asked again, since each answer might take its whole time. */
  #unforgetting = false;
  /** It could not be read last time: it may hold rows of other pages that are not known here. */
  #unread = false;
  #cleared = false;
  /** What the server said last that it misses. */
  #missing: readonly MissingRange[] = [];
  /** The store is asked one thing after the other, so that sequences follow the order of the calls. */
  #last: Promise<void> = Promise.resolve();

  private constructor(options: OutboxOptions) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.writerId = options.writerId;
  }

  /** Takes up what the store holds of the session. Never rejects: a store that fails now is read later. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(options);
    void options.store.lost?.then(() => outbox.#doWithout('closed'));
    await outbox.refresh();
    return outbox;
  }

  /**
   * Resolves when the row is stored, or kept in memory where the store refuses: `status` says so. Never rejects. A
   * utterance that is too long for one row becomes several.
   */
  append(row: Row): Promise<void> {
    return (this.#last = this.#last.then(async () => {
      for (const one of continueRow(row)) await this.#appendOne(one);
    }));
  }

  /** Takes up what other pages of this browser stored meanwhile, or delivered. */
  async refresh(): Promise<void> {
    try {
      const states = await inTime(this.#options.store.read(this.sessionId));
      for (const state of states) this.#merge(state);
      this.#unread = false;
    } catch (error) {
      this.#unread = true;
      this.#options.logger.warn('Rows not read.', { error });
    }
  }

  /** The next rows to send, those of earlier pages first; null when all is acknowledged. */
  next(): Batch | null {
    return this.#batches(MAX_BATCH_BYTES, null).next().value ?? null;
  }

  /** What a page that is left can still send: behind `sent`, and no more than one batch's bytes in all. */
  unsent(sent: Batch | null): Batch[] {
    return [...this.#batches(MAX_BATCH_BYTES, sent)];
  }

  /** The server holds all rows of the writer up to and with `through`. True when that is news. */
  acknowledge(writerId: WriterId, through: number): boolean {
    const writer = this.#writers.get(writerId);
    if (!writer || through <= writer.acknowledged) return false;
    writer.acknowledged = through;
    writer.pending = writer.pending.filter(({ sequence }) => sequence > through);
    this.#changed();
    // Where it fails, the next page sends the rows once more, and the server ignores them.
    if (!this.#unforgetting) {
      void this.#ask((store) => store.acknowledge(this.sessionId, writerId, through));
    }
    return true;
  }

  /** Resolves when every row given so far is stored, and every acknowledged one forgotten. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** The server misses these. What is held is due anyway; what nobody here holds any more is `lost`. */
  missing(ranges: readonly MissingRange[]): void {
    this.#missing = ranges;
  }

  /** Sequences that were given out, that the server does not hold, and that are not held here any more. */
  get lost(): LostRange[] {
    const given = [...this.#writers].map(([writer_id, { acknowledged, last }]) => ({
      writer_id,
      from: acknowledged + 1,
      to: last,
    }));
    return [...given, ...this.#missing]
      .flatMap((range) => gaps(range, this.#writers.get(range.writer_id)?.pending))
      .slice(0, MAX_LOST);
  }

  /** Last sequence of each writer that gave one out. */
  get marks(): WriterMarks {
    const writers = [...this.#writers].filter(([, { last }]) => last > 0);
    return Object.fromEntries(writers.map(([id, { last }]) => [id, last]));
  }

  get status(): DeliveryStatus {
    const writers = [...this.#writers.values()];
    return {
      pending: writers.reduce((sum, { pending }) => sum + pending.length, 0),
      acknowledged: this.#writers.get(this.writerId)?.acknowledged ?? 0,
      kept: this.#inMemory ? 'memory' : this.#options.store.kind,
    };
  }

  /**
   * Forgets the session, once it is completed or nobody takes its rows any more. Takes no rows from then on. What could
   * not be read stays stored: nobody knows whether it was delivered.
   */
  clear(): Promise<void> {
    const cleared = this.#ask(async (store) => {
      if (!this.#unread) await store.clear(this.sessionId);
    });
    this.#cleared = true;
    return cleared;
  }

  async #appendOne(row: Row): Promise<void> {
    if (this.#cleared) return;
    const { sessionId, writerId } = this;
    const writer = this.#writer(writerId);
    const make = (sequence: number): TranscriptEntry => ({ ...row, writer_id: writerId, sequence });
    let entry: TranscriptEntry | undefined;
    if (!this.#inMemory) {
      try {
        entry = await inTime(this.#options.store.append(sessionId, writerId, writer.last, make));
      } catch (error) {
        this.#doWithout(error);
      }
    }
    // Had a store that was too slow taken the row after all, it would be under this very sequence.
    entry ??= make(writer.last + 1);
    writer.last = entry.sequence;
    writer.pending.push(entry);
    this.#changed();
  }

  #ask(work: (store: OutboxStore) => Promise<void>): Promise<void> {
    if (this.#cleared) return this.#last;
    return (this.#last = this.#last
      .then(() => inTime(work(this.#options.store)))
      .catch((error: unknown) => {
        this.#unforgetting = true;
        this.#options.logger.warn('Rows not forgotten.', { error });
      }));
  }

  #doWithout(error: unknown): void {
    if (this.#inMemory || this.#options.store.kind === 'memory') return;
    this.#options.logger.error('Rows kept in memory.', { error });
    this.#inMemory = true;
    this.#changed();
  }

  #merge({ writerId, last, acknowledged, pending }: WriterState): void {
    const writer = this.#writer(writerId as WriterId);
    // Of its own rows this page knows more than the store.
    if (writerId === this.writerId && writer.last > 0) return;
    writer.last = Math.max(writer.last, last);
    writer.acknowledged = Math.max(writer.acknowledged, acknowledged);
    const rows = new Map([...pending, ...writer.pending].map((row) => [row.sequence, row]));
    writer.pending = [...rows.values()]
      .filter(({ sequence }) => sequence > writer.acknowledged)
      .sort((a, b) => a.sequence - b.sequence);
  }

  #writer(id: WriterId): Writer {
    const writer = this.#writers.get(id) ?? { last: 0, acknowledged: 0, pending: [] };
    this.#writers.set(id, writer);
    return writer;
  }

  *#batches(room: number, sent: Batch | null): Generator<Batch, undefined> {
    for (const [writerId, { pending }] of this.#writers) {
      const rest = pending.filter((row) => !sent?.entries.includes(row));
      const { entries, bytes } = firstBatch(rest, room);
      room -= bytes;
      if (entries.length > 0) yield { writerId, entries };
    }
  }

  #changed(): void {
    this.#options.onChange(this.status);
  }
}
