import { randomUUID } from 'node:crypto';
import { parseServerEvent, type CallId, type SessionId } from '@interview/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import type { SidebandHandlers, Upstream } from '../upstream/port.ts';
import { Attachment } from './attachment.ts';

let storage: MemoryStorage;
let call: CallId;
let handlers: SidebandHandlers;
/** Channels into the call that are open. */
let open: Set<object>;
let events: string[];
let attachment: Attachment;
/** The provider takes nobody. */
let refused: boolean;
/** Lets the provider's answer wait. */
let slow: Promise<void> | null;

const upstream: Upstream = {
  name: 'openai',
  dialect: 'openai-realtime',
  openCall: () => Promise.reject(new Error('not asked here')),
  hangup: () => Promise.resolve(),
  attach: async (_id, given) => {
    if (refused) throw new Error('not now');
    await slow;
    handlers = given;
    open.add(given);
    return { send: () => true, close: () => open.delete(given) };
  },
};

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  storage = new MemoryStorage(randomUUID() as SessionId);
  open = new Set();
  events = [];
  refused = false;
  slow = null;
  const opened = await storage.openCall({
    session: storage.session,
    offerId: 'o',
    writer: `b_${'x'.repeat(20)}` as never,
    reason: 'start',
    provider: 'openai',
  });
  call = opened.call_id;
});
afterEach(async () => {
  attachment.close();
  await attachment.release();
  vi.useRealTimers();
});

function attach(force: boolean): Attachment {
  return new Attachment({
    call: { id: call, providerCallId: 'rtc_1', startedAt: Date.now() },
    session: storage.session,
    holder: 'me',
    force,
    storage,
    upstream,
    log: pino({ level: 'silent' }),
    hidden: () => false,
    event: (event) => events.push('itemId' in event ? event.itemId : event.type),
    taken: () => events.push('taken'),
    opened: () => events.push('opened'),
    back: () => events.push('back'),
    lost: () => events.push('lost'),
    fenced: () => undefined,
  });
}

/** Lets the database answer only when it is told to. */
function hold(): () => void {
  const { takeLease } = storage;
  let answer = (): void => undefined;
  storage.takeLease = async (...args) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return takeLease(...args);
  };
  return () => answer();
}
const happen = (itemId: string): void =>
  handlers.event(parseServerEvent({ type: 'conversation.item.deleted', item_id: itemId }));

describe('a hold on a call', () => {
  it('that can’t be had leaves no channel open', async () => {
    const answer = hold();
    attachment = attach(true);
    const opened = expect(attachment.open(5_000)).rejects.toMatchObject({
      code: 'supervision_unavailable',
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(open.size).toBe(1);
    await storage.closeCall(call, 'superseded', null);
    answer();
    await opened;
    expect(open.size).toBe(0);
    expect(attachment.closed).toBe(true);
  });

  it.each([true, false])(
    'that nobody waits for any more when the lease comes is let go (by force: %s)',
    async (force) => {
      const answer = hold();
      attachment = attach(force);
      const opened = expect(attachment.open(5_000)).rejects.toMatchObject({
        code: 'supervision_unavailable',
      });
      await vi.advanceTimersByTimeAsync(0);
      attachment.close();
      answer();
      await opened;
      expect(events).toEqual([]);
      expect(open.size).toBe(0);
      expect(storage.calls[0]?.lease?.until).toBe(0);
    },
  );

  it('of which the channel comes when nobody waits any more leaves none open', async () => {
    let answer = (): void => undefined;
    slow = new Promise<void>((resolve) => (answer = resolve));
    attachment = attach(false);
    const opened = expect(attachment.open(5_000)).rejects.toMatchObject({
      code: 'supervision_unavailable',
    });
    await vi.advanceTimersByTimeAsync(0);
    attachment.close();
    answer();
    await opened;
    expect(open.size).toBe(0);
    expect(events).toEqual(['taken']);
  });

  it('does nothing in a call that is not ours yet, also where its channel breaks and comes back', async () => {
    const answer = hold();
    attachment = attach(true);
    const opened = attachment.open(5_000);
    await vi.advanceTimersByTimeAsync(0);
    open.clear();
    handlers.closed();
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual([]);
    answer();
    await opened;
    expect(events).toEqual(['taken', 'opened']);
    open.clear();
    handlers.closed();
    await vi.advanceTimersByTimeAsync(0);
    expect(events.at(-1)).toBe('back');
  });

  it('leaves a call that is not ours yet where its channel is lost', async () => {
    const answer = hold();
    attachment = attach(true);
    const opened = expect(attachment.open(30_000)).rejects.toMatchObject({
      code: 'supervision_unavailable',
    });
    await vi.advanceTimersByTimeAsync(0);
    refused = true;
    handlers.closed();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(attachment.closed).toBe(true);
    answer();
    await opened;
    expect(events).toEqual([]);
  });

  it('keeps what happens until the lease is there, and of a flood the newest', async () => {
    const answer = hold();
    attachment = attach(true);
    const opened = attachment.open(5_000);
    await vi.advanceTimersByTimeAsync(0);
    for (let at = 0; at < 2_003; at += 1) happen(`i${at}`);
    answer();
    await opened;
    expect(events).toHaveLength(2_002);
    expect([events[0], events[1], events.at(-2), events.at(-1)]).toEqual([
      'taken',
      'i3',
      'i2002',
      'opened',
    ]);
  });
});
