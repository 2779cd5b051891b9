import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InterviewError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { Media } from '../media/media.ts';
import {
  deafHandlers,
  FakeDevices,
  FakePage,
  type FakeTrack,
} from '../media/testing/surroundings.ts';
import type { SessionContext } from './context.ts';
import { mute, replaceLostMicrophone, unmute, useMicrophone } from './devices.ts';
import { View } from './view.ts';

let devices: FakeDevices;
let media: Media;
let context: SessionContext;
/** What the call sends, in turn. */
let sent: (string | null)[];
let told: [string, unknown][];
let replaceTrack: (track: MediaStreamTrack | null) => Promise<void>;

const of = (name: string): unknown[] =>
  told.filter(([one]) => one === name).map(([, what]) => what);
const errors = (): unknown[] =>
  of('error').map((payload) => (payload as { error: InterviewError }).error.code);
const track = (): FakeTrack => devices.tracks.at(-1) as FakeTrack;
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
/** A device goes in or out, and the list is read. */
async function plug(...microphones: string[]): Promise<void> {
  devices.plugged = microphones;
  devices.dispatchEvent(new Event('devicechange'));
  await vi.advanceTimersByTimeAsync(250);
}

beforeEach(() => {
  vi.useFakeTimers();
  devices = new FakeDevices(['mic-1', 'mic-2']);
  sent = [];
  told = [];
  replaceTrack = (next) => {
    sent.push(next?.getSettings().deviceId ?? null);
    return Promise.resolve();
  };
  const tell = (name: string, payload: unknown): number => told.push([name, payload]);
  media = new Media(
    {
      mediaDevices: devices.asDevices,
      onPage: new FakePage().onPage,
      audioSession: null,
      createAudio: null,
      createAudioContext: null,
      createRecorder: null,
      localStorage: null,
      userAgent: '',
    },
    {
      ...deafHandlers,
      onMicrophoneLost: () => void replaceLostMicrophone(context),
      onDevices: () => tell('devices', media.microphoneId),
    },
    false,
  );
  context = {
    media,
    tell,
    logger: silentLogger,
    view: new View(tell, () => []),
    call: { replaceTrack: (next: MediaStreamTrack | null) => replaceTrack(next) },
  } as unknown as SessionContext;
});
afterEach(() => {
  media.destroy();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('muting', () => {
  it('sends silence and lets nothing go', async () => {
    await useMicrophone(context);
    await mute(context);
    expect([track().enabled, track().readyState]).toEqual([false, 'live']);
    await unmute(context);
    expect(track().enabled).toBe(true);
    expect(of('muted')).toEqual([
      { muted: true, released: false },
      { muted: false, released: false },
    ]);
    expect(sent).toEqual(['mic-1']);
  });

  it('tells nothing when nothing changes', async () => {
    await useMicrophone(context);
    await unmute(context);
    await mute(context);
    await mute(context);
    expect(of('muted')).toHaveLength(1);
  });

  it('lets the microphone go when asked to, at once, and opens the same one to speak again', async () => {
    await useMicrophone(context, 'mic-2');
    const muting = mute(context, { release: true });
    expect(track().readyState).toBe('ended');
    await muting;
    expect(sent).toEqual(['mic-2', null]);
    expect(of('muted')).toEqual([{ muted: true, released: true }]);
    await unmute(context);
    expect(track()).toMatchObject({ readyState: 'live', enabled: true });
    expect(sent).toEqual(['mic-2', null, 'mic-2']);
    expect(of('muted').at(-1)).toEqual({ muted: false, released: false });
  });

  it('lets a muted microphone go too', async () => {
    await useMicrophone(context);
    await mute(context);
    await mute(context, { release: true });
    expect(track().readyState).toBe('ended');
    await mute(context, { release: true });
    expect(of('muted')).toHaveLength(2);
  });

  it('opens nothing for whoever let it go, whatever is plugged in or chosen', async () => {
    await useMicrophone(context);
    await mute(context, { release: true });
    await plug('mic-1', 'mic-2');
    await useMicrophone(context, 'mic-2');
    expect(devices.tracks).toHaveLength(1);
    await unmute(context);
    expect(sent).toEqual(['mic-1', null, 'mic-2']);
  });

  it('stays muted, and says why, when the microphone cannot be had again', async () => {
    await useMicrophone(context);
    await mute(context, { release: true });
    devices.refusal = new DOMException('Busy.', 'NotReadableError');
    await expect(unmute(context)).rejects.toMatchObject({ code: 'microphone_busy' });
    expect([media.muted, media.absence]).toEqual([true, 'released']);
    expect(of('muted')).toHaveLength(1);
  });

  it('goes by the last wish when it is muted again while the browser still asks', async () => {
    await useMicrophone(context);
    await mute(context, { release: true });
    devices.plugged = null;
    const unmuting = unmute(context);
    await mute(context);
    devices.allow();
    await unmuting;
    expect(track().enabled).toBe(false);
    expect(of('muted').at(-1)).toEqual({ muted: true, released: false });
  });

  it('holds a choice for later where there is no microphone', async () => {
    await mute(context, { release: true });
    expect(of('muted')).toEqual([{ muted: true, released: false }]);
    await useMicrophone(context);
    expect(track().enabled).toBe(false);
  });
});

describe('a microphone that goes away', () => {
  it('is replaced by another in the call, and the devices are told', async () => {
    await useMicrophone(context, 'mic-2');
    devices.plugged = ['mic-1'];
    const before = of('devices').length;
    track().end();
    await settle();
    expect(sent).toEqual(['mic-2', 'mic-1']);
    expect(of('devices').slice(before)).toEqual([null, 'mic-1']);
    expect(errors()).toEqual([]);
  });

  it('leaves the call up in silence when it was the last, until one is plugged in', async () => {
    await useMicrophone(context);
    devices.plugged = [];
    track().end();
    await settle();
    expect(sent).toEqual(['mic-1', null]);
    expect(errors()).toEqual(['microphone_missing']);
    const asked = devices.asked.length;
    await plug();
    // Told once, though it was tried again.
    expect(devices.asked.length).toBeGreaterThan(asked);
    expect(errors()).toEqual(['microphone_missing']);
    await plug('mic-3');
    expect(sent.at(-1)).toBe('mic-3');
    expect(context.view.error).toBeNull();
  });

  it('tells that the permission was taken back, and speaks again once the candidate chooses one', async () => {
    await useMicrophone(context);
    devices.refusal = new DOMException('No.', 'NotAllowedError');
    track().end();
    await settle();
    expect(errors()).toEqual(['microphone_denied']);
    expect(sent.at(-1)).toBeNull();
    devices.refusal = null;
    await useMicrophone(context, 'mic-2');
    expect(sent.at(-1)).toBe('mic-2');
    expect(context.view.error).toBeNull();
  });

  it('stays muted when it was', async () => {
    await useMicrophone(context);
    await mute(context);
    track().end();
    await settle();
    expect(devices.tracks).toHaveLength(2);
    expect(track().enabled).toBe(false);
  });

  it('is exchanged when the system cuts it off, and kept when there is no other', async () => {
    await useMicrophone(context);
    track().silence(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toEqual(['mic-1', 'mic-1']);
    expect(devices.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    devices.refusal = new DOMException('A call.', 'NotReadableError');
    track().silence(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(errors()).toEqual(['microphone_busy']);
    expect([media.track, sent.at(-1)]).toEqual([track(), 'mic-1']);
  });

  it('is no matter any more when it was closed meanwhile', async () => {
    await useMicrophone(context);
    devices.plugged = null;
    track().end();
    media.closeMicrophone();
    await settle();
    expect(errors()).toEqual([]);
    const late = devices.allow();
    await settle();
    expect(late.readyState).toBe('ended');
  });

  it('may come back to a call that is over by then', async () => {
    replaceTrack = () => Promise.reject(new DOMException('Closed.', 'InvalidStateError'));
    await useMicrophone(context);
    expect(media.track?.readyState).toBe('live');
  });
});
