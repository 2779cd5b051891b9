import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import {
  jsonBytes,
  MAX_BATCH_BYTES,
  MAX_ENTRY_TEXT_BYTES,
  TranscriptEntry,
} from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { row, writerId } from '../testing/rows.ts';
import type { Batch } from './batch.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { delivered, openOutbox, otherWriter, write } from './testing/open-outbox.ts';

describe('batches', () => {
  const naughty = [
    '"ä"'.repeat(800),
    '\ud83d'.repeat(700),
    '\u0001\n\\'.repeat(600),
    '😀'.repeat(900),
  ];

  it('keep within their bytes, counted as they go over the wire', async () => {
    const outbox = await openOutbox(new MemoryStore());
    for (let i = 0; i < 60; i++) await outbox.append(row(`item_${i}`, naughty[i % 4]));
    const sizes = [...delivered(outbox)].map((batch) =>
      Buffer.byteLength(JSON.stringify({ type: 'transcript', id: 'x'.repeat(64), ...batch })),
    );
    expect(sizes.length).toBeGreaterThan(3);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    expect(outbox.status.acknowledged).toBe(60);
  });

  it('let a row that is larger than a batch go alone, so that it blocks nothing', async () => {
    const outbox = await openOutbox(new MemoryStore());
    await outbox.append({ ...row('a'), item_id: 'x'.repeat(MAX_BATCH_BYTES) });
    await write(outbox, 'b');
    const lengths = [...delivered(outbox)].map(({ entries }) => entries.length);
    expect(lengths).toEqual([1, 1]);
  });

  it('continue an utterance that is too long for one row, without losing a character', async () => {
    const outbox = await openOutbox(new MemoryStore());
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
    const disk = await IndexedDbStore.open(new IDBFactory());
    const former = await openOutbox(disk, otherWriter);
    await former.append(row('a', 'x'.repeat(30_000)));
    await write(former, 'b');
    const outbox = await openOutbox(disk);
    await write(outbox, 'c', 'd');
    await outbox.append(row('e', 'x'.repeat(30_000)));
    const rows = (batches: readonly Batch[]) =>
      batches.map(({ writerId: writer, entries }) => [writer, ...entries.map((e) => e.sequence)]);
    const all = outbox.unsent(null);
    expect(rows(all)).toEqual([
      [otherWriter, 1, 2],
      [writerId, 1, 2],
    ]);
    expect(jsonBytes(all)).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    const sent = outbox.next();
    expect(rows(outbox.unsent(sent))).toEqual([[writerId, 1, 2, 3]]);
    expect(outbox.status.pending).toBe(5);
  });
});
