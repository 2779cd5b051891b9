import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerMessage, TranscriptEntry } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import type { SignallerRequest } from '../signalling/signaller.ts';
import { Courier } from './courier.ts';
import { MemoryStore } from './memory-store.ts';
import { Outbox } from './outbox.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';

type Reply = Partial<Extract<ServerMessage, { type: 'ack' }>> | Error;

/** A server that holds what it was sent, and answers as the test says. */
class Server {
  readonly held = new Map<number, string>();
  readonly batches: number[][] = [];
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
}

let server: Server;
let outbox: Outbox;
let courier: Courier;
let refused: InterviewError[];

beforeEach(async () => {
  vi.useRealTimers();
  server = new Server();
  refused = [];
  const store = new MemoryStore();
  const onChange = (): void => undefined;
  outbox = await Outbox.open({ store, sessionId, writerId, logger: silentLogger, onChange });
  courier = new Courier({
    outbox,
    signaller: server,
    logger: silentLogger,
    random: () => 0,
    onRefused: (error) => refused.push(error),
  });
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

  it('waits between attempts when the server cannot store', async () => {
    vi.useFakeTimers();
    const busy = new InterviewError('internal', 'storage_unavailable', { retryable: true });
    server.script = [busy, busy];
    await courier.connected({});
    await write('a');
    await vi.advanceTimersByTimeAsync(499);
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toHaveLength(3);
    expect(outbox.next()).toBeNull();
  });

  it('stops when it is refused for good, tells it, and keeps the rows', async () => {
    server.script = [
      new InterviewError('token_refused', 'Of another session.', { retryable: false }),
    ];
    await courier.connected({});
    await write('a');
    await vi.waitFor(() => expect(refused).toHaveLength(1));
    await write('b');
    expect(server.batches).toHaveLength(1);
    expect(outbox.status.pending).toBe(2);
  });

  it('does not wait for ever to be drained', async () => {
    await write('a');
    expect(await courier.drained(20)).toBe(false);
  });
});
