import {
  CONTINUED_POSITION_STEP,
  continuedName,
  continueText,
  entryId,
  MAX_BATCH_BYTES,
  MAX_BATCH_ENTRIES,
  storableText,
  type Acknowledgement,
  type CallId,
  type TranscriptEntry,
  type WriterId,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { Utterance } from './utterance.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 8_000;

/** Numbers the supervisor's rows and sends them until they are acknowledged. */
export class RowCourier {
  readonly #writer: WriterId;
  readonly #call: CallId;
  readonly #store: (entries: TranscriptEntry[]) => Promise<Acknowledgement>;
  readonly #log: FastifyBaseLogger;
  readonly #revisions = new Map<string, number>();
  #pending: TranscriptEntry[] = [];
  #sequence = 0;
  #retryMs = FIRST_RETRY_MS;
  #sending = false;
  #stopped = false;
  #wake: (() => void) | null = null;
  readonly #drained = new Set<() => void>();

  constructor(options: {
    writer: WriterId;
    call: CallId;
    store: (entries: TranscriptEntry[]) => Promise<Acknowledgement>;
    log: FastifyBaseLogger;
  }) {
    this.#writer = options.writer;
    this.#call = options.call;
    this.#store = options.store;
    this.#log = options.log;
  }

  /** Who writes and how far it has come, for the completion. */
  get mark(): { writer: WriterId; sequence: number } {
    return { writer: this.#writer, sequence: this.#sequence };
  }

  add(utterances: readonly Utterance[]): void {
    for (const utterance of utterances) this.#pending.push(...this.#rows(utterance));
    if (!this.#sending) void this.#run();
  }

  /** Resolves when everything is stored, or after `ms`. */
  async drain(ms: number): Promise<void> {
    if (this.#pending.length === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      const drained = this.#drained;
      function done(): void {
        clearTimeout(timer);
        drained.delete(done);
        resolve();
      }
      drained.add(done);
      this.#wake?.();
    });
  }

  /** Sends no more; what is not stored stays with the browser's copy. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  #rows(utterance: Utterance): TranscriptEntry[] {
    return continueText(storableText(utterance.text)).map((text, index) => {
      // A line longer than a row goes on in further rows right behind it.
      const itemId = continuedName(utterance.itemId, index);
      const revision = (this.#revisions.get(itemId) ?? -1) + 1;
      this.#revisions.set(itemId, revision);
      this.#sequence += 1;
      return {
        entry_id: entryId(this.#call, itemId),
        writer_id: this.#writer,
        sequence: this.#sequence,
        revision,
        role: utterance.role,
        text,
        status: utterance.status,
        call_id: this.#call,
        item_id: itemId,
        previous_item_id: utterance.previousItemId,
        position: utterance.position + index * CONTINUED_POSITION_STEP,
        started_ms: utterance.startedMs,
        ended_ms: utterance.endedMs,
        heard_ms: utterance.heardMs,
        language: utterance.language,
      };
    });
  }

  async #run(): Promise<void> {
    this.#sending = true;
    while (this.#pending.length > 0 && !this.#stopped) await this.#sendOnce();
    this.#sending = false;
    if (this.#pending.length === 0) for (const done of [...this.#drained]) done();
  }

  async #sendOnce(): Promise<void> {
    const batch = firstBatch(this.#pending);
    try {
      const ack = await this.#store(batch);
      if (ack.refused.length > 0) this.#log.error({ refused: ack.refused }, 'rows were refused');
      const before = this.#pending.length;
      this.#pending = this.#pending.filter((row) => row.sequence > ack.last_sequence);
      // An answer that confirms nothing is no reason to ask again at once.
      if (this.#pending.length === before) await this.#pause();
      else this.#retryMs = FIRST_RETRY_MS;
    } catch (error) {
      this.#log.warn({ err: error }, 'rows wait for the database');
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    const ms = this.#retryMs;
    this.#retryMs = Math.min(ms * 2, LAST_RETRY_MS);
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

function firstBatch(rows: readonly TranscriptEntry[]): TranscriptEntry[] {
  const batch: TranscriptEntry[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, MAX_BATCH_ENTRIES)) {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
    batch.push(row);
  }
  return batch;
}
