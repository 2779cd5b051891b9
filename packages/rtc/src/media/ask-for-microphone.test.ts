import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askForMicrophone, type AskOptions } from './ask-for-microphone.ts';
import { FakeDevices, FakeTrack } from './testing/surroundings.ts';

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36';
const inApps = {
  Instagram: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) AppleWebKit/605.1.15 Mobile Instagram 380.0',
  Facebook: 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile [FBAN/FBIOS;FBAV/510.0]',
  TikTok: 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile musical_ly_39.0 BytedanceWebview',
  Line: 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile Safari Line/15.3.0',
  LinkedIn: 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile [LinkedInApp]/9.30',
  WeChat: 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.54',
  'an Android web view':
    'Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP4A; wv) AppleWebKit/537.36 Version/4.0 Chrome/140 Mobile',
};
const denied = new DOMException('No.', 'NotAllowedError');

let devices: FakeDevices;
let end: AbortController;
const options = (more: Partial<AskOptions> = {}): AskOptions => ({
  mediaDevices: devices.asDevices,
  userAgent: chrome,
  signal: end.signal,
  ...more,
});
const failure = (more?: Partial<AskOptions>): Promise<unknown> =>
  askForMicrophone(options(more)).catch((error: unknown) => error);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('isSecureContext', true);
  devices = new FakeDevices();
  end = new AbortController();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('asking for a microphone', () => {
  it('asks for echo cancellation, noise suppression and gain control, and for no device', async () => {
    await askForMicrophone(options());
    expect(devices.asked).toEqual([
      { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    ]);
  });

  it('insists on a chosen device, and does without a remembered one that is gone or busy', async () => {
    devices.plugged = ['mic-1', 'mic-2'];
    await askForMicrophone(options({ deviceId: 'mic-2', preferredId: 'mic-1' }));
    expect(devices.tracks[0]?.getSettings().deviceId).toBe('mic-2');
    await askForMicrophone(options({ preferredId: 'mic-2' }));
    expect(devices.tracks[1]?.getSettings().deviceId).toBe('mic-2');
    await askForMicrophone(options({ preferredId: 'gone' }));
    expect(devices.tracks[2]?.getSettings().deviceId).toBe('mic-1');
    expect(await failure({ deviceId: 'gone', preferredId: 'mic-2' })).toMatchObject({
      code: 'microphone_missing',
    });
    devices.refusal = new DOMException('Busy.', 'NotReadableError');
    devices.asked.length = 0;
    expect(await failure({ preferredId: 'mic-2' })).toMatchObject({ code: 'microphone_busy' });
    expect(devices.asked.map(({ deviceId }) => deviceId)).toEqual([{ exact: 'mic-2' }, undefined]);
  });

  it('does not ask a person twice who refused the remembered device', async () => {
    devices.refusal = denied;
    expect(await failure({ preferredId: 'mic-1' })).toMatchObject({ code: 'microphone_denied' });
    expect(devices.asked).toHaveLength(1);
  });

  it.each([
    ['NotAllowedError', 'microphone_denied'],
    ['SecurityError', 'microphone_denied'],
    ['NotFoundError', 'microphone_missing'],
    ['OverconstrainedError', 'microphone_missing'],
    ['NotReadableError', 'microphone_busy'],
    ['AbortError', 'microphone_busy'],
    ['TypeError', 'microphone_failed'],
    ['constructor', 'microphone_failed'],
  ])('calls the browser’s %s %s', async (name, code) => {
    devices.refusal = new DOMException('Refused.', name);
    expect(await failure()).toMatchObject({ code, cause: devices.refusal });
  });

  it('reads the name of what is no Error, as Safari throws it', async () => {
    devices.refusal = { name: 'OverconstrainedError' } as Error;
    expect(await failure()).toMatchObject({ code: 'microphone_missing' });
  });
});

describe('a page that may have no microphone', () => {
  it('is an insecure one first of all', async () => {
    vi.stubGlobal('isSecureContext', false);
    for (const userAgent of [chrome, inApps.Instagram]) {
      const error = await failure({ mediaDevices: null, userAgent });
      expect(error).toMatchObject({ code: 'insecure_context', retryable: false });
    }
  });

  it.each(Object.entries(inApps))('is shown inside %s', async (_app, userAgent) => {
    expect(await failure({ mediaDevices: null, userAgent })).toMatchObject({
      code: 'in_app_browser',
      retryable: false,
    });
    devices.refusal = denied;
    expect(await failure({ userAgent })).toMatchObject({ code: 'in_app_browser' });
  });

  it('is else one of an unsupported browser', async () => {
    expect(await failure({ mediaDevices: null })).toMatchObject({ code: 'unsupported_browser' });
  });

  it('is not blamed on the app when a person refused there', async () => {
    devices.getUserMedia = async () => {
      await vi.advanceTimersByTimeAsync(900);
      throw denied;
    };
    expect(await failure({ userAgent: inApps.Instagram })).toMatchObject({
      code: 'microphone_denied',
    });
  });

  it('is not blamed on the app when the device is busy, nor at all outside an app', async () => {
    devices.refusal = new DOMException('Busy.', 'NotReadableError');
    expect(await failure({ userAgent: inApps.WeChat })).toMatchObject({ code: 'microphone_busy' });
    devices.refusal = denied;
    expect(await failure()).toMatchObject({ code: 'microphone_denied' });
  });
});

describe('a request that is given up', () => {
  const reason = new Error('given up');

  it('asks nothing when it was given up before', async () => {
    end.abort(reason);
    expect(await failure()).toBe(reason);
    expect(devices.asked).toEqual([]);
  });

  it('fails at once while the question stands, and frees the microphone that comes after', async () => {
    devices.plugged = null;
    const asked = failure();
    end.abort(reason);
    expect(await asked).toBe(reason);
    const track = new FakeTrack();
    devices.allow(track);
    await vi.advanceTimersByTimeAsync(0);
    expect(track.readyState).toBe('ended');
  });
});
