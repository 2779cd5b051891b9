import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { InterviewError } from '../errors.ts';
import { sessionId, writerId } from '../testing/rows.ts';
import type { Courier } from './courier.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import type { Outbox } from './outbox.ts';
import { DeliveryServer, type Reply } from './testing/delivery-server.ts';
import { openOutbox, otherWriter, write as append } from './testing/open-outbox.ts';
import { openPage, type PageOptions } from './testing/open-page.ts';

/** Locks of one browser, as pages share them. */
class Locks {
  readonly names: string[] = [];
  /** Another page holds the lock until this resolves. */
  held: Promise<unknown> = Promise.resolve();

  async request<T>(name: string, { signal }: LockOptions, work: () => Promise<T>): Promise<T> {
    this.names.push(name);
    const tooLate = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(new DOMException('Late.', 'TimeoutError'))),
    );
    await Promise.race([this.held, tooLate]);
    return work();
  }

  get port(): LockManager {
    return this as unknown as LockManager;
  }
}

let server: DeliveryServer;
let outbox: Outbox;
let courier: Courier;
const open = async (options?: PageOptions): Promise<void> => {
  ({ outbox, courier } = await openPage(server, options));
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

describe('Courier of a page that is left', () => {
  it('flushes what is neither acknowledged nor on its way, and forgets nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    server.script = [() => promise];
    await courier.connected({});
    await write('a');
    await write('b');
    courier.flush();
    expect(server.flushed).toEqual([[2]]);
    expect(outbox.status.pending).toBe(2);
    server.held.set(1, 'a').set(2, 'b');
    resolve({ last_sequence: 2 });
    expect(await courier.drained(1000)).toBe(true);
    courier.flush();
    expect(server.flushed).toHaveLength(1);
  });

  it('flushes everything when nothing is on its way, also without a connection', async () => {
    await write('a', 'b');
    courier.flush();
    expect(server.flushed).toEqual([[1, 2]]);
  });

  it('flushes nothing once the server has refused', async () => {
    await write('a');
    courier.stop();
    courier.flush();
    expect(server.flushed).toEqual([]);
  });
});

describe('Courier beside another page', () => {
  it('asks for its turn for each batch, and gives it back', async () => {
    const locks = new Locks();
    await open({ locks: locks.port });
    await courier.connected({});
    await write('a');
    await courier.drained(1000);
    await write('b');
    await courier.drained(1000);
    const name = `interview-room-outbox:${sessionId}`;
    expect(locks.names).toEqual([name, name]);
    expect(server.batches).toEqual([[1], [2]]);
  });

  it('waits for its turn, and sends what is left by then', async () => {
    const locks = new Locks();
    const turn = Promise.withResolvers<null>();
    locks.held = turn.promise;
    await open({ locks: locks.port });
    await courier.connected({});
    await write('a', 'b');
    expect(server.batches).toEqual([]);
    server.held.set(1, 'a');
    outbox.acknowledge(writerId, 1);
    turn.resolve(null);
    await courier.drained(1000);
    expect(server.batches).toEqual([[2]]);
  });

  it('sends without its turn when a frozen page does not give it back', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      expect(ms).toBe(2_000);
      return AbortSignal.abort();
    });
    const locks = new Locks();
    locks.request = () => Promise.reject(new DOMException('Late.', 'TimeoutError'));
    await open({ locks: locks.port });
    await courier.connected({});
    await write('a');
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[1]]);
    vi.restoreAllMocks();
  });

  it('sends a batch once even when it fails within its turn', async () => {
    vi.useFakeTimers();
    server.script = [new InterviewError('proxy_unreachable', 'Cut.')];
    await open({ locks: new Locks().port });
    await courier.connected({});
    await write('a');
    await vi.advanceTimersByTimeAsync(499);
    expect(server.batches).toEqual([[1]]);
  });

  it('looks again before it sends rows of another page, which may have delivered them', async () => {
    const disk = await IndexedDbStore.open(new IDBFactory());
    const theirs = await openOutbox(disk, otherWriter);
    await append(theirs, 'a', 'b');
    await open({ store: disk });
    theirs.acknowledge(otherWriter, 1);
    await theirs.settled();
    server.script = [{ writer_id: otherWriter, last_sequence: 2 }];
    await courier.connected({});
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[2]]);
  });

  it('is not drained before it has looked for rows that other pages left since', async () => {
    const disk = await IndexedDbStore.open(new IDBFactory());
    await open({ store: disk });
    await courier.connected({});
    expect(await courier.drained(1000)).toBe(true);
    await append(await openOutbox(disk, otherWriter), 'a');
    server.script = [{ writer_id: otherWriter, last_sequence: 1 }];
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[1]]);
    expect(outbox.marks).toEqual({ [otherWriter]: 1 });
  });
});
