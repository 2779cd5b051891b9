import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Microphone } from './microphone.ts';
import { FakeDevices, fakeStorage, type FakeTrack } from './testing/surroundings.ts';

let devices: FakeDevices;
let audioSession: { type: string };
let kept: Record<string, string>;
let streams: (MediaStream | null)[];
let lost: number;
let microphone: Microphone;

function newMicrophone(localStorage: Storage | null = fakeStorage(kept)): Microphone {
  const ports = { mediaDevices: devices.asDevices, audioSession, localStorage, userAgent: '' };
  return new Microphone(ports, {
    onStream: (stream) => streams.push(stream),
    onLost: () => (lost += 1),
  });
}
const outcome = (opening: Promise<unknown>): Promise<unknown> =>
  opening.catch((error: unknown) => error);

beforeEach(() => {
  vi.useFakeTimers();
  devices = new FakeDevices();
  audioSession = { type: 'auto' };
  kept = {};
  streams = [];
  lost = 0;
  microphone = newMicrophone();
});
afterEach(() => {
  microphone.close(null);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('opening a microphone', () => {
  it('tells its stream, and frees the former one when the new one is there', async () => {
    devices.plugged = ['mic-1', 'mic-2'];
    const first = await microphone.open({});
    const second = await microphone.open({ deviceId: 'mic-2' });
    expect([first.readyState, second.readyState]).toEqual(['ended', 'live']);
    expect(microphone.track).toBe(second);
    expect(streams.at(-1)?.getTracks()).toEqual([second]);
  });

  it('keeps the former one when another cannot be had', async () => {
    const track = await microphone.open({});
    const error = await outcome(microphone.open({ deviceId: 'gone' }));
    expect(error).toMatchObject({ code: 'microphone_missing' });
    expect(microphone.track).toBe(track);
    expect(track.readyState).toBe('live');
  });

  it('gives up after two minutes without an answer, and frees what comes later', async () => {
    devices.plugged = null;
    const opening = outcome(microphone.open({}));
    await vi.advanceTimersByTimeAsync(119_999);
    expect(audioSession.type).toBe('play-and-record');
    await vi.advanceTimersByTimeAsync(1);
    expect(await opening).toMatchObject({ code: 'microphone_timeout', retryable: true });
    expect(audioSession.type).toBe('auto');
    const track = devices.allow();
    await vi.advanceTimersByTimeAsync(0);
    expect(track.readyState).toBe('ended');
    expect(microphone.track).toBeNull();
  });

  it.each(['signal', 'close', 'newer'] as const)(
    'is given up by %s while the question stands, without leaving a live track',
    async (way) => {
      devices.plugged = null;
      const abort = new AbortController();
      const opening = outcome(microphone.open({ signal: abort.signal }));
      let newer: Promise<unknown> | undefined;
      if (way === 'signal') abort.abort();
      else if (way === 'close') microphone.close(null);
      else newer = microphone.open({});
      expect(await opening).toMatchObject({ code: 'aborted' });
      const late = devices.allow();
      await vi.advanceTimersByTimeAsync(0);
      expect(late.readyState).toBe('ended');
      expect(microphone.track).toBeNull();
      if (newer) expect(devices.allow()).toBe(await newer);
    },
  );

  it('frees a microphone that was given in the same moment as it was given up', async () => {
    devices.plugged = null;
    const abort = new AbortController();
    const opening = outcome(microphone.open({ signal: abort.signal }));
    const track = devices.allow();
    // Runs after the browser's answer was taken, and before whoever waits goes on.
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    abort.abort();
    expect(await opening).toMatchObject({ code: 'aborted' });
    expect(track.readyState).toBe('ended');
  });

  it('tells Safari that the page records, as long as it does', async () => {
    await microphone.open({});
    expect(audioSession.type).toBe('play-and-record');
    microphone.close(null);
    expect(audioSession.type).toBe('auto');
  });
});

describe('the choice of a microphone', () => {
  it('is remembered when the candidate made it, and wished for by the next page', async () => {
    devices.plugged = ['mic-1', 'mic-2'];
    await microphone.open({});
    expect(kept).toEqual({});
    await microphone.open({ deviceId: 'mic-2' });
    expect(kept).toEqual({ 'interview-room:microphone': 'mic-2' });
    const next = newMicrophone();
    expect((await next.open({})).getSettings().deviceId).toBe('mic-2');
    devices.plugged = ['mic-1'];
    expect((await newMicrophone().open({})).getSettings().deviceId).toBe('mic-1');
    next.close(null);
  });

  it('falls on the device that was used last', async () => {
    devices.plugged = ['mic-1', 'mic-2'];
    await microphone.open({});
    // The system prefers another now.
    devices.plugged = ['mic-2', 'mic-1'];
    expect((await microphone.open({})).getSettings().deviceId).toBe('mic-1');
    await microphone.open({ deviceId: 'mic-2' });
    microphone.close('released');
    expect((await microphone.open({})).getSettings().deviceId).toBe('mic-2');
    microphone.prefer('mic-1');
    expect((await microphone.open({})).getSettings().deviceId).toBe('mic-1');
  });

  it('breaks nothing where the browser keeps nothing', async () => {
    const refuse = (): never => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
    for (const storage of [null, { getItem: refuse, setItem: refuse } as unknown as Storage]) {
      const one = newMicrophone(storage);
      await one.open({});
      await one.open({ deviceId: 'mic-1' });
      expect(one.track?.getSettings().deviceId).toBe('mic-1');
      one.close(null);
    }
  });
});

describe('a microphone that goes away', () => {
  const opened = async (): Promise<FakeTrack> =>
    (await microphone.open({})) as unknown as FakeTrack;

  it('is told when the system ends it, and not when it is freed', async () => {
    const track = await opened();
    track.end();
    expect(lost).toBe(1);
    expect([microphone.track, microphone.absence]).toEqual([null, 'lost']);
    expect(streams.at(-1)).toBeNull();
    const second = await opened();
    expect(microphone.absence).toBeNull();
    microphone.close(null);
    second.end();
    expect(lost).toBe(1);
  });

  it('is asked for again whenever devices change, until it is closed', async () => {
    (await opened()).end();
    microphone.check();
    expect(lost).toBe(2);
    microphone.close(null);
    microphone.check();
    expect(lost).toBe(2);
  });

  it('is not asked for again while somebody does so already', async () => {
    const track = await opened();
    devices.plugged = null;
    const opening = microphone.open({});
    track.end();
    microphone.check();
    expect(lost).toBe(0);
    devices.allow();
    await opening;
    expect(microphone.absence).toBeNull();
  });

  it('counts as lost when the system keeps its sound back for two seconds', async () => {
    const track = await opened();
    track.silence(true);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(lost).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(lost).toBe(1);
    // It may still come back by itself: nothing is freed before there is another.
    expect(microphone.track).toBe(track);
  });

  it('counts not when the sound is back sooner', async () => {
    const track = await opened();
    track.silence(true);
    await vi.advanceTimersByTimeAsync(1_000);
    track.silence(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lost).toBe(0);
  });

  it('counts not once it is closed', async () => {
    (await opened()).silence(true);
    microphone.close(null);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits until the page is seen', async () => {
    const page = { visibilityState: 'hidden' };
    vi.stubGlobal('document', page);
    (await opened()).silence(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lost).toBe(0);
    page.visibilityState = 'visible';
    microphone.check();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lost).toBe(1);
    vi.unstubAllGlobals();
  });
});
