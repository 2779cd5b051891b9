import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { InterviewError } from '../errors.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import type { Courier } from './courier.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import type { Outbox } from './outbox.ts';
import { DeliveryServer, type Reply } from './testing/delivery-server.ts';
import { otherWriter, write as append } from './testing/open-outbox.ts';
import { openPage, type PageOptions } from './testing/open-page.ts';

let server: DeliveryServer;
let outbox: Outbox;
let courier: Courier;
let refused: InterviewError[];
const open = async (options?: PageOptions): Promise<void> => {
  ({ outbox, courier, refused } = await openPage(server, options));
};

beforeEach(async () => {
  vi.useRealTimers();
  server = new DeliveryServer();
  await open();
});

const write = async (...texts: string[]): Promise<void> => {
  await append(outbox, ...texts);
  courier.wake();
};

describe('Courier', () => {
  it('carries nothing without a connection, and everything once there is one', async () => {
    await write('a', 'b');
    expect(server.batches).toEqual([]);
    await courier.connected({});
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[1, 2]]);
    expect([...server.held.values()]).toEqual(['a', 'b']);
    expect(outbox.next()).toBeNull();
  });

  it('sends only what the server does not hold already', async () => {
    await write('a', 'b', 'c');
    server.held.set(1, 'a').set(2, 'b');
    await courier.connected({ [writerId]: 2 });
    await courier.drained(1000);
    expect(server.batches).toEqual([[3]]);
  });

  it('keeps a row until the acknowledgement came, and sends it again on the next connection', async () => {
    server.script = [
      new InterviewError('proxy_unreachable', 'Cut between commit and acknowledgement.'),
    ];
    await courier.connected({});
    await write('a');
    await vi.waitFor(() => expect(server.batches).toEqual([[1]]));
    courier.disconnected();
    expect(outbox.status.pending).toBe(1);
    await courier.connected({});
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[1], [1]]);
    expect([...server.held.values()]).toEqual(['a']);
  });

  it('keeps all rows behind a gap: an acknowledgement names the highest contiguous sequence', async () => {
    server.held.set(1, 'a');
    server.script = [{ last_sequence: 1 }, { last_sequence: 1 }];
    await write('a', 'b', 'c');
    await courier.connected({});
    await vi.waitFor(() =>
      expect(server.batches).toEqual([
        [1, 2, 3],
        [2, 3],
      ]),
    );
    expect(outbox.next()?.entries.map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(await courier.drained(3000)).toBe(true);
    expect(server.batches.at(-1)).toEqual([2, 3]);
  });

  it('sends one batch at a time; what comes meanwhile goes together', async () => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    server.script = [() => promise];
    await courier.connected({});
    await write('a');
    await write('b');
    await write('c');
    expect(server.batches).toEqual([[1]]);
    server.held.set(1, 'a');
    resolve({ last_sequence: 1 });
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[1], [2, 3]]);
  });

  it('waits between attempts when the server cannot store, also with new rows', async () => {
    vi.useFakeTimers();
    const busy = new InterviewError('internal', 'storage_unavailable', { retryable: true });
    server.script = [busy, busy];
    await courier.connected({});
    await write('a');
    await vi.advanceTimersByTimeAsync(499);
    await write('b');
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toEqual([[1], [1, 2], [1, 2]]);
    expect(outbox.next()).toBeNull();
  });

  it.each([
    ['as long as the server asks', 7_000, 7_000],
    ['no less than without being asked', 1, 500],
    ['never for ever', 1e12, 60_000],
  ])('pauses %s', async (_, retry_after_ms, pause) => {
    vi.useFakeTimers();
    const cause = { type: 'error', code: 'rate_limited', retry_after_ms };
    server.script = [new InterviewError('upstream_unavailable', 'Slower.', { cause })];
    await courier.connected({});
    await write('a');
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toHaveLength(2);
  });

  it('spreads its attempts', async () => {
    vi.useFakeTimers();
    const busy = new InterviewError('internal', 'storage_unavailable', { retryable: true });
    server.script = [busy];
    await open({ random: () => 0.8 });
    await courier.connected({});
    await write('a');
    await vi.advanceTimersByTimeAsync(699);
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toHaveLength(2);
  });

  it('does not wait any longer when a new connection stands', async () => {
    vi.useFakeTimers();
    const cause = { type: 'error', code: 'draining', retry_after_ms: 30_000 };
    server.script = [new InterviewError('upstream_unavailable', 'Restarting.', { cause })];
    await courier.connected({});
    await write('a');
    await vi.advanceTimersByTimeAsync(1_000);
    courier.disconnected();
    await courier.connected({});
    await vi.advanceTimersByTimeAsync(0);
    expect(server.batches).toEqual([[1], [1]]);
  });

  it('stops when it is refused for good, tells it, and keeps the rows', async () => {
    const disk = await IndexedDbStore.open(new IDBFactory());
    await open({ store: disk });
    server.script = [new InterviewError('start_refused', 'Of another session.')];
    await courier.connected({});
    await write('a');
    await vi.waitFor(() => expect(refused).toHaveLength(1));
    await write('b');
    expect(server.batches).toHaveLength(1);
    expect(outbox.status.pending).toBe(2);
    const [kept] = await disk.read(sessionId);
    expect(kept?.pending).toHaveLength(2);
  });

  it('goes on after a token was refused, once the connection has another', async () => {
    server.script = [new InterviewError('token_refused', 'Rotated.', { retryable: false })];
    await courier.connected({});
    await write('a');
    await vi.waitFor(() => expect(server.batches).toHaveLength(1));
    courier.disconnected();
    await courier.connected({});
    await vi.waitFor(() => expect(outbox.status.pending).toBe(0));
    expect(refused).toEqual([]);
  });

  it('purges rows that come too late for any server, but only after it has told so', async () => {
    const disk = await IndexedDbStore.open(new IDBFactory());
    await open({ store: disk });
    server.script = [new InterviewError('delivery_expired', 'Ended yesterday.')];
    const order: string[] = [];
    const clear = disk.clear.bind(disk);
    disk.clear = (session) => {
      order.push(...refused.map(({ code }) => code), 'purged');
      return clear(session);
    };
    await courier.connected({});
    await write('a');
    await vi.waitFor(() => expect(order).toEqual(['delivery_expired', 'purged']));
    await outbox.settled();
    expect(await disk.read(sessionId)).toEqual([]);
  });

  it('does not wait for ever to be drained', async () => {
    await write('a');
    expect(await courier.drained(20)).toBe(false);
  });

  it('goes past rows that are gone for ever, and what they leave open is told as lost', async () => {
    const disk = await IndexedDbStore.open(new IDBFactory());
    const entry = (sequence: number) => ({
      ...row(`i${sequence}`),
      writer_id: otherWriter,
      sequence,
    });
    const pending = [entry(2), entry(3)];
    disk.read = () =>
      Promise.resolve([{ writerId: otherWriter, last: 3, acknowledged: 0, pending: [...pending] }]);
    await open({ store: disk });
    disk.read = () => Promise.resolve([]);
    server.script = [{ writer_id: otherWriter, last_sequence: 0, stored: 1, duplicates: 1 }];
    await courier.connected({});
    await write('mine');
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[2, 3], [1]]);
    outbox.missing([{ writer_id: otherWriter, from: 1, to: 1 }]);
    expect(outbox.lost).toEqual([{ writer_id: otherWriter, from: 1, to: 1 }]);
  });
});
