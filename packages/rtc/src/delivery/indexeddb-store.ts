import type { TranscriptEntry } from '@interview/protocol';
import { committed, openDatabase, resultOf } from './indexeddb.ts';
import type { OutboxStore, WriterState } from './store.ts';

const ENTRIES = 'entries';
const WRITERS = 'writers';
const both = [ENTRIES, WRITERS];

type StoredWriter = Omit<WriterState, 'pending'> & { sessionId: string };

/** Rows of a session have keys `[session, writer, sequence]`, writers `[session, writer]`. */
const ofSession = (sessionId: string): IDBKeyRange =>
  IDBKeyRange.bound([sessionId], [sessionId, []]);

/** Keeps rows on disk. A row is there once `append` has resolved, whatever happens to the page. */
export class IndexedDbStore implements OutboxStore {
  readonly kind = 'indexeddb';
  readonly lost: Promise<void>;
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase, lost: Promise<void>) {
    this.#database = database;
    this.lost = lost;
  }

  /** @throws what the browser gives where there is no room or no permission to store */
  static async open(factory: IDBFactory, name = 'interview-room-outbox'): Promise<IndexedDbStore> {
    let tellLost: (() => void) | undefined;
    const lost = new Promise<void>((resolve) => (tellLost = resolve));
    const makeStores = (fresh: IDBDatabase): void => {
      for (const store of both) fresh.createObjectStore(store);
    };
    return new IndexedDbStore(await openDatabase(factory, name, makeStores, tellLost), lost);
  }

  async append(
    sessionId: string,
    writerId: string,
    after: number,
    make: (sequence: number) => TranscriptEntry,
  ): Promise<TranscriptEntry> {
    const transaction = this.#write();
    const done = committed(transaction);
    const writers = transaction.objectStore(WRITERS);
    const writer = await this.#writer(writers, sessionId, writerId);
    const last = Math.max(writer.last, after) + 1;
    const entry = make(last);
    // The row first: one that can't be stored throws here, and then its sequence must not count.
    transaction.objectStore(ENTRIES).add(entry, [sessionId, writerId, last]);
    writers.put({ ...writer, last }, [sessionId, writerId]);
    await done;
    return entry;
  }

  async read(sessionId: string): Promise<WriterState[]> {
    const transaction = this.#database.transaction(both);
    const all = (name: string): Promise<unknown[]> =>
      resultOf(transaction.objectStore(name).getAll(ofSession(sessionId)));
    const [writers, entries] = (await Promise.all([all(WRITERS), all(ENTRIES)])) as [
      StoredWriter[],
      TranscriptEntry[],
    ];
    return writers.map((writer) => ({
      ...writer,
      pending: entries.filter(({ writer_id }) => writer_id === writer.writerId),
    }));
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

  async clear(sessionId: string): Promise<void> {
    const transaction = this.#write();
    const done = committed(transaction);
    for (const name of both) transaction.objectStore(name).delete(ofSession(sessionId));
    await done;
  }

  close(): void {
    this.#database.close();
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
