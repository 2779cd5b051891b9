import { committed, inTime, openDatabase, resultOf } from '../delivery/indexeddb.ts';
import { keptText } from '../kept-text.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import { randomText, sha256 } from './digest.ts';

const RECORDS = 'invitations';

/** What a browser remembers of one invitation. */
export interface InvitationRecord {
  /** Shows the server that the same browser comes back. */
  deviceKey: string;
  /** Null before the interview has begun. */
  sessionId: string | null;
  /** What leads back in; kept from the beginning of the interview to its end. */
  invitation: string | null;
  title: string;
  /** Where what was said is delivered, and by which right; it outlives the interview by a day. */
  proxy?: { http: string; token: string } | undefined;
  /** Wall clock, milliseconds. */
  savedAt: number;
}

/** What is known once an interview was begun. */
type Began = Omit<InvitationRecord, 'deviceKey' | 'invitation' | 'savedAt'>;

/** What an identity needs of the surroundings. */
export type IdentityPorts = Pick<Ports, 'indexedDB' | 'localStorage' | 'now'>;

/** Who this browser is to each invitation: a key that is made, and stored, before the first call. */
export class Identity {
  readonly #ports: IdentityPorts;
  readonly #logger: Logger;
  readonly #memory = new Map<string, InvitationRecord>();
  /** What `began` is still writing, and a later `forget` must find. */
  #noted: Promise<unknown> | undefined;

  /** Without `indexedDB` only the key outlives the page, and without `localStorage` not even that. */
  constructor(ports: IdentityPorts, logger: Logger) {
    this.#ports = ports;
    this.#logger = logger;
  }

  /** The record of an invitation, made and stored where there is none yet. */
  async of(invitation: string): Promise<InvitationRecord> {
    const hash = await sha256(invitation);
    const stored = this.#memory.get(hash) ?? (await this.#ask((records) => records.get(hash)));
    // Another call may have been quicker: one browser is one key.
    const known = this.#memory.get(hash) ?? (stored as InvitationRecord | null);
    if (known) {
      this.#memory.set(hash, known);
      return known;
    }
    const deviceKey = keptText(this.#ports.localStorage, hash) ?? randomText(32);
    const fresh = { deviceKey, sessionId: null, invitation: null, title: '' };
    return this.#keep(hash, { ...fresh, savedAt: this.#ports.now() });
  }

  /** Notes which session the invitation led to, so that a page that comes back can go on. */
  began(invitation: string, began: Began): Promise<unknown> {
    const savedAt = this.#ports.now();
    this.#noted = Promise.all([sha256(invitation), this.of(invitation)]).then(
      ([hash, { deviceKey }]) => this.#keep(hash, { ...began, deviceKey, invitation, savedAt }),
    );
    return this.#noted;
  }

  /** What is remembered of every invitation. */
  async all(): Promise<InvitationRecord[]> {
    const records = await this.#ask((all) => all.getAll());
    return (records ?? []) as InvitationRecord[];
  }

  /** Forgets the invitation, once its interview is completed or the person says that it isn't theirs. */
  async forget(invitation: string): Promise<void> {
    const hash = await sha256(invitation);
    await this.#noted;
    this.#memory.delete(hash);
    keptText(this.#ports.localStorage, hash, null);
    await this.#ask((records) => records.delete(hash));
  }

  async #keep(hash: string, record: InvitationRecord): Promise<InvitationRecord> {
    this.#memory.set(hash, record);
    const stored = await this.#ask((records) => records.put(record, hash));
    // Another key after a reload would be refused as another person's.
    if (!stored) keptText(this.#ports.localStorage, hash, record.deviceKey);
    return record;
  }

  /** null where nothing may be stored; memory holds the records of this page anyway. */
  async #ask(work: (records: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const { indexedDB } = this.#ports;
    if (!indexedDB) return null;
    try {
      const database = await openDatabase(indexedDB, 'interview-room-identity', (fresh) => {
        fresh.createObjectStore(RECORDS);
      });
      const transaction = database.transaction(RECORDS, 'readwrite', { durability: 'strict' });
      const done = committed(transaction);
      const result: unknown = await inTime(resultOf(work(transaction.objectStore(RECORDS))));
      await inTime(done);
      database.close();
      return result;
    } catch (error) {
      this.#logger.warn('Identity not stored.', { error });
      return null;
    }
  }
}
