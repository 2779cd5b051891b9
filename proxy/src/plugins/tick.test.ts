import type { SessionId } from '@interview/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { testConfig } from '../testing/proxy.ts';
import { tickPlugin } from './tick.ts';

const nothing = { processed: 0, failed: 0, remaining: 0, dead: 0 };
let app: FastifyInstance;
let storage: MemoryStorage;
let asked: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = 0;
  storage = new MemoryStorage('5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab' as SessionId);
  storage.tick = () => {
    asked += 1;
    return Promise.resolve(nothing);
  };
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await app.close();
});

/** Ticks of a proxy, `chance` being what is drawn. */
async function run(chance = 0.5, env: Record<string, string> = {}): Promise<void> {
  vi.spyOn(Math, 'random').mockReturnValue(chance);
  app = Fastify();
  await app.register(tickPlugin, { config: testConfig(env), storage });
  await app.ready();
}

describe('a proxy', () => {
  it.each([
    [0, 12_000],
    [0.5, 15_000],
    [1, 18_000],
  ])('asks the processor every 15 s, a fifth less or more by chance (%d)', async (chance, ms) => {
    await run(chance);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(asked).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(ms);
    expect(asked).toBe(2);
  });

  it('asks no more while it waits for an answer, and goes on after a failure', async () => {
    let fail: (error: Error) => void = () => undefined;
    storage.tick = () => {
      asked += 1;
      return new Promise((_, reject) => (fail = reject));
    };
    await run();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toBe(1);
    fail(new Error('no answer'));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(asked).toBe(2);
  });

  it('never asks on the machine of one session', async () => {
    const machine = { SESSION_ISOLATION: 'fly-machine', FLY_MACHINE_ID: 'm1' };
    await run(0.5, { ...machine, SESSION_ID: storage.session });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toBe(0);
    await app.close();
    await run(0.5, machine);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(asked).toBe(1);
  });

  it('never asks where that is switched off, nor after its end', async () => {
    await run(0.5, { TICK_INTERVAL_S: '0' });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toBe(0);
    await app.close();
    await run();
    await app.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toBe(0);
  });
});
