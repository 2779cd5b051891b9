import { expect } from 'chai';
import { silentLogger } from '../logger.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { Outbox } from './outbox.ts';

describe('IndexedDbStore in a browser', () => {
  const name = `outbox-test-${crypto.randomUUID()}`;
  const entry = (sequence: number) => ({ ...row(`i${sequence}`), writer_id: writerId, sequence });
  const open = (): Promise<IndexedDbStore> => IndexedDbStore.open(indexedDB, name);

  afterEach(async () => {
    await (await open()).clear(sessionId);
  });

  it('gives out each sequence once, even to two pages that write as one', async () => {
    const [one, other] = [await open(), await open()];
    const pages = Array.from({ length: 10 }, () => [one, other]).flat();
    const appended = await Promise.all(
      pages.map((store) => store.append(sessionId, writerId, entry)),
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
      await (await open()).append(sessionId, writerId, entry);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    expect(asked).to.deep.equal(['strict']);
  });

  it('counts no sequence for a row that was not stored', async () => {
    const store = await open();
    const unstorable = (sequence: number) =>
      Object.assign(entry(sequence), { text: (() => undefined) as unknown as string });
    const refused = await store.append(sessionId, writerId, unstorable).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.have.property('name', 'DataCloneError');
    expect((await store.append(sessionId, writerId, entry)).sequence).to.equal(1);
  });

  it('hands an outbox of the next page what this one left', async () => {
    const options = { sessionId, logger: silentLogger, onChange: (): void => undefined };
    const first = await Outbox.open({ ...options, store: await open(), writerId });
    await first.append(row('a'));
    await first.append(row('b'));
    await first.acknowledge(writerId, 1);
    const second = await Outbox.open({ ...options, store: await open(), writerId });
    expect(second.next()?.entries.map(({ sequence }) => sequence)).to.deep.equal([2]);
    expect(second.marks).to.deep.equal({ [writerId]: 2 });
    await second.append(row('c'));
    expect(second.marks).to.deep.equal({ [writerId]: 3 });
  });
});
