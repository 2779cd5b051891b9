import { describe, expect, it } from 'vitest';
import { en } from '../translations/en.ts';
import { placeOf, remedyNameOf, type Failure, type RemedyName } from './remedies.ts';

const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const edge = `${windows} Edg/142.0.0.0`;
const mac =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const firefoxAndroid = 'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0';
const android =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';
const samsung =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const iphoneChrome =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1';

const denied: Failure = { code: 'microphone_denied', cause: 'Permission denied', withheld: false };

describe('placeOf', () => {
  it.each([
    [windows, 0, 'windows', 'chromium', 'Chrome'],
    [edge, 10, 'windows', 'chromium', 'Edge'],
    [mac, 0, 'mac', 'chromium', 'Chrome'],
    [safari, 0, 'mac', 'safari', 'Safari'],
    [safari, 5, 'ios', 'safari', 'Safari'],
    [firefox, 0, 'other', 'firefox', 'Firefox'],
    [firefoxAndroid, 5, 'android', 'firefox', 'Firefox'],
    [samsung, 5, 'android', 'chromium', 'Samsung Internet'],
    [iphoneChrome, 5, 'ios', 'chromium', 'Chrome'],
    ['Something/1.0', 0, 'other', 'chromium', 'your browser'],
  ])('reads %s with %d touch points', (userAgent, touchPoints, system, kind, app) => {
    expect(placeOf(userAgent, touchPoints)).toEqual({ system, kind, app });
  });
});

describe('remedyNameOf', () => {
  it.each<[string, number, RemedyName]>([
    [windows, 0, 'chromium'],
    [edge, 0, 'chromium'],
    [android, 5, 'chromiumAndroid'],
    [samsung, 5, 'chromiumAndroid'],
    [firefox, 0, 'firefox'],
    [firefoxAndroid, 5, 'firefoxAndroid'],
    [safari, 0, 'safari'],
    [safari, 5, 'safariIos'],
    [iphone, 5, 'safariIos'],
    [iphoneChrome, 5, 'appIos'],
  ])('names where this browser keeps its switch: %s', (userAgent, touchPoints, name) => {
    expect(remedyNameOf(denied, placeOf(userAgent, touchPoints))).toBe(name);
  });

  it.each<[string, RemedyName]>([
    [mac, 'systemMac'],
    [edge, 'systemWindows'],
    [android, 'systemAndroid'],
    [firefox, 'systemOther'],
  ])('tells the system’s switch from the browser’s', (userAgent, name) => {
    const failure = { ...denied, cause: 'Permission denied by system' };
    expect(remedyNameOf(failure, placeOf(userAgent, 0))).toBe(name);
  });

  it('knows a question that was only closed', () => {
    const failure = { ...denied, cause: 'Permission dismissed' };
    expect(remedyNameOf(failure, placeOf(windows, 0))).toBe('dismissed');
  });

  it('does not blame the candidate for a frame without the permission', () => {
    expect(remedyNameOf({ ...denied, withheld: true }, placeOf(windows, 0))).toBe('framed');
  });

  it.each<[Failure['code'], string, RemedyName | null]>([
    ['microphone_busy', windows, 'busy'],
    ['microphone_busy', android, 'busyPhone'],
    ['microphone_missing', windows, 'missing'],
    ['microphone_timeout', windows, 'dismissed'],
    ['in_app_browser', iphone, 'inAppIos'],
    ['in_app_browser', android, 'inAppAndroid'],
    ['insecure_context', windows, 'insecure'],
    ['connection_lost', windows, null],
  ])('%s in %s: %s', (code, userAgent, name) => {
    expect(remedyNameOf({ code, cause: '', withheld: false }, placeOf(userAgent, 0))).toBe(name);
  });

  it.each(Object.entries(en.steps))('%s has steps without jargon or alarm', (_, words) => {
    const steps = words('Chrome').split('\n');
    expect(steps.length).toBeGreaterThan(1);
    for (const step of steps) {
      expect(step).toMatch(/^\S.*[.:]$/);
      expect(step).not.toMatch(/!|oops|sorry|webrtc|token|session|permission denied/i);
    }
  });
});
