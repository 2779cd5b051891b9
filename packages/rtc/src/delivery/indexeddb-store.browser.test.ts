import { expect } from 'chai';
import type { DeliveryStatus } from '../events.ts';
import { silentLogger } from '../logger.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { Outbox } from './outbox.ts';

/** A bucket has an IndexedDB and a quota of its own; TypeScript does not know Chromium's Storage Buckets yet. */
interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ indexedDB: IDBFactory }>;
  delete(name: string): Promise<void>;
}
const { storageBuckets } = navigator as Navigator & { storageBuckets: StorageBuckets };

describe('IndexedDbStore in a browser', () => {
  const name = `outbox-test-${crypto.randomUUID()}`;
  const entry = (sequence: number) => ({ ...row(`i${sequence}`), writer_id: writerId, sequence });
  const open = (): Promise<IndexedDbStore> => IndexedDbStore.open(indexedDB, name);
  const openOutbox = async (told: DeliveryStatus[] = [], store?: IndexedDbStore): Promise<Outbox> =>
    Outbox.open({
      store: store ?? (await open()),
      sessionId,
      writerId,
      logger: silentLogger,
      onChange: (status) => told.push(status),
    });

  afterEach(async () => {
    await (await open()).clear(sessionId);
  });

  it('gives out each sequence once, even to two pages that write as one', async () => {
    const [one, other] = [await open(), await open()];
    const pages = Array.from({ length: 10 }, () => [one, other]).flat();
    const appended = await Promise.all(
      pages.map((store) => store.append(sessionId, writerId, 0, entry)),
    );
    const sequences = appended.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect(sequences).to.deep.equal(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('stores with strict durability', async () => {
    const asked: unknown[] = [];
    const transaction = Reflect.get<IDBDatabase, 'transaction'>(
      IDBDatabase.prototype,
      'transaction',
    );
    IDBDatabase.prototype.transaction = function (...args) {
      if (args[1] === 'readwrite') asked.push(args[2]?.durability);
      return transaction.apply(this, args);
    };
    try {
      await (await open()).append(sessionId, writerId, 0, entry);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    expect(asked).to.deep.equal(['strict']);
  });

  it('counts no sequence for a row that was not stored', async () => {
    const store = await open();
    const unstorable = (sequence: number) =>
      Object.assign(entry(sequence), { text: (() => undefined) as unknown as string });
    const refused = await store.append(sessionId, writerId, 0, unstorable).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.have.property('name', 'DataCloneError');
    expect((await store.append(sessionId, writerId, 0, entry)).sequence).to.equal(1);
  });

  it('hands an outbox of the next page what this one left', async () => {
    const first = await openOutbox();
    await first.append(row('a'));
    await first.append(row('b'));
    first.acknowledge(writerId, 1);
    await first.settled();
    const second = await openOutbox();
    expect(second.next()?.entries.map(({ sequence }) => sequence)).to.deep.equal([2]);
    expect(second.marks).to.deep.equal({ [writerId]: 2 });
    await second.append(row('c'));
    expect(second.marks).to.deep.equal({ [writerId]: 3 });
  });

  it('keeps text as it is, half a surrogate pair and NUL included', async () => {
    const text = 'half \ud83d, nul \0, "quotes" and 😀';
    await (await openOutbox()).append(row('a', text));
    const [state] = await (await open()).read(sessionId);
    expect(state?.pending[0]?.text).to.equal(text);
  });

  it('goes on in memory when the disk is full, and says so', async () => {
    const bucket = await storageBuckets.open(name, { quota: 20_000 });
    const told: DeliveryStatus[] = [];
    const disk = await IndexedDbStore.open(bucket.indexedDB, name);
    const outbox = await openOutbox(told, disk);
    await outbox.append(row('a'));
    expect(told.at(-1)).to.have.property('kept', 'indexeddb');
    await outbox.append(row('b', 'x'.repeat(30_000)));
    await outbox.append(row('c'));
    expect(told.at(-1)).to.deep.equal({ pending: 3, acknowledged: 0, kept: 'memory' });
    const held = outbox.next()?.entries.map(({ sequence }) => sequence);
    expect(held).to.deep.equal([1, 2, 3]);
    // Only the first is left to a next page, which begins a sequence of its own.
    const [state] = await disk.read(sessionId);
    expect(state).to.include({ last: 1, acknowledged: 0 });
    // Even a note of what is delivered may find no room; what is purged at the end needs none.
    outbox.acknowledge(writerId, 3);
    await outbox.clear();
    expect(await disk.read(sessionId)).to.deep.equal([]);
    await storageBuckets.delete(name);
  });

  it('lets another page delete the database, and goes on in memory', async () => {
    const told: DeliveryStatus[] = [];
    const outbox = await openOutbox(told);
    await outbox.append(row('a'));
    await new Promise((resolve, reject) => {
      const deleted = indexedDB.deleteDatabase(name);
      deleted.onsuccess = resolve;
      deleted.onblocked = reject;
    });
    expect(told.at(-1)).to.deep.equal({ pending: 1, acknowledged: 0, kept: 'memory' });
    await outbox.append(row('b'));
    expect(outbox.next()?.entries).to.have.lengthOf(2);
  });

  it('waits no longer for a database that another page holds', async () => {
    const held = `${name}-held`;
    const first = indexedDB.open(held, 2);
    await new Promise((resolve) => (first.onsuccess = resolve));
    const refused = await IndexedDbStore.open(indexedDB, held).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.have.property('name', 'VersionError');
    first.result.close();
    indexedDB.deleteDatabase(held);
  });
});
