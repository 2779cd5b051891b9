import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryStatus } from '../events.ts';
import { sessionId, writerId } from '../testing/rows.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { openOutbox, otherWriter, waiting, write } from './testing/open-outbox.ts';

let factory: IDBFactory;
let told: DeliveryStatus[];
beforeEach(() => {
  factory = new IDBFactory();
  told = [];
});
afterEach(() => vi.useRealTimers());
const onDisk = (): Promise<IndexedDbStore> => IndexedDbStore.open(factory);
const full = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));

describe('Outbox without a disk', () => {
  it('goes on in memory when the disk refuses, says so, and never starts a sequence again', async () => {
    const disk = await onDisk();
    const outbox = await openOutbox(disk, writerId, told);
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
    const former = await openOutbox(disk, writerId, told);
    await write(former, 'a');
    disk.append = full;
    await write(former, 'b', 'c');
    // The server got all three; the page dies before it can forget the first.
    const outbox = await openOutbox(await onDisk(), otherWriter);
    expect(waiting(outbox)).toEqual(['1 a']);
    outbox.acknowledge(writerId, 3);
    await write(outbox, 'd');
    expect(waiting(outbox)).toEqual(['1 d']);
    expect(outbox.marks).toEqual({ [writerId]: 1, [otherWriter]: 1 });
    expect(outbox.lost).toEqual([]);
  });

  it('says at once that memory keeps the rows when the database is taken away', async () => {
    const outbox = await openOutbox(await onDisk(), writerId, told);
    await write(outbox, 'a');
    const deleted = factory.deleteDatabase('interview-room-outbox');
    await new Promise((resolve) => (deleted.onsuccess = resolve));
    expect(told.at(-1)).toEqual({ pending: 1, acknowledged: 0, kept: 'memory' });
    await write(outbox, 'b');
    expect(waiting(outbox)).toEqual(['1 a', '2 b']);
  });

  it('takes up later what it could not read at first, and deletes none of it unread', async () => {
    const disk = await onDisk();
    await write(await openOutbox(disk, otherWriter), 'a');
    const read = disk.read.bind(disk);
    disk.read = () => Promise.reject(new DOMException('Busy.', 'UnknownError'));
    const outbox = await openOutbox(disk, writerId, told);
    await write(outbox, 'b');
    expect(told.at(-1)).toEqual({ pending: 1, acknowledged: 0, kept: 'indexeddb' });
    disk.read = read;
    await outbox.refresh();
    expect(outbox.marks).toEqual({ [writerId]: 1, [otherWriter]: 1 });

    disk.read = () => Promise.reject(new DOMException('Busy.', 'UnknownError'));
    await outbox.refresh();
    await outbox.clear();
    expect(await read(sessionId)).toHaveLength(2);
  });

  it('waits for a disk that hangs once, and never again', async () => {
    const disk = await onDisk();
    const outbox = await openOutbox(disk, writerId, told);
    vi.useFakeTimers();
    const asked: string[] = [];
    const hang = (name: string) => () => {
      asked.push(name);
      return new Promise<never>(() => undefined);
    };
    disk.append = hang('append');
    disk.acknowledge = hang('acknowledge');
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
    await write(outbox, 'c');
    expect(waiting(outbox)).toEqual(['3 c']);
    expect(asked).toEqual(['append', 'acknowledge']);
  });

  it('gives up a database that does not open, and stands in nobody’s way when it does after all', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const request: Partial<IDBOpenDBRequest> = {};
    const hanging = { open: () => request } as unknown as IDBFactory;
    const opened = expect(IndexedDbStore.open(hanging)).rejects.toMatchObject({
      code: 'delivery_failed',
    });
    await vi.advanceTimersByTimeAsync(3_000);
    await opened;
    const close = vi.fn();
    Object.assign(request, { result: { close } });
    request.onsuccess?.call(request as IDBOpenDBRequest, new Event('success'));
    expect(close).toHaveBeenCalledOnce();
  });
});
