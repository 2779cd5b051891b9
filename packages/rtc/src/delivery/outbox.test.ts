import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { MAX_BATCH_BYTES, MAX_ENTRY_TEXT_BYTES, TranscriptEntry } from '@interview/protocol';
import type { WriterId } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryStatus } from '../events.ts';
import { silentLogger } from '../logger.ts';
import { jsonBytes } from './continue-row.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { Outbox, type Batch } from './outbox.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import type { OutboxStore } from './store.ts';

let factory: IDBFactory;
let told: DeliveryStatus[];
beforeEach(() => {
  factory = new IDBFactory();
  told = [];
});
afterEach(() => vi.useRealTimers());

const other = 'b_zyxwvutsrqponmlkjihgfe' as WriterId;
const open = (store: OutboxStore, writer = writerId): Promise<Outbox> =>
  Outbox.open({
    store,
    sessionId,
    writerId: writer,
    logger: silentLogger,
    onChange: (status) => told.push(status),
  });

const onDisk = (): Promise<IndexedDbStore> => IndexedDbStore.open(factory);
const waiting = (outbox: Outbox): string[] =>
  outbox.next()?.entries.map(({ sequence, text }) => `${sequence} ${text}`) ?? [];
const write = async (outbox: Outbox, ...texts: string[]): Promise<void> => {
  for (const text of texts) await outbox.append(row(text));
};
const full = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
/** Acknowledges everything, a batch at a time. */
function* delivered(outbox: Outbox): Generator<Batch> {
  for (let batch = outbox.next(); batch; batch = outbox.next()) {
    yield batch;
    outbox.acknowledge(batch.writerId, batch.entries.at(-1)?.sequence ?? 0);
  }
}

describe.each([
  ['on disk', onDisk],
  ['in memory', () => Promise.resolve(new MemoryStore())],
])('Outbox %s', (_, store) => {
  it('counts 1, 2, 3 in the order of the calls', async () => {
    const outbox = await open(await store());
    await Promise.all(['a', 'b', 'c'].map((text) => outbox.append(row(text))));
    expect(waiting(outbox)).toEqual(['1 a', '2 b', '3 c']);
    expect(outbox.marks).toEqual({ [writerId]: 3 });
    for (const entry of outbox.next()?.entries ?? []) {
      expect(TranscriptEntry.safeParse(entry).success).toBe(true);
    }
  });

  it('forgets what the server holds, and nothing else', async () => {
    const kept = await store();
    const outbox = await open(kept);
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
    const outbox = await open(kept);
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
    const outbox = await open(await onDisk());
    const appended = outbox.append(row('a'));
    expect(outbox.next()).toBeNull();
    await appended;
    const [stored] = await (await onDisk()).read(sessionId);
    expect(stored?.pending).toEqual(outbox.next()?.entries);
  });

  it('removes what is acknowledged, and at the end the session, but no other one', async () => {
    const disk = await onDisk();
    const outbox = await open(disk);
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
    const former = await open(await onDisk());
    await write(former, 'a', 'b');
    former.acknowledge(writerId, 1);
    await former.settled();
    const outbox = await open(await onDisk(), other);
    await write(outbox, 'c');
    expect(outbox.marks).toEqual({ [writerId]: 2, [other]: 1 });
    const writers = [...delivered(outbox)].map((batch) => batch.writerId);
    expect(writers).toEqual([writerId, other]);
  });

  it('finds what another page wrote since, and drops what it delivered', async () => {
    const mine = await open(await onDisk());
    const theirs = await open(await onDisk(), other);
    await write(theirs, 'a', 'b', 'c');
    await mine.refresh();
    expect(waiting(mine)).toEqual(['1 a', '2 b', '3 c']);
    theirs.acknowledge(other, 2);
    await theirs.settled();
    await mine.refresh();
    expect(waiting(mine)).toEqual(['3 c']);
    expect(mine.lost).toEqual([]);
  });

  it('keeps its own rows as it knows them, whatever the store remembers', async () => {
    const disk = await onDisk();
    const outbox = await open(disk);
    await write(outbox, 'a');
    await disk.clear(sessionId);
    await write(outbox, 'b');
    await outbox.refresh();
    expect(waiting(outbox)).toEqual(['1 a', '2 b']);
  });
});

describe('Outbox without a disk', () => {
  it('goes on in memory when the disk refuses, says so, and never starts a sequence again', async () => {
    const disk = await onDisk();
    const outbox = await open(disk);
    await write(outbox, 'a');
    disk.append = full;
    await write(outbox, 'b', 'c');
    expect(waiting(outbox)).toEqual(['1 a', '2 b', '3 c']);
    expect(told.at(-1)).toEqual({ pending: 3, acknowledged: 0, kept: 'memory' });
    // What stands on disk is still forgotten there once it is delivered.
    outbox.acknowledge(writerId, 3);
    await outbox.settled();
    expect(await disk.read(sessionId)).toMatchObject([{ acknowledged: 3, pending: [] }]);
    await outbox.clear();
    expect(await disk.read(sessionId)).toEqual([]);
  });

  it('gives out no sequence twice after a page of which the disk knows only the beginning', async () => {
    const disk = await onDisk();
    const former = await open(disk);
    await write(former, 'a');
    disk.append = full;
    await write(former, 'b', 'c');
    // The server got all three; the page dies before it can forget the first.
    const outbox = await open(await onDisk(), other);
    expect(waiting(outbox)).toEqual(['1 a']);
    outbox.acknowledge(writerId, 3);
    await write(outbox, 'd');
    expect(waiting(outbox)).toEqual(['1 d']);
    expect(outbox.marks).toEqual({ [writerId]: 1, [other]: 1 });
    expect(outbox.lost).toEqual([]);
  });

  it('says at once that memory keeps the rows when the database is taken away', async () => {
    const outbox = await open(await onDisk());
    await write(outbox, 'a');
    const deleted = factory.deleteDatabase('interview-room-outbox');
    await new Promise((resolve) => (deleted.onsuccess = resolve));
    expect(told.at(-1)).toEqual({ pending: 1, acknowledged: 0, kept: 'memory' });
    await write(outbox, 'b');
    expect(waiting(outbox)).toEqual(['1 a', '2 b']);
  });

  it('does without a disk that cannot be read', async () => {
    const disk = await onDisk();
    disk.read = () => Promise.reject(new DOMException('Broken.', 'UnknownError'));
    const outbox = await open(disk);
    await write(outbox, 'a');
    expect(waiting(outbox)).toEqual(['1 a']);
    expect(outbox.status.kept).toBe('memory');
  });

  it('waits for a disk that hangs once, and never again', async () => {
    const disk = await onDisk();
    const outbox = await open(disk);
    vi.useFakeTimers();
    const asked: string[] = [];
    const hang = (name: string) => () => {
      asked.push(name);
      return new Promise<never>(() => undefined);
    };
    disk.append = hang('append');
    disk.acknowledge = hang('acknowledge');
    disk.read = hang('read');
    const appended = write(outbox, 'a', 'b');
    await vi.advanceTimersByTimeAsync(2_999);
    expect(outbox.next()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    await appended;
    expect(waiting(outbox)).toEqual(['1 a', '2 b']);
    expect(outbox.status.kept).toBe('memory');
    outbox.acknowledge(writerId, 1);
    await vi.advanceTimersByTimeAsync(3_000);
    outbox.acknowledge(writerId, 2);
    await outbox.refresh();
    await write(outbox, 'c');
    expect(asked).toEqual(['append', 'acknowledge']);
  });

  it('gives up a database that does not open, and stands in nobody’s way when it does after all', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const request: Partial<IDBOpenDBRequest> = {};
    const hanging = { open: () => request } as unknown as IDBFactory;
    const opened = expect(IndexedDbStore.open(hanging)).rejects.toThrow('The disk does not answer');
    await vi.advanceTimersByTimeAsync(3_000);
    await opened;
    const close = vi.fn();
    Object.assign(request, { result: { close } });
    request.onsuccess?.call(request as IDBOpenDBRequest, new Event('success'));
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('what is lost', () => {
  it('is nothing while it is held or acknowledged', async () => {
    const outbox = await open(await onDisk());
    await write(outbox, 'a', 'b', 'c');
    outbox.acknowledge(writerId, 1);
    outbox.missing([{ writer_id: writerId, from: 2, to: 3 }]);
    expect(outbox.lost).toEqual([]);
    expect(waiting(outbox)).toEqual(['2 b', '3 c']);
  });

  it('is what the store does not hold any more of what it gave out', async () => {
    const disk = await onDisk();
    const former = await open(disk);
    await write(former, 'a', 'b', 'c', 'd', 'e');
    const [state] = await disk.read(sessionId);
    const pending = state?.pending.filter(({ sequence }) => [2, 4].includes(sequence)) ?? [];
    disk.read = () => Promise.resolve([{ writerId, last: 5, acknowledged: 0, pending }]);
    const outbox = await open(disk, other);
    const range = (from: number, to: number) => ({ writer_id: writerId, from, to });
    expect(outbox.lost).toEqual([range(1, 1), range(3, 3), range(5, 5)]);
  });

  it('is what the server misses and nobody here holds', async () => {
    const outbox = await open(await onDisk());
    await write(outbox, 'a', 'b', 'c', 'd');
    outbox.acknowledge(writerId, 3);
    const unknown = { writer_id: other, from: 1, to: 2 };
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
    expect((await open(disk, other)).lost).toHaveLength(100);
  });
});

describe('batches', () => {
  const naughty = [
    '"ä"'.repeat(800),
    '\ud83d'.repeat(700),
    '\u0001\n\\'.repeat(600),
    '😀'.repeat(900),
  ];

  it('keep within their bytes, counted as they go over the wire', async () => {
    const outbox = await open(new MemoryStore());
    for (let i = 0; i < 60; i++) await outbox.append(row(`item_${i}`, naughty[i % 4]));
    const sizes = [...delivered(outbox)].map((batch) =>
      Buffer.byteLength(JSON.stringify({ type: 'transcript', id: 'x'.repeat(64), ...batch })),
    );
    expect(sizes.length).toBeGreaterThan(3);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    expect(outbox.status.acknowledged).toBe(60);
  });

  it('let a row that is larger than a batch go alone, so that it blocks nothing', async () => {
    const outbox = await open(new MemoryStore());
    await outbox.append({ ...row('a'), item_id: 'x'.repeat(MAX_BATCH_BYTES) });
    await write(outbox, 'b');
    const lengths = [...delivered(outbox)].map(({ entries }) => entries.length);
    expect(lengths).toEqual([1, 1]);
  });

  it('continue an utterance that is too long for one row, without losing a character', async () => {
    const outbox = await open(new MemoryStore());
    const text = '😀"\n'.repeat(15_000);
    await outbox.append(row('long', text));
    const entries = [...delivered(outbox)].flatMap((batch) => batch.entries);
    expect(entries.length).toBeGreaterThan(1);
    expect(entries.map((entry) => entry.text).join('')).toBe(text);
    expect(new Set(entries.map((entry) => entry.entry_id)).size).toBe(entries.length);
    for (const entry of entries) {
      expect(TranscriptEntry.safeParse(entry).success).toBe(true);
      expect(jsonBytes(entry.text)).toBeLessThanOrEqual(MAX_ENTRY_TEXT_BYTES);
    }
  });

  it('of a page that is left take what fits into one in all, behind what is on its way', async () => {
    const disk = await onDisk();
    const former = await open(disk, other);
    await former.append(row('a', 'x'.repeat(30_000)));
    await write(former, 'b');
    const outbox = await open(disk);
    await write(outbox, 'c', 'd');
    await outbox.append(row('e', 'x'.repeat(30_000)));
    const rows = (batches: readonly Batch[]) =>
      batches.map(({ writerId: writer, entries }) => [writer, ...entries.map((e) => e.sequence)]);
    const all = outbox.unsent(null);
    expect(rows(all)).toEqual([
      [other, 1, 2],
      [writerId, 1, 2],
    ]);
    expect(jsonBytes(all)).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    const sent = outbox.next();
    expect(rows(outbox.unsent(sent))).toEqual([[writerId, 1, 2, 3]]);
    expect(outbox.status.pending).toBe(5);
  });
});
