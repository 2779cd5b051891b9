import { randomUUID } from 'node:crypto';
import type { CallId, SessionId } from '@interview/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { Lease } from './lease.ts';

let storage: MemoryStorage;
let lost: unknown[];
let lease: Lease;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  storage = new MemoryStorage(randomUUID() as SessionId);
  lost = [];
  const { call_id: call } = await storage.openCall({
    session: storage.session,
    offerId: 'o',
    writer: `b_${'x'.repeat(20)}` as never,
    reason: 'start',
    provider: 'openai',
  });
  lease = await take(call);
});
afterEach(() => {
  lease.drop();
  vi.useRealTimers();
});

function take(call: CallId): Promise<Lease> {
  return Lease.take(
    {
      storage,
      call,
      holder: 'me',
      force: false,
      lost: (successor) => lost.push(successor),
      log: pino({ level: 'silent' }),
    },
    new AbortController().signal,
  );
}

/** Another process takes the call. */
function takeAway(): void {
  const [call] = storage.calls;
  if (call) call.lease = { holder: 'another', epoch: 9, until: Date.now() + 60_000 };
}

describe('a lease', () => {
  it('is confirmed while the database is away until it lapses, ten seconds after it was last renewed', async () => {
    await vi.advanceTimersByTimeAsync(6_000);
    storage.down = true;
    await vi.advanceTimersByTimeAsync(9_900);
    expect(await lease.confirm()).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(await lease.confirm()).toBe(false);
    expect(lost).toEqual([]);
    storage.down = false;
    expect(await lease.confirm()).toBe(true);
  });

  it('is not confirmed once it is another’s', async () => {
    takeAway();
    expect(await lease.confirm()).toBe(false);
    expect(lost).toHaveLength(1);
  });

  it('is proved by the database only, and by what that says from then on', async () => {
    expect(await lease.prove()).toBe(true);
    const { renewLease } = storage;
    let answer = (): void => undefined;
    storage.renewLease = async (...args) => {
      const standing = await renewLease(...args);
      await new Promise<void>((resolve) => (answer = resolve));
      return standing;
    };
    const renewed = lease.renew();
    await vi.advanceTimersByTimeAsync(0);
    storage.renewLease = renewLease;
    takeAway();
    const proved = lease.prove();
    answer();
    expect(await renewed).toBe(true);
    expect(await proved).toBe(false);
  });

  it('is not proved by a database that does not answer within two seconds', async () => {
    storage.renewLease = () => new Promise(() => undefined);
    void lease.renew();
    let proved: boolean | null = null;
    void lease.prove().then((answer) => (proved = answer));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(proved).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(proved).toBe(false);
  });

  it('that was just renewed is confirmed within half a second, however slow the database is', async () => {
    storage.renewLease = () => new Promise(() => undefined);
    let confirmed: boolean | null = null;
    void lease.confirm().then((answer) => (confirmed = answer));
    await vi.advanceTimersByTimeAsync(499);
    expect(confirmed).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(confirmed).toBe(true);
    await vi.advanceTimersByTimeAsync(5_000);
    confirmed = null;
    void lease.confirm().then((answer) => (confirmed = answer));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(confirmed).toBeNull();
  });
});
