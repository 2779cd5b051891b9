import { randomUUID } from 'node:crypto';
import type { SessionId } from '@interview/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { testConfig } from '../testing/proxy.ts';
import { ownSessionPlugin } from './own-session.ts';

let app: FastifyInstance;
let storage: MemoryStorage;
let sessions: { size: number };
let ends: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  storage = new MemoryStorage(randomUUID() as SessionId);
  sessions = { size: 0 };
  ends = 0;
});
afterEach(async () => {
  vi.useRealTimers();
  await app.close();
});

async function boot(env: Record<string, string> = {}): Promise<void> {
  const config = testConfig({
    SESSION_ISOLATION: 'fly-machine',
    FLY_MACHINE_ID: '1857156b526dd8',
    SESSION_ID: storage.session,
    ...env,
  });
  app = Fastify();
  await app.register(ownSessionPlugin, { config, sessions, storage, end: () => (ends += 1) });
  await app.ready();
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the machine of one session', () => {
  it('ends once its session is over and nobody is there', async () => {
    await boot();
    sessions.size = 1;
    await pass(3_600_000);
    storage.status = 'completed';
    await pass(60_000);
    expect(ends).toBe(0);
    sessions.size = 0;
    await pass(25_000);
    expect(ends).toBe(0);
    await pass(15_000);
    expect(ends).toBe(1);
    await pass(120_000);
    expect(ends).toBe(1);
  });

  it('waits for a candidate who may come back, and not for ever', async () => {
    await boot();
    storage.status = 'active';
    await pass(14 * 60_000);
    expect(ends).toBe(0);
    await pass(70_000);
    expect(ends).toBe(1);
  });

  it('takes a database that does not answer for no end', async () => {
    await boot();
    storage.status = 'completed';
    storage.down = true;
    await pass(120_000);
    expect(ends).toBe(0);
    storage.down = false;
    await pass(10_000);
    expect(ends).toBe(1);
  });

  it('is another thing than a proxy of many', async () => {
    await boot({ SESSION_ID: '' });
    await pass(3_600_000);
    expect(ends).toBe(0);
  });
});
