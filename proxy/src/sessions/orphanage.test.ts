import { randomUUID } from 'node:crypto';
import type { CallId, SessionId } from '@interview/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../proxy-error.ts';
import type { Claim } from '../storage/port.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { newWriter, testConfig } from '../testing/proxy.ts';
import { servicesOf, SilentUpstream } from '../testing/silent-upstream.ts';
import { LiveSessions } from './live-sessions.ts';
import { orphanage } from './orphanage.ts';
import type { Services } from './services.ts';

const LOOK_MS = 5_000;
const machine = { SESSION_ISOLATION: 'fly-machine', FLY_MACHINE_ID: 'm1' };

let app: FastifyInstance;
let storage: MemoryStorage;
let upstream: SilentUpstream;
let services: Services;
let sessions: LiveSessions;
/** What was asked for. */
let claims: Claim[];
/** What is found instead of the storage's own. */
let found: SessionId[] | null;

beforeEach(() => {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const;
  vi.useFakeTimers({ now: 1_000_000, toFake: [...toFake] });
  claims = [];
  found = null;
  storage = new MemoryStorage(randomUUID() as SessionId);
  const { claimCalls } = storage;
  storage.claimCalls = async (claim) => {
    claims.push(claim);
    const own = await claimCalls(claim);
    return found ?? own;
  };
  upstream = new SilentUpstream();
  services = servicesOf(storage, upstream);
  sessions = new LiveSessions(services);
});
afterEach(async () => {
  await sessions.letGo();
  vi.useRealTimers();
  await app.close();
});

function run(env: Record<string, string> = {}): void {
  app = Fastify();
  orphanage(app, { sessions, services, isolation: testConfig(env).isolation });
}
const look = (times = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(times * LOOK_MS);

/** A call that another process let go of. */
async function orphan(): Promise<void> {
  const offer = { session: storage.session, offerId: randomUUID(), writer: newWriter() };
  const opened = await storage.openCall({ ...offer, provider: 'openai', reason: 'start' });
  await storage.callAnswered(opened.call_id, 'rtc_1');
  await storage.callConnected(opened.call_id);
  const call = storage.calls.at(-1);
  if (call) call.lease = { holder: 'another', epoch: 1, until: 0 };
}

describe('calls that were not hung up', () => {
  /** One that was answered, and nothing else. */
  async function answered(): Promise<void> {
    const offer = { session: storage.session, offerId: randomUUID(), writer: newWriter() };
    const opened = await storage.openCall({ ...offer, provider: 'openai', reason: 'start' });
    await storage.callAnswered(opened.call_id, 'rtc_1');
  }
  const close = () =>
    storage.closeCall(storage.calls[0]?.id ?? ('' as CallId), 'candidate_ended', null);

  it('by who closed them are hung up by another process, once', async () => {
    await answered();
    await close();
    run();
    await look(5);
    expect(upstream.hangups).toEqual([]);
    await look(1);
    expect(upstream.hangups).toEqual(['rtc_1']);
    await look(30);
    expect(upstream.hangups).toEqual(['rtc_1']);
  });

  it('are hung up once more where the provider could not be told', async () => {
    await answered();
    await close();
    run();
    upstream.hangingUp = Promise.reject(
      new ProxyError('upstream_unavailable', 'As the test says.'),
    );
    upstream.hangingUp.catch(() => undefined);
    await look(6);
    upstream.hangingUp = Promise.resolve();
    await look(12);
    expect(upstream.hangups).toEqual(['rtc_1', 'rtc_1']);
    await look(30);
    expect(upstream.hangups).toHaveLength(2);
  });

  it.each([
    ['any process', {}],
    ['the gateways before machines of one session', machine],
  ])(
    'since their process died before they were connected are closed and hung up by %s',
    async (_name, env) => {
      await answered();
      run(env);
      await look(23);
      expect(storage.calls[0]?.closeReason).toBeNull();
      await look(1);
      expect(storage.calls[0]?.closeReason).toBe('never_connected');
      expect(upstream.hangups).toEqual(['rtc_1']);
    },
  );

  it('since their machine is gone are hung up by the gateways, and nobody talks in them before', async () => {
    await orphan();
    run(machine);
    await look(70);
    expect(storage.calls[0]?.closeReason).toBe('forsaken');
    expect(upstream.attached).toEqual([]);
    expect(upstream.hangups).toEqual(['rtc_1']);
    expect(storage.status).toBe('active');
  });

  it('are nothing for a process that has just begun, or has lost the database just now', async () => {
    await answered();
    await close();
    const owed = vi.spyOn(storage, 'claimHangups');
    await vi.advanceTimersByTimeAsync(60_000);
    run();
    await look(2);
    expect(owed).not.toHaveBeenCalled();
    storage.down = true;
    await look(1);
    storage.down = false;
    await look(2);
    expect(owed).not.toHaveBeenCalled();
    await look(1);
    expect(upstream.hangups).toEqual(['rtc_1']);
  });
});

describe('calls without a supervisor', () => {
  it('are looked for every five seconds and taken up, but for those that are held here', async () => {
    run();
    await look();
    expect(claims).toMatchObject([{ holder: 'me', session: null, held: [] }]);
    await orphan();
    await look();
    await vi.waitFor(() => expect(upstream.attached).toEqual(['rtc_1']));
    await look();
    expect(claims.at(-1)?.held).toEqual([storage.calls[0]?.id]);
  });

  it('are those of its own session on a machine of one, and none on the gateways before it', async () => {
    run({ ...machine, SESSION_ID: storage.session });
    await look();
    expect(claims).toMatchObject([{ session: storage.session }]);
    await app.close();
    run(machine);
    await look(3);
    expect(claims).toHaveLength(1);
  });

  it('are taken up although another one can not be', async () => {
    await orphan();
    run();
    found = [randomUUID() as SessionId, storage.session];
    await look();
    await vi.waitFor(() => expect(upstream.attached).toEqual(['rtc_1']));
  });

  it('are nothing for a process that is about to end', async () => {
    await orphan();
    run();
    services.drain.begin();
    await look(3);
    expect(claims).toEqual([]);
  });

  it('are left to their supervisors for a while after the database was away', async () => {
    await orphan();
    run();
    storage.down = true;
    await look(4);
    storage.down = false;
    claims.length = 0;
    await look(2);
    expect(claims).toEqual([]);
    await look(1);
    expect(claims).toHaveLength(1);
  });
});
