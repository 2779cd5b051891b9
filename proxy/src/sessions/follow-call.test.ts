import { randomUUID } from 'node:crypto';
import type { SessionId } from '@interview/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerSdp, offer } from '../testing/interview.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { newWriter } from '../testing/proxy.ts';
import { servicesOf, SilentUpstream } from '../testing/silent-upstream.ts';
import { LiveSessions } from './live-sessions.ts';
import { placeCall, type PlacedCall } from './place-call.ts';
import type { Services } from './services.ts';

let storage: MemoryStorage;
let upstream: SilentUpstream;
let services: Services;
let sessions: LiveSessions;

beforeEach(() => {
  storage = new MemoryStorage(randomUUID() as SessionId);
  upstream = new SilentUpstream();
  upstream.openCall = () => Promise.resolve({ sdp: answerSdp, providerCallId: 'rtc_1' });
  services = servicesOf(storage, upstream);
  sessions = new LiveSessions(services);
});
afterEach(() => sessions.letGo());

const place = (): Promise<PlacedCall> =>
  sessions.during(storage.session, (session) => {
    const asked = { id: 'o1', writer: newWriter(), sdp: offer, reason: 'start' } as const;
    return placeCall(session, { ...asked, simulation: false, page: null });
  });

it('a stop waits until it is written down by which name a call can be hung up', async () => {
  const { callAnswered } = storage;
  const written = Promise.withResolvers<undefined>();
  storage.callAnswered = async (...answer) => {
    await written.promise;
    return callAnswered(...answer);
  };
  await place();
  const idle = vi.fn();
  const waited = services.drain.idle(15_000).then(idle);
  await new Promise(setImmediate);
  expect(idle).not.toHaveBeenCalled();
  written.resolve(undefined);
  await waited;
  expect(storage.calls[0]?.provider_call_id).toBe('rtc_1');
});
