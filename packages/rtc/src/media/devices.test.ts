import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listDevices, watchDevices } from './devices.ts';
import { FakeDevices } from './testing/surroundings.ts';

let devices: FakeDevices;
let end: AbortController;
let changes: number;
const watch = (): void => watchDevices(devices.asDevices, () => (changes += 1), end.signal);

beforeEach(() => {
  vi.useFakeTimers();
  devices = new FakeDevices();
  end = new AbortController();
  changes = 0;
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the list of devices', () => {
  it('holds microphones and speakers apart, and nothing where there is nothing', async () => {
    devices.speakers = ['loud'];
    expect(await listDevices(devices.asDevices)).toEqual({
      microphones: [{ kind: 'audioinput', deviceId: 'mic-1' }],
      speakers: [{ kind: 'audiooutput', deviceId: 'loud' }],
    });
    expect(await listDevices(null)).toEqual({ microphones: [], speakers: [] });
  });
});

describe('watching devices', () => {
  it('tells a headset that comes in pieces once', async () => {
    watch();
    for (let piece = 0; piece < 3; piece++) {
      devices.dispatchEvent(new Event('devicechange'));
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(changes).toBe(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(changes).toBe(1);
  });

  it('leaves neither listener nor timer behind', async () => {
    watch();
    devices.dispatchEvent(new Event('devicechange'));
    end.abort();
    expect(vi.getTimerCount()).toBe(0);
    devices.dispatchEvent(new Event('devicechange'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(changes).toBe(0);
  });

  it('tells when the permission changes, and goes on where the browser does not know it', async () => {
    const permission = new EventTarget();
    const query = vi.fn(() => Promise.resolve(permission));
    vi.stubGlobal('navigator', { permissions: { query } });
    watch();
    await vi.advanceTimersByTimeAsync(0);
    permission.dispatchEvent(new Event('change'));
    await vi.advanceTimersByTimeAsync(250);
    expect(changes).toBe(1);
    query.mockImplementation(() => Promise.reject(new TypeError('Unknown permission.')));
    watch();
    await vi.advanceTimersByTimeAsync(0);
    devices.dispatchEvent(new Event('devicechange'));
    await vi.advanceTimersByTimeAsync(250);
    expect(changes).toBe(3);
  });
});
