import { randomUUID } from 'node:crypto';
import { parseServerEvent, type SessionId } from '@interview/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Drain } from '../drain.ts';
import { ProxyError } from '../proxy-error.ts';
import { newInterview } from '../supervision/interview-state.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { newWriter } from '../testing/proxy.ts';
import type { Upstream } from '../upstream/port.ts';
import { AnswersFirst } from './answers-first.ts';
import { specOf } from './call-spec.ts';
import { LiveCall } from './live-call.ts';
import { OffersInFlight } from './offers-in-flight.ts';

let storage: MemoryStorage;
let hangups: string[];
let left: string[];
/** The provider has closed the call. */
let gone: boolean;
let drop: () => void;
let drain: Drain;
/** Settles when a hang-up is answered. */
let hangingUp: Promise<void>;
let tell: (event: object) => void;

const upstream: Upstream = {
  name: 'openai',
  dialect: 'openai-realtime',
  session: () => ({ type: 'realtime', instructions: 'Be kind.' }),
  openCall: () => Promise.reject(new Error('not asked here')),
  hangup: (id) => {
    hangups.push(id);
    return hangingUp;
  },
  attach: (_id, handlers) => {
    if (gone) return Promise.reject(new ProxyError('call_not_found', 'The test has it gone.'));
    drop = handlers.closed;
    tell = (event) => handlers.event(parseServerEvent(event));
    return Promise.resolve({ send: () => true, close: () => undefined });
  },
};

// Not setImmediate: a call gives way by it, and nobody here would let it go on.
const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: [...toFake] });
  storage = new MemoryStorage(randomUUID() as SessionId);
  hangups = [];
  left = [];
  gone = false;
  drain = new Drain();
  hangingUp = Promise.resolve();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A call whose supervisor is attached. `ownPage`: whether a page of ours made it; null where that was not here. */
async function live(ownPage: boolean | null = null): Promise<LiveCall> {
  const opened = await storage.openCall({
    session: storage.session,
    offerId: randomUUID(),
    writer: newWriter(),
    reason: 'start',
    provider: 'openai',
  });
  const brief = await storage.sessionBrief(storage.session);
  if (!brief) throw new Error('no brief');
  const log = pino({ level: 'silent' });
  const upstreams = { choose: () => upstream, named: () => upstream };
  const call = new LiveCall({
    services: {
      storage,
      upstreams,
      offersInFlight: new OffersInFlight(1),
      answersFirst: new AnswersFirst(),
      log,
      drain,
      holder: 'me',
    },
    upstream,
    call: { id: opened.call_id, ordinal: 1, providerCallId: 'rtc_1', startedAt: Date.now() },
    writer: newWriter(),
    brief,
    spec: ownPage === null ? null : specOf(brief, { supervised: true, ownPage }),
    adopted: false,
    connected: false,
    lost: () => undefined,
    tell: () => undefined,
    present: () => true,
    left: (reason) => left.push(reason),
    closed: () => undefined,
  });
  call.start();
  // Two turns, after which a supervisor begins where nothing else goes on, and its own.
  for (let turn = 0; turn < 3; turn += 1) await vi.advanceTimersByTimeAsync(0);
  return call;
}

/** The interview ended before this call. */
function ended(farewell: string | null): void {
  storage.reducer = { ...newInterview(), phase: 'closing', end: { reason: 'completed', farewell } };
}

describe('a call whose page shows itself by its own channel', () => {
  const echo = (instructions: string) => ({ type: 'session.updated', session: { instructions } });

  it('is connected: its talk begins', async () => {
    await live();
    tell({ type: 'session.created', session: { instructions: 'Be kind.' } });
    await vi.advanceTimersByTimeAsync(0);
    expect(storage.calls[0]?.connected_at).toBeNull();
    tell(echo('Be kind.'));
    await vi.waitFor(() => expect(storage.calls[0]?.connected_at).not.toBeNull());
    expect(storage.reducer).toMatchObject({ greeted: true });
  });

  it('is connected also where it did so before we came', async () => {
    await live();
    tell({ type: 'session.created', session: { instructions: 'Praise.', tracing: 'auto' } });
    await vi.waitFor(() => expect(storage.calls[0]?.connected_at).not.toBeNull());
  });

  it('is not where only an update of ours comes back', async () => {
    await live();
    tell({ type: 'session.created', session: { instructions: 'Praise.' } });
    await vi.waitFor(() => expect(storage.events).toHaveLength(1));
    tell(echo('Be kind.'));
    await vi.advanceTimersByTimeAsync(100);
    expect(storage.calls[0]?.connected_at).toBeNull();
  });
});

describe('a call that is connected', () => {
  it('goes on when the database fails as its media are back', async () => {
    const call = await live();
    await call.connected();
    storage.down = true;
    await expect(call.connected()).rejects.toMatchObject({ code: 'storage_unavailable' });
    storage.down = false;
    expect(call.over).toBe(false);
    expect(hangups).toEqual([]);
  });

  it('is hung up when its clock could not be started', async () => {
    const call = await live();
    storage.down = true;
    await expect(call.connected()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(hangups).toEqual(['rtc_1']);
  });

  it('and has nothing left to say is hung up, however slow the database is', async () => {
    ended(null);
    const { callConnected } = storage;
    storage.callConnected = async (id) => {
      await vi.waitFor(() => expect(left).toEqual(['completed']));
      return callConnected(id);
    };
    const call = await live();
    await call.connected();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(hangups).toEqual(['rtc_1']);
    expect(storage.calls[0]?.closeReason).toBe('completed');
  });

  it('is left to whoever may have it by now where its lease has lapsed and nobody can tell', async () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: [...toFake, 'performance'] });
    const call = await live();
    storage.down = true;
    await vi.advanceTimersByTimeAsync(9_000);
    expect(call.supervisor.lapsed).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    const hung = call.hangUp('absent');
    await vi.advanceTimersByTimeAsync(4_000);
    await hung;
    expect(hangups).toEqual([]);
  });

  it('starts no clock once it is over', async () => {
    const call = await live();
    await call.hangUp('candidate_ended');
    await expect(call.connected()).rejects.toMatchObject({ code: 'call_not_found' });
    const next = await live();
    const connected = next.connected();
    await Promise.all([
      expect(connected).rejects.toMatchObject({ code: 'call_not_found' }),
      next.hangUp('superseded'),
    ]);
    expect(storage.deadline).toBeNull();
  });
});

describe('a call that goes by itself', () => {
  const goes = async (): Promise<void> => {
    const call = await live();
    await call.connected();
    gone = true;
    drop();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(storage.calls[0]?.closeReason).toBe('upstream_closed');
  };

  it('during the farewell leaves the interview finished', async () => {
    ended('Goodbye.');
    await goes();
    expect(left).toEqual(['completed']);
  });

  it('in the middle of an interview does not end it', async () => {
    await goes();
    expect(left).toEqual([]);
  });
});

describe('a call that another process closed', () => {
  it('is hung up here too: that one may have died before it did', async () => {
    const call = await live();
    await storage.callAnswered(call.id, 'rtc_1');
    await storage.openCall({
      session: storage.session,
      offerId: randomUUID(),
      writer: newWriter(),
      reason: 'start',
      provider: 'openai',
    });
    // The next renewal tells.
    await vi.advanceTimersByTimeAsync(3_000);
    expect(call.over).toBe(true);
    expect(hangups).toEqual(['rtc_1']);
  });

  it('is not hung up where it only took it over', async () => {
    const call = await live();
    const [stored] = storage.calls;
    if (stored) stored.lease = { holder: 'another', epoch: 2, until: Date.now() + 10_000 };
    await vi.advanceTimersByTimeAsync(3_000);
    expect(call.over).toBe(true);
    expect(hangups).toEqual([]);
  });
});

describe('a call that is let go before it was connected', () => {
  it.each([
    ['of a client that can’t come back by itself is found as connected', false],
    ['of a page of ours waits for that', true],
  ])('%s', async (_name, ownPage) => {
    const call = await live(ownPage);
    await call.letGo();
    expect(storage.calls[0]?.connected_at === null).toBe(ownPage);
    expect(storage.calls[0]?.lease).toMatchObject({ until: 0 });
    expect(hangups).toEqual([]);
  });
});

describe('a call that is hung up', () => {
  const owed = async () => {
    // Whoever closed it has half a minute.
    vi.setSystemTime(Date.now() + 31_000);
    return (await storage.claimHangups({ session: null, held: [] })).length;
  };

  it('is owed nothing any more', async () => {
    const call = await live();
    await storage.callAnswered(call.id, 'rtc_1');
    await call.hangUp('candidate_ended');
    expect(await owed()).toBe(0);
  });

  it('is owed that where the provider could not be told', async () => {
    const call = await live();
    await storage.callAnswered(call.id, 'rtc_1');
    hangingUp = Promise.reject(new ProxyError('upstream_unavailable', 'As the test says.'));
    await call.hangUp('candidate_ended');
    expect(await owed()).toBe(1);
  });
});

it('a hang-up is waited for before the process ends', async () => {
  const call = await live();
  let answer: () => void = () => undefined;
  hangingUp = new Promise((resolve) => (answer = resolve));
  void call.hangUp('candidate_ended');
  await vi.waitFor(() => expect(hangups).toEqual(['rtc_1']));
  const idle = vi.fn();
  const waited = drain.idle(15_000).then(idle);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(idle).not.toHaveBeenCalled();
  answer();
  await waited;
  expect(idle).toHaveBeenCalledWith(true);
});
