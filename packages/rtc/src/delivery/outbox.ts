import { MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from '@interview/protocol';
import type { TranscriptEntry, WriterId, WriterMarks } from '@interview/protocol';
import type { DeliveryStatus } from '../events.ts';
import type { Logger } from '../logger.ts';
import { continueRow, jsonBytes } from './continue-row.ts';
import { MemoryStore } from './memory-store.ts';
import type { OutboxStore } from './store.ts';

/** A row before a writer gave it a sequence. */
export type Row = Omit<TranscriptEntry, 'writer_id' | 'sequence'>;

/** Rows of one writer to be sent together. */
export interface Batch {
  writerId: WriterId;
  entries: TranscriptEntry[];
}

interface Writer {
  last: number;
  acknowledged: number;
  pending: TranscriptEntry[];
}

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
 * what an earlier page left behind is sent as well.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #writers = new Map<WriterId, Writer>();
  #store: OutboxStore;
  /** Appends happen one after the other, so that sequences follow the order of the calls. */
  #last: Promise<void> = Promise.resolve();

  private constructor(options: OutboxOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** Takes up what the store holds of the session. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(options);
    const { store, sessionId } = options;
    for (const { writerId, last, acknowledged } of await store.writers(sessionId)) {
      const pending = await store.pending(sessionId, writerId);
      outbox.#writers.set(writerId as WriterId, { last, acknowledged, pending });
    }
    return outbox;
  }

  /** Resolves when the row is stored. Never rejects: where the disk refuses, memory keeps it, and `status` says so. */
  append(row: Row): Promise<void> {
    const rows = continueRow(row);
    this.#last = this.#last.then(async () => {
      for (const one of rows) await this.#appendOne(one);
    });
    return this.#last;
  }

  /** The next rows to send, oldest writer first; null when all is acknowledged. */
  next(): Batch | null {
    for (const [writerId, { pending }] of this.#writers) {
      const entries = firstBatch(pending);
      if (entries.length > 0) return { writerId, entries };
    }
    return null;
  }

  /** The server holds all rows of the writer up to and with `through`. Resolves when they are forgotten here. */
  async acknowledge(writerId: WriterId, through: number): Promise<boolean> {
    const writer = this.#writers.get(writerId);
    if (!writer || through <= writer.acknowledged) return false;
    writer.acknowledged = through;
    writer.pending = writer.pending.filter(({ sequence }) => sequence > through);
    this.#changed();
    try {
      await this.#store.acknowledge(this.#options.sessionId, writerId, through);
    } catch (error) {
      // Harmless: the rows are sent once more by the next page and ignored as duplicates.
      this.#options.logger.warn('Acknowledged rows could not be forgotten.', { error });
    }
    return true;
  }

  /** Resolves when every row given so far is stored. */
  settled(): Promise<void> {
    return this.#last;
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
      acknowledged: this.#writers.get(this.#options.writerId)?.acknowledged ?? 0,
      kept: this.#store.kind,
    };
  }

  /** Forgets the session, once it is completed. */
  async clear(): Promise<void> {
    await this.#store.clear(this.#options.sessionId);
  }

  async #appendOne(row: Row): Promise<void> {
    const { sessionId, writerId } = this.#options;
    const make = (sequence: number): TranscriptEntry => ({ ...row, writer_id: writerId, sequence });
    const writer = this.#own();
    let entry: TranscriptEntry;
    try {
      entry = await this.#store.append(sessionId, writerId, make);
    } catch (error) {
      this.#options.logger.error('A row could not be stored on disk; memory keeps it.', { error });
      const memory = new MemoryStore();
      memory.continueFrom(sessionId, writerId, writer.last);
      this.#store = memory;
      entry = await memory.append(sessionId, writerId, make);
    }
    writer.last = entry.sequence;
    writer.pending.push(entry);
    this.#changed();
  }

  #own(): Writer {
    const { writerId } = this.#options;
    const writer = this.#writers.get(writerId) ?? { last: 0, acknowledged: 0, pending: [] };
    this.#writers.set(writerId, writer);
    return writer;
  }

  #changed(): void {
    this.#options.onChange(this.status);
  }
}

function firstBatch(pending: readonly TranscriptEntry[]): TranscriptEntry[] {
  let bytes = 256; // room for the message around the rows
  const entries: TranscriptEntry[] = [];
  for (const entry of pending.slice(0, MAX_BATCH_ENTRIES)) {
    bytes += jsonBytes(entry) + 1;
    if (bytes > MAX_BATCH_BYTES && entries.length > 0) break;
    entries.push(entry);
  }
  return entries;
}
