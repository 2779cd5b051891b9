import { committed, openDatabase, resultOf } from '../delivery/indexeddb.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import { randomText, sha256 } from './digest.ts';

const RECORDS = 'invitations';
const LOCAL_PREFIX = 'interview-room:';
/** How long an unfinished interview is offered, milliseconds. */
const OFFERED_MS = 24 * 3_600_000;

/** What a browser remembers of one invitation. */
export interface InvitationRecord {
  /** Shows the server that the same browser comes back. */
  deviceKey: string;
  /** Null before the interview has begun. */
  sessionId: string | null;
  /** What leads back in; kept from the beginning of the interview to its end. */
  invitation: string | null;
  title: string;
  /** Wall clock, milliseconds. */
  savedAt: number;
}

type UnfinishedRecord = InvitationRecord & { invitation: string };

function isUnfinished(record: InvitationRecord): record is UnfinishedRecord {
  return typeof record.invitation === 'string';
}

/** Where records are kept, tried in this order. */
interface Shelf {
  read(hash: string): Promise<InvitationRecord | null>;
  write(hash: string, record: InvitationRecord | null): Promise<void>;
  all(): Promise<InvitationRecord[]>;
}

type IdentityPorts = Pick<Ports, 'indexedDB' | 'localStorage' | 'now'>;

/** Who this browser is to each invitation: a key that is made, and stored, before the first call. */
export class Identity {
  readonly #ports: IdentityPorts;
  readonly #logger: Logger;
  readonly #memory = new Map<string, InvitationRecord>();

  /** Without `indexedDB` and `localStorage` it remembers as long as the page lives. */
  constructor(ports: IdentityPorts, logger: Logger) {
    this.#ports = ports;
    this.#logger = logger;
  }

  /** The record of an invitation, made and stored where there is none yet. */
  async of(invitation: string): Promise<InvitationRecord> {
    const hash = await sha256(invitation);
    const inMemory = this.#memory.get(hash);
    if (inMemory) return inMemory;
    const stored = await this.#attempt((shelf) => shelf.read(hash));
    // Another call may have been quicker: one browser is one key.
    const record = this.#memory.get(hash) ??
      stored ?? {
        deviceKey: randomText(32),
        sessionId: null,
        invitation: null,
        title: '',
        savedAt: this.#ports.now(),
      };
    this.#memory.set(hash, record);
    if (!stored) await this.#attempt((shelf) => shelf.write(hash, record));
    return record;
  }

  /** Notes which session the invitation led to, so that a page that comes back can go on. */
  async began(invitation: string, sessionId: string, title: string): Promise<void> {
    const { deviceKey } = await this.of(invitation);
    const savedAt = this.#ports.now();
    const record = { deviceKey, sessionId, invitation, title, savedAt };
    const hash = await sha256(invitation);
    this.#memory.set(hash, record);
    await this.#attempt((shelf) => shelf.write(hash, record));
  }

  /** Interviews that were begun in the last 24 h and not finished, newest first. */
  async unfinished(): Promise<UnfinishedRecord[]> {
    const records = (await this.#attempt((shelf) => shelf.all())) ?? [];
    const since = this.#ports.now() - OFFERED_MS;
    return records
      .filter(isUnfinished)
      .filter(({ savedAt }) => savedAt > since)
      .sort((a, b) => b.savedAt - a.savedAt);
  }

  /** Forgets the invitation, once its interview is completed or the person says that it isn't theirs. */
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
    all: () => within((records) => records.getAll()) as Promise<InvitationRecord[]>,
  };
}

function localShelf(storage: Storage): Shelf {
  const read = (key: string): InvitationRecord | null => {
    const text = storage.getItem(key);
    return text === null ? null : (JSON.parse(text) as InvitationRecord);
  };
  return {
    read: (hash) => Promise.resolve(read(LOCAL_PREFIX + hash)),
    write: (hash, record) => {
      if (record) storage.setItem(LOCAL_PREFIX + hash, JSON.stringify(record));
      else storage.removeItem(LOCAL_PREFIX + hash);
      return Promise.resolve();
    },
    all: () => {
      // Other things are kept under the prefix too; only hashes are records.
      const keys = Object.keys(storage).filter((key) => /^interview-room:[0-9a-f]{64}$/.test(key));
      return Promise.resolve(keys.flatMap((key) => read(key) ?? []));
    },
  };
}
