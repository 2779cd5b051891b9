import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { MAX_BATCH_BYTES, MAX_ENTRY_TEXT_BYTES, TranscriptEntry } from '@interview/protocol';
import type { WriterId } from '@interview/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryStatus } from '../events.ts';
import { silentLogger } from '../logger.ts';
import { jsonBytes } from './continue-row.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { Outbox } from './outbox.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import type { OutboxStore } from './store.ts';

let factory: IDBFactory;
beforeEach(() => {
  factory = new IDBFactory();
});

const told: DeliveryStatus[] = [];
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
    for (const text of ['a', 'b', 'c']) await outbox.append(row(text));
    expect(await outbox.acknowledge(writerId, 2)).toBe(true);
    expect(waiting(outbox)).toEqual(['3 c']);
    expect(await kept.pending(sessionId, writerId)).toMatchObject([{ sequence: 3 }]);
    expect(outbox.status).toEqual({ pending: 1, acknowledged: 2, kept: kept.kind });
    expect(await outbox.acknowledge(writerId, 1)).toBe(false);
    await outbox.append(row('d'));
    expect(waiting(outbox)).toEqual(['3 c', '4 d']);
  });

  it('forgets a session that is completed, and leaves others alone', async () => {
    const kept = await store();
    const outbox = await open(kept);
    await outbox.append(row('a'));
    await kept.append('another', writerId, (sequence) => ({
      ...row('x'),
      writer_id: writerId,
      sequence,
    }));
    await outbox.clear();
    expect(await kept.writers(sessionId)).toEqual([]);
    expect(await kept.pending('another', writerId)).toHaveLength(1);
  });
});

describe('Outbox', () => {
  it('has a row on disk before it can be sent', async () => {
    const outbox = await open(await onDisk());
    const appended = outbox.append(row('a'));
    expect(outbox.next()).toBeNull();
    await appended;
    const other = await onDisk();
    expect(await other.pending(sessionId, writerId)).toEqual(outbox.next()?.entries);
  });

  it('takes up what an earlier page left, and sends it first under its own writer', async () => {
    const former = await open(await onDisk());
    for (const text of ['a', 'b']) await former.append(row(text));
    await former.acknowledge(writerId, 1);
    const mine = 'b_zyxwvutsrqponmlkjihgfe' as WriterId;
    const outbox = await open(await onDisk(), mine);
    await outbox.append(row('c'));
    expect(outbox.marks).toEqual({ [writerId]: 2, [mine]: 1 });
    const first = outbox.next();
    await outbox.acknowledge(first?.writerId ?? mine, first?.entries.at(-1)?.sequence ?? 0);
    const second = outbox.next();
    await outbox.acknowledge(second?.writerId ?? mine, second?.entries.at(-1)?.sequence ?? 0);
    expect([first, second].map((batch) => batch?.writerId)).toEqual([writerId, mine]);
    expect(outbox.next()).toBeNull();
  });

  it('goes on in memory when the disk refuses, says so, and never starts a sequence again', async () => {
    const disk = await onDisk();
    const outbox = await open(disk);
    await outbox.append(row('a'));
    disk.append = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
    await outbox.append(row('b'));
    await outbox.append(row('c'));
    expect(waiting(outbox)).toEqual(['1 a', '2 b', '3 c']);
    expect(told.at(-1)).toEqual({ pending: 3, acknowledged: 0, kept: 'memory' });
  });

  it('keeps a batch within its bytes, counted as they go over the wire', async () => {
    const outbox = await open(new MemoryStore());
    for (let i = 0; i < 40; i++) await outbox.append(row(`item_${i}`, '"ä"'.repeat(800)));
    const sizes: number[] = [];
    for (let batch = outbox.next(); batch; batch = outbox.next()) {
      sizes.push(jsonBytes({ type: 'transcript', id: 'x'.repeat(64), ...batch }));
      await outbox.acknowledge(writerId, batch.entries.at(-1)?.sequence ?? 0);
    }
    expect(sizes.length).toBeGreaterThan(3);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    expect(outbox.status.acknowledged).toBe(40);
  });

  it('continues an utterance that is too long for one row, without losing a character', async () => {
    const outbox = await open(new MemoryStore());
    const text = '😀"\n'.repeat(15_000);
    await outbox.append(row('long', text));
    const entries: TranscriptEntry[] = [];
    for (let batch = outbox.next(); batch; batch = outbox.next()) {
      entries.push(...batch.entries);
      await outbox.acknowledge(writerId, batch.entries.at(-1)?.sequence ?? 0);
    }
    expect(entries.length).toBeGreaterThan(1);
    expect(entries.map((entry) => entry.text).join('')).toBe(text);
    expect(new Set(entries.map((entry) => entry.entry_id)).size).toBe(entries.length);
    for (const entry of entries) {
      expect(TranscriptEntry.safeParse(entry).success).toBe(true);
      expect(jsonBytes(entry.text)).toBeLessThanOrEqual(MAX_ENTRY_TEXT_BYTES);
    }
  });
});
