import type { TranscriptEntry } from '@interview/protocol';
import { committed, openDatabase, resultOf } from './indexeddb.ts';
import type { OutboxStore, WriterState } from './store.ts';

const ENTRIES = 'entries';
const WRITERS = 'writers';
const both = [ENTRIES, WRITERS];

type StoredWriter = WriterState & { sessionId: string };

/** Rows of a session have keys `[session, writer, sequence]`, writers `[session, writer]`. */
const ofSession = (sessionId: string): IDBKeyRange =>
  IDBKeyRange.bound([sessionId], [sessionId, []]);

/** Keeps rows on disk. A row is there once `append` has resolved, whatever happens to the page. */
export class IndexedDbStore implements OutboxStore {
  readonly kind = 'indexeddb';
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** @throws what the browser gives where there is no room or no permission to store */
  static async open(factory: IDBFactory, name = 'interview-room-outbox'): Promise<IndexedDbStore> {
    const database = await openDatabase(factory, name, (fresh) => {
      fresh.createObjectStore(ENTRIES);
      fresh.createObjectStore(WRITERS);
    });
    return new IndexedDbStore(database);
  }

  async append(
    sessionId: string,
    writerId: string,
    make: (sequence: number) => TranscriptEntry,
  ): Promise<TranscriptEntry> {
    const transaction = this.#write();
    const done = committed(transaction);
    const writers = transaction.objectStore(WRITERS);
    const writer = await this.#writer(writers, sessionId, writerId);
    const last = writer.last + 1;
    const entry = make(last);
    // The row first: one that can't be stored throws here, and then its sequence must not count.
    transaction.objectStore(ENTRIES).add(entry, [sessionId, writerId, last]);
    writers.put({ ...writer, last }, [sessionId, writerId]);
    await done;
    return entry;
  }

  async pending(sessionId: string, writerId: string): Promise<TranscriptEntry[]> {
    const entries = this.#database.transaction(ENTRIES).objectStore(ENTRIES);
    const range = IDBKeyRange.bound([sessionId, writerId], [sessionId, writerId, []]);
    return (await resultOf(entries.getAll(range))) as TranscriptEntry[];
  }

  async acknowledge(sessionId: string, writerId: string, through: number): Promise<void> {
    const transaction = this.#write();
    const done = committed(transaction);
    const writers = transaction.objectStore(WRITERS);
    const writer = await this.#writer(writers, sessionId, writerId);
    const acknowledged = Math.max(writer.acknowledged, through);
    writers.put({ ...writer, acknowledged }, [sessionId, writerId]);
    const range = IDBKeyRange.bound([sessionId, writerId, 0], [sessionId, writerId, through]);
    transaction.objectStore(ENTRIES).delete(range);
    await done;
  }

  async writers(sessionId: string): Promise<WriterState[]> {
    const writers = this.#database.transaction(WRITERS).objectStore(WRITERS);
    return (await resultOf(writers.getAll(ofSession(sessionId)))) as StoredWriter[];
  }

  async clear(sessionId: string): Promise<void> {
    const transaction = this.#write();
    const done = committed(transaction);
    for (const name of both) transaction.objectStore(name).delete(ofSession(sessionId));
    await done;
  }

  #write(): IDBTransaction {
    // Strict: the browser tells only when the disk has it, so that a crash takes nothing back.
    return this.#database.transaction(both, 'readwrite', { durability: 'strict' });
  }

  async #writer(
    writers: IDBObjectStore,
    sessionId: string,
    writerId: string,
  ): Promise<StoredWriter> {
    const known = (await resultOf(writers.get([sessionId, writerId]))) as StoredWriter | undefined;
    return known ?? { sessionId, writerId, last: 0, acknowledged: 0 };
  }
}
