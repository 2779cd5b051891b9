import type { ServerMessage, TranscriptEntry, WriterId } from '@interview/protocol';
import { expect } from 'chai';
import { silentLogger } from '../logger.ts';
import type { SignallerRequest } from '../signalling/signaller.ts';
import { row, sessionId, writerId } from '../testing/rows.ts';
import { Courier } from './courier.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { Outbox } from './outbox.ts';

const other = 'b_zyxwvutsrqponmlkjihgfe' as WriterId;
const third = 'b_thirdthirdthirdthirdth' as WriterId;
const lockName = `interview-room-outbox:${sessionId}`;

/** Takes everything, and tells how many requests it had at once. */
class Server {
  readonly batches: number[][] = [];
  #open = 0;
  most = 0;

  async request(message: SignallerRequest): Promise<ServerMessage> {
    if (message.type !== 'transcript') throw new Error('Only rows are expected.');
    const sequences = (message.entries as TranscriptEntry[]).map(({ sequence }) => sequence);
    this.batches.push(sequences);
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    this.#open -= 1;
    const last_sequence = sequences.at(-1) ?? 0;
    const { writer_id } = message;
    const stored = sequences.length;
    return { type: 'ack', id: 'm', writer_id, last_sequence, stored, duplicates: 0, refused: [] };
  }

  flush(): void {
    throw new Error('No page is left here.');
  }
}

describe('Courier and the locks of a browser', () => {
  const name = `courier-test-${crypto.randomUUID()}`;
  const page = async (server: Server, writer: WriterId): Promise<[Outbox, Courier]> => {
    const store = await IndexedDbStore.open(indexedDB, name);
    const onChange = (): void => undefined;
    const options = { store, sessionId, logger: silentLogger, onChange };
    const outbox = await Outbox.open({ ...options, writerId: writer });
    const courier = new Courier({
      outbox,
      signaller: server,
      locks: navigator.locks,
      logger: silentLogger,
      random: () => 0,
      onRefused: (error) => {
        throw error;
      },
    });
    return [outbox, courier];
  };

  afterEach(async () => {
    await (await IndexedDbStore.open(indexedDB, name)).clear(sessionId);
  });

  it('let one page send at a time, and what a third one left only once', async () => {
    const server = new Server();
    const [left] = await page(server, other);
    for (const item of ['a', 'b', 'c']) await left.append(row(item, 'x'.repeat(30_000)));
    const pages = [await page(server, writerId), await page(server, third)];
    await Promise.all(pages.map(([, courier]) => courier.connected({})));
    const drained = await Promise.all(pages.map(([, courier]) => courier.drained(5_000)));
    expect(drained).to.deep.equal([true, true]);
    expect(server.most).to.equal(1);
    expect(server.batches).to.deep.equal([[1], [2], [3]]);
    const { held } = await navigator.locks.query();
    expect(held?.some((lock) => lock.name === lockName)).to.equal(false);
  });

  it('do not let a frozen page stop another', async () => {
    const server = new Server();
    const thaw = new AbortController();
    const frozen = navigator.locks.request(
      lockName,
      () => new Promise((resolve) => thaw.signal.addEventListener('abort', resolve)),
    );
    const [outbox, courier] = await page(server, writerId);
    await outbox.append(row('a'));
    const began = performance.now();
    await courier.connected({});
    expect(await courier.drained(10_000)).to.equal(true);
    expect(performance.now() - began).to.be.greaterThan(1_900);
    expect(server.batches).to.deep.equal([[1]]);
    thaw.abort();
    await frozen;
  }).timeout(15_000);
});
