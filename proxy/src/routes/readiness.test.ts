import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Drain } from '../drain.ts';
import { UpstreamHealth } from '../metrics/upstream-health.ts';
import { ReadinessCheck } from './readiness.ts';

let asked: number;
let answer: () => Promise<void>;
let health: UpstreamHealth;
let drain: Drain;
let check: ReadinessCheck;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  answer = () => Promise.resolve();
  health = new UpstreamHealth();
  drain = new Drain();
  const storage = {
    check: () => {
      asked += 1;
      return answer();
    },
  };
  check = new ReadinessCheck(storage, health, drain);
});
afterEach(() => vi.useRealTimers());

describe('readiness', () => {
  it('is there while the database answers and nobody stops the process', async () => {
    expect(await check.look()).toMatchObject({ ready: true, draining: false });
    drain.begin();
    expect(await check.look()).toMatchObject({ ready: false, draining: true });
  });

  it('asks the database once a second, however many want to know', async () => {
    await Promise.all([check.look(), check.look(), check.look()]);
    expect(asked).toBe(1);
    vi.advanceTimersByTime(1_000);
    answer = () => Promise.reject(new Error('away'));
    expect(await check.look()).toMatchObject({
      ready: false,
      checks: { database: 'unavailable' },
    });
    expect(asked).toBe(2);
  });

  it('waits three seconds for the database, and no longer', async () => {
    answer = () => new Promise(() => undefined);
    const found = check.look();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await found).toMatchObject({ ready: false, checks: { database: 'unavailable' } });
  });

  it('does not end where the provider failed: only a further call can show that it is back', async () => {
    health.answered('upstream_auth');
    expect(await check.look()).toMatchObject({ ready: true, checks: { upstream: 'failing' } });
    health.answered('invalid_offer');
    expect(await check.look()).toMatchObject({ checks: { upstream: 'ok' } });
  });
});
