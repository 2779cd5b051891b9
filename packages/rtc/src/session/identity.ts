import { committed, openDatabase, resultOf } from '../delivery/indexeddb.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import { randomText, sha256 } from './digest.ts';

const RECORDS = 'invitations';
const LOCAL_PREFIX = 'interview-room:';

/** What a browser remembers of one invitation. The invitation itself is not kept, only its hash. */
export interface InvitationRecord {
  /** Shows the server that the same browser comes back. */
  deviceKey: string;
  sessionId: string | null;
  /** Wall clock, milliseconds. */
  savedAt: number;
}

/** Where records are kept, tried in this order. */
interface Shelf {
  read(hash: string): Promise<InvitationRecord | null>;
  write(hash: string, record: InvitationRecord | null): Promise<void>;
}

/** Who this browser is to each invitation: a key that is made, and stored, before the first call. */
export class Identity {
  readonly #ports: Pick<Ports, 'indexedDB' | 'localStorage' | 'now'>;
  readonly #logger: Logger;
  readonly #memory = new Map<string, InvitationRecord>();

  constructor(ports: Pick<Ports, 'indexedDB' | 'localStorage' | 'now'>, logger: Logger) {
    this.#ports = ports;
    this.#logger = logger;
  }

  /** The record of an invitation, made and stored where there is none yet. */
  async of(invitation: string): Promise<InvitationRecord> {
    const hash = await sha256(invitation);
    const inMemory = this.#memory.get(hash);
    if (inMemory) return inMemory;
    const known = await this.#attempt((shelf) => shelf.read(hash));
    const record = known ?? {
      deviceKey: randomText(32),
      sessionId: null,
      savedAt: this.#ports.now(),
    };
    this.#memory.set(hash, record);
    if (!known) await this.#attempt((shelf) => shelf.write(hash, record));
    return record;
  }

  /** Notes which session the invitation led to. */
  async began(invitation: string, sessionId: string): Promise<void> {
    const record = { ...(await this.of(invitation)), sessionId, savedAt: this.#ports.now() };
    const hash = await sha256(invitation);
    this.#memory.set(hash, record);
    await this.#attempt((shelf) => shelf.write(hash, record));
  }

  /** Forgets the invitation, once its interview is completed. */
  async forget(invitation: string): Promise<void> {
    const hash = await sha256(invitation);
    this.#memory.delete(hash);
    await this.#attempt((shelf) => shelf.write(hash, null));
  }

  /** The first shelf that works. Memory holds the record anyway. */
  async #attempt<T>(use: (shelf: Shelf) => Promise<T>): Promise<T | null> {
    const { indexedDB, localStorage } = this.#ports;
    const shelves = [
      indexedDB ? databaseShelf(indexedDB) : null,
      localStorage ? localShelf(localStorage) : null,
    ];
    for (const shelf of shelves) {
      if (!shelf) continue;
      try {
        return await use(shelf);
      } catch (error) {
        this.#logger.warn('The browser does not let this page store.', { error });
      }
    }
    return null;
  }
}

function databaseShelf(factory: IDBFactory): Shelf {
  const within = async <T>(work: (records: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await openDatabase(factory, 'interview-room-identity', (fresh) => {
      fresh.createObjectStore(RECORDS);
    });
    const transaction = database.transaction(RECORDS, 'readwrite', { durability: 'strict' });
    const done = committed(transaction);
    const result = await resultOf(work(transaction.objectStore(RECORDS)));
    await done;
    database.close();
    return result;
  };
  return {
    read: async (hash) =>
      ((await within((records) => records.get(hash))) as InvitationRecord | undefined) ?? null,
    write: async (hash, record) => {
      if (record) await within((records) => records.put(record, hash));
      else await within((records) => records.delete(hash));
    },
  };
}

function localShelf(storage: Storage): Shelf {
  return {
    read: (hash) => {
      const text = storage.getItem(LOCAL_PREFIX + hash);
      return Promise.resolve(text === null ? null : (JSON.parse(text) as InvitationRecord));
    },
    write: (hash, record) => {
      if (record) storage.setItem(LOCAL_PREFIX + hash, JSON.stringify(record));
      else storage.removeItem(LOCAL_PREFIX + hash);
      return Promise.resolve();
    },
  };
}
