import type { InterviewErrorCode } from '@interview/rtc';
import type { Translation } from '../translations/en.ts';

/** Name of what helps; its words are `steps` of the translation. */
export type RemedyName = keyof Translation['steps'];

/** What a browser says of itself. */
export interface Place {
  readonly system: 'windows' | 'mac' | 'ios' | 'android' | 'other';
  /** Firefox and Safari by name; everything made of Chromium is alike. */
  readonly kind: 'chromium' | 'firefox' | 'safari';
  /** As people know it, for example `Edge`. */
  readonly app: string;
}

/** Browsers by what only they say; the first that fits. Those of iOS are Safari within, under another name. */
const apps: readonly (readonly [RegExp, string])[] = [
  [/Edg(A|iOS)?\//, 'Edge'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/OPR\/|OPiOS\/|OPT\//, 'Opera'],
  [/Vivaldi\//, 'Vivaldi'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/CriOS\/|Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

function systemOf(userAgent: string, touchPoints: number): Place['system'] {
  // An iPad says that it is a Mac; no Mac has a touch screen.
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) {
    return 'ios';
  }
  if (/Android/.test(userAgent)) return 'android';
  if (/Windows/.test(userAgent)) return 'windows';
  return /Macintosh/.test(userAgent) ? 'mac' : 'other';
}

/** Reads what a browser says of itself. @param touchPoints `navigator.maxTouchPoints` */
export function placeOf(userAgent: string, touchPoints: number): Place {
  const app = apps.find(([said]) => said.test(userAgent))?.[1] ?? 'your browser';
  const system = systemOf(userAgent, touchPoints);
  const kind = app === 'Firefox' ? 'firefox' : app === 'Safari' ? 'safari' : 'chromium';
  return { system, kind, app };
}

function ofSystem({ system }: Place): RemedyName {
  if (system === 'mac') return 'systemMac';
  if (system === 'windows') return 'systemWindows';
  return system === 'android' ? 'systemAndroid' : 'systemOther';
}

function ofBrowser({ system, kind, app }: Place): RemedyName {
  if (system === 'ios') return app === 'Safari' ? 'safariIos' : 'appIos';
  if (kind === 'safari') return 'safari';
  if (kind === 'firefox') return system === 'android' ? 'firefoxAndroid' : 'firefox';
  return system === 'android' ? 'chromiumAndroid' : 'chromium';
}

/**
 * What a candidate can do by a refusal: Chromium tells in words whether a person closed its question or the system keeps
 * the microphone (`PermissionDeniedError` texts of Chromium's media/stream code).
 */
function denied(cause: string, place: Place): RemedyName {
  if (/by system/i.test(cause)) return ofSystem(place);
  return /dismissed/i.test(cause) ? 'dismissed' : ofBrowser(place);
}

/** What is known of a failure. */
export interface Failure {
  readonly code: InterviewErrorCode;
  /** What the browser said, in its own words; empty where nothing is known. */
  readonly cause: string;
  /** The page around a frame keeps the microphone from it. */
  readonly withheld: boolean;
}

/** The remedy that fits this failure in this browser; null where the general words are all there is. Pure. */
export function remedyNameOf({ code, cause, withheld }: Failure, place: Place): RemedyName | null {
  const phone = place.system === 'ios' || place.system === 'android';
  switch (code) {
    case 'microphone_denied':
      return withheld ? 'framed' : denied(cause, place);
    case 'microphone_busy':
      return phone ? 'busyPhone' : 'busy';
    case 'microphone_missing':
      return 'missing';
    case 'microphone_timeout':
      return 'dismissed';
    case 'in_app_browser':
      return place.system === 'ios' ? 'inAppIos' : 'inAppAndroid';
    case 'insecure_context':
      return 'insecure';
    default:
      return null;
  }
}
