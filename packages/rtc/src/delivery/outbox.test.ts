import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { TranscriptEntry } from '@interview/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { row, sessionId, writerId } from '../testing/rows.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { delivered, openOutbox, otherWriter, waiting, write } from './testing/open-outbox.ts';

let factory: IDBFactory;
beforeEach(() => {
  factory = new IDBFactory();
});
const onDisk = (): Promise<IndexedDbStore> => IndexedDbStore.open(factory);

describe.each([
  ['on disk', onDisk],
  ['in memory', () => Promise.resolve(new MemoryStore())],
])('Outbox %s', (_, store) => {
  it('counts 1, 2, 3 in the order of the calls', async () => {
    const outbox = await openOutbox(await store());
    await Promise.all(['a', 'b', 'c'].map((text) => outbox.append(row(text))));
    expect(waiting(outbox)).toEqual(['1 a', '2 b', '3 c']);
    expect(outbox.marks).toEqual({ [writerId]: 3 });
    for (const entry of outbox.next()?.entries ?? []) {
      expect(TranscriptEntry.safeParse(entry).success).toBe(true);
    }
  });

  it('forgets what the server holds, and nothing else', async () => {
    const kept = await store();
    const outbox = await openOutbox(kept);
    await write(outbox, 'a', 'b', 'c');
    expect(outbox.acknowledge(writerId, 2)).toBe(true);
    expect(waiting(outbox)).toEqual(['3 c']);
    expect(outbox.status).toEqual({ pending: 1, acknowledged: 2, kept: kept.kind });
    expect(outbox.acknowledge(writerId, 1)).toBe(false);
    await write(outbox, 'd');
    expect(waiting(outbox)).toEqual(['3 c', '4 d']);
  });

  it('takes no row once the session is forgotten', async () => {
    const kept = await store();
    const outbox = await openOutbox(kept);
    await write(outbox, 'a');
    await outbox.clear();
    await write(outbox, 'too late');
    outbox.acknowledge(writerId, 1);
    await outbox.settled();
    expect(await kept.read(sessionId)).toEqual([]);
    expect(outbox.marks).toEqual({ [writerId]: 1 });
  });
});

describe('Outbox and its disk', () => {
  it('has a row on disk before it can be sent', async () => {
    const outbox = await openOutbox(await onDisk());
    const appended = outbox.append(row('a'));
    expect(outbox.next()).toBeNull();
    await appended;
    const [stored] = await (await onDisk()).read(sessionId);
    expect(stored?.pending).toEqual(outbox.next()?.entries);
  });

  it('removes what is acknowledged, and at the end the session, but no otherWriter one', async () => {
    const disk = await onDisk();
    const outbox = await openOutbox(disk);
    await write(outbox, 'a', 'b');
    const make = (sequence: number) => ({ ...row('x'), writer_id: writerId, sequence });
    await disk.append('another', writerId, 0, make);
    outbox.acknowledge(writerId, 1);
    await outbox.settled();
    const left = [{ writerId, last: 2, acknowledged: 1, pending: [{ sequence: 2 }] }];
    expect(await disk.read(sessionId)).toMatchObject(left);
    await outbox.clear();
    expect(await disk.read(sessionId)).toEqual([]);
    expect(await disk.read('another')).toMatchObject([{ pending: [{ text: 'x' }] }]);
  });

  it('takes up what an earlier page left, and sends it first under its own writer', async () => {
    const former = await openOutbox(await onDisk());
    await write(former, 'a', 'b');
    former.acknowledge(writerId, 1);
    await former.settled();
    const outbox = await openOutbox(await onDisk(), otherWriter);
    await write(outbox, 'c');
    expect(outbox.marks).toEqual({ [writerId]: 2, [otherWriter]: 1 });
    const writers = [...delivered(outbox)].map((batch) => batch.writerId);
    expect(writers).toEqual([writerId, otherWriter]);
  });

  it('finds what another page wrote since, and drops what it delivered', async () => {
    const mine = await openOutbox(await onDisk());
    const theirs = await openOutbox(await onDisk(), otherWriter);
    await write(theirs, 'a', 'b', 'c');
    await mine.refresh();
    expect(waiting(mine)).toEqual(['1 a', '2 b', '3 c']);
    theirs.acknowledge(otherWriter, 2);
    await theirs.settled();
    await mine.refresh();
    expect(waiting(mine)).toEqual(['3 c']);
    expect(mine.lost).toEqual([]);
  });

  it('keeps its own rows as it knows them, whatever the store remembers', async () => {
    const disk = await onDisk();
    const outbox = await openOutbox(disk);
    await write(outbox, 'a');
    await disk.clear(sessionId);
    await write(outbox, 'b');
    await outbox.refresh();
    expect(waiting(outbox)).toEqual(['1 a', '2 b']);
  });
});

describe('what is lost', () => {
  it('is nothing while it is held or acknowledged', async () => {
    const outbox = await openOutbox(await onDisk());
    await write(outbox, 'a', 'b', 'c');
    outbox.acknowledge(writerId, 1);
    outbox.missing([{ writer_id: writerId, from: 2, to: 3 }]);
    expect(outbox.lost).toEqual([]);
    expect(waiting(outbox)).toEqual(['2 b', '3 c']);
  });

  it('is what the store does not hold any more of what it gave out', async () => {
    const disk = await onDisk();
    const former = await openOutbox(disk);
    await write(former, 'a', 'b', 'c', 'd', 'e');
    const [state] = await disk.read(sessionId);
    const pending = state?.pending.filter(({ sequence }) => [2, 4].includes(sequence)) ?? [];
    disk.read = () => Promise.resolve([{ writerId, last: 5, acknowledged: 0, pending }]);
    const outbox = await openOutbox(disk, otherWriter);
    const range = (from: number, to: number) => ({ writer_id: writerId, from, to });
    expect(outbox.lost).toEqual([range(1, 1), range(3, 3), range(5, 5)]);
  });

  it('is what the server misses and nobody here holds', async () => {
    const outbox = await openOutbox(await onDisk());
    await write(outbox, 'a', 'b', 'c', 'd');
    outbox.acknowledge(writerId, 3);
    const unknown = { writer_id: otherWriter, from: 1, to: 2 };
    outbox.missing([{ writer_id: writerId, from: 2, to: 4 }, unknown]);
    expect(outbox.lost).toEqual([{ writer_id: writerId, from: 2, to: 3 }]);
    outbox.missing([]);
    expect(outbox.lost).toEqual([]);
  });

  it('names no more ranges than the server takes', async () => {
    const disk = await onDisk();
    const pending = Array.from({ length: 150 }, (_, i) => ({
      ...row(`i${i}`),
      writer_id: writerId,
      sequence: 2 * i + 2,
    }));
    disk.read = () => Promise.resolve([{ writerId, last: 300, acknowledged: 0, pending }]);
    expect((await openOutbox(disk, otherWriter)).lost).toHaveLength(100);
  });
});
