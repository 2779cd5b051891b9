import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerMessage, TranscriptEntry, WriterId } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import type { SignallerRequest } from '../signalling/signaller.ts';
import { Courier } from './courier.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { Outbox } from './outbox.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import type { OutboxStore } from './store.ts';

type Reply = Partial<Extract<ServerMessage, { type: 'ack' }>> | Error;

/** A server that holds what it was sent, and answers as the test says. */
class Server {
  readonly held = new Map<number, string>();
  readonly batches: number[][] = [];
  /** What pages that were left sent. */
  readonly flushed: number[][] = [];
  /** What the next requests are answered with; then all is taken. */
  script: (Reply | (() => Promise<Reply>))[] = [];

  async request(message: SignallerRequest): Promise<ServerMessage> {
    const entries = ('entries' in message ? message.entries : []) as TranscriptEntry[];
    this.batches.push(entries.map(({ sequence }) => sequence));
    const next = this.script.shift();
    const reply = typeof next === 'function' ? await next() : next;
    if (reply instanceof Error) throw reply;
    if (!reply) for (const { sequence, text } of entries) this.held.set(sequence, text);
    let last_sequence = 0;
    while (this.held.has(last_sequence + 1)) last_sequence += 1;
    const writer_id = 'writer_id' in message ? message.writer_id : writerId;
    return {
      type: 'ack',
      id: 'm',
      writer_id,
      last_sequence,
      stored: 0,
      duplicates: 0,
      refused: [],
      ...reply,
    };
  }

  flush(message: SignallerRequest): void {
    const entries = ('entries' in message ? message.entries : []) as TranscriptEntry[];
    this.flushed.push(entries.map(({ sequence }) => sequence));
  }
}

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

let server: Server;
let outbox: Outbox;
let courier: Courier;
let refused: InterviewError[];

const other = 'b_zyxwvutsrqponmlkjihgfe' as WriterId;

async function open(options: { store?: OutboxStore; locks?: LockManager } = {}): Promise<void> {
  const { store = new MemoryStore(), locks = null } = options;
  const onChange = (): void => undefined;
  outbox = await Outbox.open({ store, sessionId, writerId, logger: silentLogger, onChange });
  courier = new Courier({
    outbox,
    signaller: server,
    locks,
    logger: silentLogger,
    random: () => 0,
    onRefused: (error) => refused.push(error),
  });
}

beforeEach(async () => {
  vi.useRealTimers();
  server = new Server();
  refused = [];
  await open();
});

const write = async (...texts: string[]): Promise<void> => {
  for (const text of texts) await outbox.append(row(text));
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
    courier = new Courier({
      outbox,
      signaller: server,
      locks: null,
      logger: silentLogger,
      random: () => 0.8,
      onRefused: () => undefined,
    });
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
    server.script = [
      new InterviewError('token_refused', 'Of another session.', { retryable: false }),
    ];
    await courier.connected({});
    await write('a');
    await vi.waitFor(() => expect(refused).toHaveLength(1));
    await write('b');
    expect(server.batches).toHaveLength(1);
    expect(outbox.status.pending).toBe(2);
    const [kept] = await disk.read(sessionId);
    expect(kept?.pending).toHaveLength(2);
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
    const entry = (sequence: number) => ({ ...row(`i${sequence}`), writer_id: other, sequence });
    const pending = [entry(2), entry(3)];
    disk.read = () =>
      Promise.resolve([{ writerId: other, last: 3, acknowledged: 0, pending: [...pending] }]);
    await open({ store: disk });
    disk.read = () => Promise.resolve([]);
    server.script = [{ writer_id: other, last_sequence: 0, stored: 1, duplicates: 1 }];
    await courier.connected({});
    await write('mine');
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[2, 3], [1]]);
    outbox.missing([{ writer_id: other, from: 1, to: 1 }]);
    expect(outbox.lost).toEqual([{ writer_id: other, from: 1, to: 1 }]);
  });
});

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
    const onChange = (): void => undefined;
    const options = { store: disk, sessionId, logger: silentLogger, onChange };
    const theirs = await Outbox.open({ ...options, writerId: other });
    await theirs.append(row('a'));
    await theirs.append(row('b'));
    await open({ store: disk });
    await courier.connected({});
    courier.disconnected();
    server.batches.length = 0;
    theirs.acknowledge(other, 1);
    await theirs.settled();
    server.script = [{ writer_id: other, last_sequence: 2 }];
    await courier.connected({});
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[2]]);
  });

  it('is not drained before it has looked for rows that other pages left since', async () => {
    const disk = await IndexedDbStore.open(new IDBFactory());
    await open({ store: disk });
    await courier.connected({});
    expect(await courier.drained(1000)).toBe(true);
    const onChange = (): void => undefined;
    const options = { store: disk, sessionId, logger: silentLogger, onChange };
    await (await Outbox.open({ ...options, writerId: other })).append(row('a'));
    server.script = [{ writer_id: other, last_sequence: 1 }];
    expect(await courier.drained(1000)).toBe(true);
    expect(server.batches).toEqual([[1]]);
    expect(outbox.marks).toEqual({ [other]: 1 });
  });
});
