import { randomUUID } from 'node:crypto';
import type { ServerMessage, SessionClaims, SessionId, WriterId } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionBrief } from '../storage/port.ts';
import { answerSdp, offer } from '../testing/interview.ts';
import { newInterview } from '../supervision/interview-state.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { newWriter } from '../testing/proxy.ts';
import { servicesOf, SilentUpstream } from '../testing/silent-upstream.ts';
import { adoptCall } from './adopt-call.ts';
import type { LiveSession, Page } from './live-session.ts';
import { LiveSessions } from './live-sessions.ts';
import { placeCall } from './place-call.ts';
import type { Services } from './services.ts';

/** As long as a call that the provider does not know is tried again, milliseconds. */
const ATTACH_MS = 16_000;
/** Longer than a candidate may be gone, milliseconds. */
const LONG_MS = 60_000;

let storage: MemoryStorage;
let upstream: SilentUpstream;
let services: Services;
let sessions: LiveSessions;

beforeEach(() => {
  // Not setImmediate: a call gives way by it, and nobody here would let it go on.
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const;
  vi.useFakeTimers({ now: 1_000_000, toFake: [...toFake] });
  storage = new MemoryStorage(randomUUID() as SessionId);
  upstream = new SilentUpstream();
  services = servicesOf(storage, upstream);
  sessions = new LiveSessions(services);
});
afterEach(async () => {
  await sessions.letGo();
  vi.useRealTimers();
});

/** A call that was begun by another process, whose lease lasts for so long, milliseconds. */
async function begun(
  call: { ownPage?: boolean; provider?: string; leasedMs?: number } = {},
): Promise<WriterId> {
  const { ownPage = true, provider = 'openai', leasedMs = 0 } = call;
  const writer = newWriter();
  const offer = { session: storage.session, offerId: randomUUID(), writer, provider, ownPage };
  const { call_id: id } = await storage.openCall({ ...offer, reason: 'start' });
  await storage.callAnswered(id, 'rtc_1');
  await storage.callConnected(id);
  lease('another', 1, leasedMs);
  return writer;
}

function lease(holder: string, epoch: number, leasedMs = LONG_MS, claimed = false): void {
  const call = storage.calls[0];
  if (call) call.lease = { holder, epoch, until: Date.now() + leasedMs, claimed };
}

async function briefNow(): Promise<SessionBrief> {
  const brief = await storage.sessionBrief(storage.session);
  if (!brief) throw new Error('no brief');
  return brief;
}

/** Adopts as the page of that name would make us do, or as for none. */
async function adopt(writer: WriterId | null = null, brief?: SessionBrief): Promise<void> {
  const known = brief ?? (await briefNow());
  await sessions.during(storage.session, async (session) => {
    adoptCall(session, known, { writer, stays: writer !== null });
    // Supervisors begin in order.
    await services.answersFirst.turn();
    await vi.advanceTimersByTimeAsync(0);
  });
}

function pageOf(writer: WriterId): Page & { told: ServerMessage[] } {
  const told: ServerMessage[] = [];
  const send = (message: ServerMessage): void => void told.push(message);
  return { claims: {} as SessionClaims, simulation: false, writer, told, send };
}
const withSession = (work: (session: LiveSession) => void): Promise<void> =>
  sessions.during(storage.session, (session) => {
    work(session);
    return Promise.resolve();
  });

describe('a call that is taken up', () => {
  it.each([
    ['a page that does not come back is hung up', true, 'absent'],
    ['a client that can’t show that it is there goes on', false, null],
  ])('of %s', async (_name, ownPage, reason) => {
    await begun({ ownPage });
    await adopt();
    expect(upstream.attached).toEqual(['rtc_1']);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(storage.calls[0]?.closeReason).toBe(reason);
  });

  it('and is gone at the provider is closed', async () => {
    await begun();
    upstream.gone = true;
    await adopt();
    await vi.advanceTimersByTimeAsync(ATTACH_MS);
    expect(storage.calls[0]?.closeReason).toBe('upstream_closed');
    expect(sessions.size).toBe(0);
  });

  it('of a candidate whom its supervisor had found absent, and died, is hung up', async () => {
    await begun();
    storage.reducer = { ...newInterview(), began_in: storage.calls[0]?.id, absent: true };
    storage.deadline = Date.now() + LONG_MS;
    await adopt();
    await vi.waitFor(() => expect(upstream.hangups).toEqual(['rtc_1']));
    expect(storage.calls[0]?.closeReason).toBe('absent');
    expect(storage.status).toBe('active');
  });

  it('and may have no supervisor ends by the clock', async () => {
    upstream.supervised = false;
    await begun();
    storage.deadline = Date.now() - LONG_MS;
    await adopt();
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(upstream.hangups).toEqual(['rtc_1']));
    // As in the database: the end of a session closes its call.
    expect(storage.calls[0]?.closeReason).toBe('session_ended');
    expect(storage.completions.at(-1)?.reason).toBe('time_up');
    expect(storage.status).toBe('completed');
  });

  it('of a provider that nobody speaks with any more is closed, and its page is told', async () => {
    const writer = await begun({ provider: 'retired' });
    const page = pageOf(writer);
    await withSession((session) => session.join(page));
    await adopt(writer);
    await vi.waitFor(() => expect(storage.calls[0]?.closeReason).toBe('provider_unknown'));
    expect(page.told).toMatchObject([{ type: 'error', code: 'supervision_unavailable' }]);
  });

  it('of such a provider is left to a process that does', async () => {
    const writer = await begun({ provider: 'retired', leasedMs: LONG_MS });
    await adopt(writer);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(storage.calls[0]?.closed_at).toBeNull();
  });

  it.each([
    ['nobody has', 0],
    ['another process has', LONG_MS],
  ])('is none where this process is about to end: one that %s', async (_name, leasedMs) => {
    const writer = await begun({ leasedMs });
    services.drain.begin();
    await adopt(writer);
    expect(upstream.attached).toEqual([]);
  });
});

describe('a page that comes twice while its call is taken from another process', () => {
  it('has one supervisor, also where what was read of the call is from before', async () => {
    const writer = await begun({ leasedMs: LONG_MS });
    const before = await briefNow();
    let open: () => void = () => undefined;
    upstream.opening = new Promise((resolve) => (open = resolve));
    await adopt(writer);
    await adopt(writer);
    open();
    await vi.waitFor(() => expect(storage.calls[0]?.lease).toMatchObject({ holder: 'me' }));
    await adopt(writer, before);
    expect(upstream.attached).toEqual(['rtc_1']);
    expect(storage.calls[0]?.lease).toMatchObject({ holder: 'me', epoch: 2 });
  });
});

describe('a call that was taken up', () => {
  /** A newer call of the session, opened by another process. */
  async function newer(page: WriterId): Promise<void> {
    const offered = { session: storage.session, offerId: randomUUID(), writer: page };
    const made = await storage.openCall({ ...offered, provider: 'openai', reason: 'reconnect' });
    await storage.callAnswered(made.call_id, 'rtc_2');
    await storage.callConnected(made.call_id);
  }

  it('is not let go for an older one that was read of before', async () => {
    const writer = await begun({ leasedMs: LONG_MS });
    const before = await briefNow();
    await newer(writer);
    await adopt(writer);
    await adopt(writer, before);
    await vi.advanceTimersByTimeAsync(ATTACH_MS);
    expect(upstream.attached).toEqual(['rtc_2']);
    expect(sessions.held).toEqual([storage.calls[1]?.id]);
  });

  it('is not hung up by an older offer of its page that is answered only then', async () => {
    const writer = newWriter();
    const answered = Promise.withResolvers<undefined>();
    upstream.openCall = async () => {
      await answered.promise;
      return { sdp: answerSdp, providerCallId: 'rtc_1' };
    };
    const offered = { id: 'o1', writer, sdp: offer, reason: 'start', simulation: false } as const;
    const placed = sessions.during(storage.session, (session) =>
      placeCall(session, { ...offered, page: null }),
    );
    await vi.waitFor(() => expect(storage.calls).toHaveLength(1));
    await newer(writer);
    await adopt(writer);
    answered.resolve(undefined);
    await expect(placed).rejects.toMatchObject({ code: 'taken_over' });
    expect(upstream.hangups).toEqual(['rtc_1']);
    expect(storage.calls.map(({ closeReason }) => closeReason)).toEqual(['superseded', null]);
    // Had we died before that, another process could have done it.
    expect(storage.calls[0]?.provider_call_id).toBe('rtc_1');
  });
});

describe('a call whose lease is lost', () => {
  it.each([
    ['for want of a supervisor, while its page is here, comes back', true, 'me', 4],
    ['to its page elsewhere stays there', false, 'thief', 3],
  ])('%s', async (_name, claimed, holder, epoch) => {
    const writer = await begun();
    await withSession((session) => session.join(pageOf(writer)));
    await adopt(writer);
    await vi.waitFor(() => expect(storage.calls[0]?.lease).toMatchObject({ epoch: 2 }));
    lease('thief', 3, LONG_MS, claimed);
    // The next renewal tells.
    await vi.advanceTimersByTimeAsync(3_000);
    await vi.waitFor(() => expect(sessions.held).toHaveLength(claimed ? 1 : 0));
    await vi.waitFor(() => expect(storage.calls[0]?.lease).toMatchObject({ holder, epoch }));
  });
});

describe('a session', () => {
  it('is known while a page is connected that was told it is taken over', async () => {
    const [older, newer] = [pageOf(newWriter()), pageOf(newWriter())];
    let known: LiveSession | null = null;
    await withSession((session) => {
      known = session;
      for (const page of [older, newer]) {
        session.join(page);
        session.takeOver(page, page.writer ?? newWriter());
      }
    });
    expect(older.told).toMatchObject([{ type: 'end', reason: 'taken_over' }]);
    const leave = (page: Page) => withSession((session) => session.leave(page));
    await leave(newer);
    await withSession((session) => expect(session).toBe(known));
    await leave(older);
    expect(sessions.size).toBe(0);
  });
});
