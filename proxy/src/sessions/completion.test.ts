import { randomUUID } from 'node:crypto';
import type { EndReason, SessionId } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newInterview } from '../supervision/interview-state.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { servicesOf, SilentUpstream } from '../testing/silent-upstream.ts';
import { LiveSessions } from './live-sessions.ts';
import type { LiveSession } from './live-session.ts';

/** After this an interview is completed with what there is, milliseconds. */
const DEADLINE_MS = 60_000;

let storage: MemoryStorage;
let sessions: LiveSessions;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  storage = new MemoryStorage(randomUUID() as SessionId);
  storage.status = 'active';
  sessions = new LiveSessions(servicesOf(storage, new SilentUpstream()));
});
afterEach(() => {
  vi.useRealTimers();
});

const within = <T>(work: (session: LiveSession) => Promise<T>): Promise<T> =>
  sessions.during(storage.session, work);
const expectEnd = () =>
  within((session) => {
    session.completion.expect('completed');
    return Promise.resolve();
  });
const complete = (reason: EndReason) =>
  within((session) => session.completion.complete({ reason, writers: {}, lost: [] }));

describe('an interview that is over while the database is away', () => {
  it('is completed when it is back, however long that takes, and forgotten then', async () => {
    storage.down = true;
    await expectEnd();
    await vi.advanceTimersByTimeAsync(3 * DEADLINE_MS);
    expect(sessions.size).toBe(1);
    storage.down = false;
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(storage).toMatchObject({ status: 'completed', endReason: 'completed' });
    expect(sessions.size).toBe(0);
    const asked = storage.completions.length;
    await vi.advanceTimersByTimeAsync(3 * DEADLINE_MS);
    expect(storage.completions).toHaveLength(asked);
  });

  it.each(['candidate_ended', 'completed'] as const)(
    'is completed also where its page asked for that (%s), and never came again',
    async (reason) => {
      storage.reducer = { ...newInterview(), end: { reason, farewell: null } };
      storage.down = true;
      await expect(complete(reason)).rejects.toMatchObject({ code: 'storage_unavailable' });
      storage.down = false;
      await vi.advanceTimersByTimeAsync(DEADLINE_MS);
      expect(storage).toMatchObject({ status: 'completed', endReason: reason });
      expect(sessions.size).toBe(0);
    },
  );
});

describe('a page that says the candidate was absent', () => {
  it('is believed where the server had found so', async () => {
    storage.reducer = { ...newInterview(), absent: true };
    await complete('absent');
    expect(storage.endReason).toBe('absent');
  });

  it('has ended the interview itself where nobody had', async () => {
    storage.reducer = newInterview();
    await complete('absent');
    expect(storage.endReason).toBe('candidate_ended');
  });
});
