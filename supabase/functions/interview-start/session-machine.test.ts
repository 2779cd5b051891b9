import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flyApp, flyToken, LocalFly } from '../../tests/fly-machines.ts';
import { SessionMachines, type MachineSettings } from './session-machine.ts';

let fly: LocalFly;
let session: string;
let clock: number;
let paused: number[];
let logged: Record<string, unknown>[];

beforeEach(async () => {
  fly = new LocalFly();
  await fly.listen();
  session = randomUUID();
  clock = 0;
  paused = [];
  logged = [];
});
afterEach(() => fly.close());

function machines(settings: Partial<MachineSettings> = {}): SessionMachines {
  return new SessionMachines(
    {
      apiUrl: fly.url,
      token: flyToken,
      app: flyApp,
      image: 'registry.fly.io/interview-sdp-proxy:v1',
      regions: ['mia', 'iad'],
      cpus: 1,
      memoryMb: 512,
      environment: { SUPABASE_URL: 'https://project.supabase.co' },
      ...settings,
    },
    {
      log: (line) => logged.push(line),
      now: () => clock,
      pause: (ms) => {
        paused.push(ms);
        clock += ms;
        return Promise.resolve();
      },
    },
  );
}
const machine = (settings?: Partial<MachineSettings>) => machines(settings).machineFor(session);

describe('the machine of a session', () => {
  it('is made as it was ordered, and goes when it is done', async () => {
    expect(await machine()).toBe(fly.alive[0]?.id);
    expect(fly.alive).toMatchObject([
      {
        region: 'mia',
        config: {
          image: 'registry.fly.io/interview-sdp-proxy:v1',
          auto_destroy: true,
          restart: { policy: 'no' },
          guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 512 },
          metadata: { interview_session: session },
          env: {
            SESSION_ISOLATION: 'fly-machine',
            SESSION_ID: session,
            SUPABASE_URL: 'https://project.supabase.co',
          },
        },
      },
    ]);
  });

  it('is one, however often and from wherever it is asked for', async () => {
    const ids = await Promise.all([machine(), machine(), machine()]);
    expect(new Set(ids).size).toBe(1);
    expect(await machine()).toBe(ids[0]);
    expect(fly.machines).toHaveLength(1);
    session = randomUUID();
    expect(await machine()).not.toBe(ids[0]);
  });

  it('is waited for until it runs and its checks pass', async () => {
    fly.looks = { untilStarted: 2, untilReady: 3 };
    await machine();
    expect(fly.machines[0]).toMatchObject({ state: 'started', looks: { untilReady: 0 } });
    expect(paused).toHaveLength(5);
  });

  it('is not ready before its checks have reported', async () => {
    fly.looks = { untilStarted: 0, untilReported: 4, untilReady: 0 };
    await machine();
    expect(fly.machines[0]?.looks.untilReported).toBe(0);
    expect(paused).toHaveLength(4);
  });

  it('is asked for within the time that is left, where Fly does not answer', async () => {
    fly.silent = true;
    fly.booted = () => (clock = 9_950);
    const since = performance.now();
    await expect(machine()).rejects.toMatchObject({ code: 'capacity' });
    expect(performance.now() - since).toBeLessThan(2_500);
  });

  it('that takes too long is refused for now, and found by the next start', async () => {
    fly.looks = { untilStarted: 40, untilReady: 0 };
    await expect(machine()).rejects.toMatchObject({ code: 'capacity', retryAfterS: 2 });
    expect(clock).toBeLessThanOrEqual(10_000);
    clock = 0;
    expect(await machine()).toBe(fly.machines[0]?.id);
    expect(fly.machines).toHaveLength(1);
  });

  it('is found when the reply that named it was lost', async () => {
    fly.faults.push({ kind: 'lost' });
    expect(await machine()).toBe(fly.machines[0]?.id);
    expect(fly.machines).toHaveLength(1);
    expect(fly.creations).toBe(2);
  });

  it('is found by its metadata where the refusal does not name it', async () => {
    const id = await machine();
    const error = 'already_exists: unique machine name violation';
    fly.faults.push({ kind: 'answer', status: 409, body: JSON.stringify({ error }) });
    expect(await machine()).toBe(id);
    expect(
      fly.requests.some(({ url }) => url.endsWith(`?metadata.interview_session=${session}`)),
    ).toBe(true);
  });

  it.each([
    [429, '{"error":"rate limited"}'],
    [500, 'oops'],
    [503, '{"error":"unavailable"}'],
  ])('is asked for again after %i', async (status, body) => {
    fly.faults.push({ kind: 'answer', status, body }, { kind: 'answer', status, body });
    expect(await machine()).toBe(fly.machines[0]?.id);
    expect(paused).toEqual([1_000, 1_000]);
  });

  it('is given up when Fly stays away', async () => {
    await fly.close();
    await expect(machine()).rejects.toMatchObject({ code: 'capacity', retryAfterS: 2 });
    await fly.listen();
  });

  it('is made in the next region where the first is full', async () => {
    fly.full.add('mia');
    await machine();
    expect(fly.machines).toMatchObject([{ region: 'iad' }]);
  });

  it.each([
    ['quota', () => (fly.limit = 0), 'machine limit'],
    ['no_capacity', () => fly.full.add('mia').add('iad'), 'candidate host'],
  ])('is told apart when there is none to be had: %s', async (reason, cause, text) => {
    cause();
    await expect(machine()).rejects.toMatchObject({ code: 'capacity', retryAfterS: 60 });
    expect(logged).toMatchObject([{ session, fly: reason }]);
    expect(String(logged[0]?.['detail'])).toContain(text);
    expect(paused).toEqual([]);
  });

  it.each([
    [{ token: 'FlyV1 wrong' }, 'denied'],
    [{ app: 'another-app' }, 'denied'],
    [{ memoryMb: 100 }, 'rejected'],
  ])('is a fault of ours where %o is wrong, and the token stays secret', async (wrong, reason) => {
    const error: unknown = await machine(wrong).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'FlyError', reason });
    expect(String(error)).not.toContain('FlyV1');
  });

  it('is a new one after the first is gone', async () => {
    const first = await machine();
    for (const one of fly.machines) one.state = 'destroyed';
    const second = await machine();
    expect(second).not.toBe(first);
    expect(fly.alive).toHaveLength(1);
  });

  it.each(['stopped', 'failed', 'suspended'])(
    'is a new one where a dead one (%s) holds its name',
    async (state) => {
      const first = await machine();
      for (const one of fly.machines) one.state = state;
      expect(await machine()).not.toBe(first);
      expect(fly.alive).toMatchObject([{ state: 'started' }]);
    },
  );

  it('is a new one where the first never came up', async () => {
    fly.nextState = 'failed';
    expect(await machine()).toBe(fly.machines[1]?.id);
    expect(fly.machines[0]?.state).toBe('destroyed');
  });
});
