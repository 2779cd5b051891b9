import { InterviewError } from '../errors.ts';
import type { InterviewErrorCode } from '../errors.ts';

const codes: Readonly<Record<string, InterviewErrorCode>> = {
  NotAllowedError: 'microphone_denied',
  SecurityError: 'microphone_denied',
  NotFoundError: 'microphone_missing',
  OverconstrainedError: 'microphone_missing',
  NotReadableError: 'microphone_busy',
  AbortError: 'microphone_busy',
};

/**
 * Web views that apps open links in, by what they say of themselves; the last is any Android app's
 * (developer.chrome.com/docs/multidevice/user-agent).
 */
const APPS =
  /Instagram|FBA[NV]|FB_IAB|TikTok|musical_ly|Bytedance|\bLine\/|LinkedInApp|MicroMessenger|Snapchat|Twitter for|; wv\)/;

/** A refusal within this time was no person's, milliseconds. */
const AT_ONCE_MS = 500;

/** What is needed to ask for a microphone. */
export interface AskOptions {
  /** null where the page may not have one. */
  mediaDevices: MediaDevices | null;
  userAgent: string;
  /** This one and no other. */
  deviceId?: string | undefined;
  /** This one where it is there, else the browser's choice. */
  preferredId?: string | undefined;
  /** Gives it up; a microphone that the browser gives later is freed at once. */
  signal: AbortSignal;
}

/**
 * Asks for a microphone, with the browser's echo cancellation, noise suppression and gain control.
 *
 * @throws InterviewError insecure_context, in_app_browser, unsupported_browser, microphone_denied, microphone_missing,
 * microphone_busy, microphone_failed; what the signal was aborted with
 */
export async function askForMicrophone(options: AskOptions): Promise<MediaStream> {
  const { mediaDevices, userAgent, deviceId, preferredId, signal } = options;
  const inApp = APPS.test(userAgent);
  signal.throwIfAborted();
  if (!mediaDevices) {
    throw new InterviewError(
      !globalThis.isSecureContext
        ? 'insecure_context'
        : inApp
          ? 'in_app_browser'
          : 'unsupported_browser',
      'The browser gives this page no microphone.',
    );
  }
  const wanted = deviceId ?? preferredId;
  const audio = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    // Chromium 156 passes over a device that is only wished for.
    ...(wanted !== undefined && { deviceId: { exact: wanted } }),
  };
  const askedAt = performance.now();
  try {
    return await whileWanted(mediaDevices.getUserMedia({ audio }), signal);
  } catch (error) {
    signal.throwIfAborted();
    // Not instanceof: Safari's OverconstrainedError was no Error for years.
    const name = String((error as { name?: unknown } | null)?.name);
    const code = (Object.hasOwn(codes, name) && codes[name]) || 'microphone_failed';
    if (wanted !== deviceId && code !== 'microphone_denied') {
      return askForMicrophone({ ...options, preferredId: undefined });
    }
    const byApp = inApp && code === 'microphone_denied';
    const atOnce = performance.now() - askedAt < AT_ONCE_MS;
    throw InterviewError.from(error, byApp && atOnce ? 'in_app_browser' : code);
  }
}

function whileWanted(asked: Promise<MediaStream>, signal: AbortSignal): Promise<MediaStream> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', reject);
    asked.then((stream) => {
      if (signal.aborted) stopTracks(stream);
      else resolve(stream);
    }, reject);
  });
}

/** Frees what a stream comes from at once. */
export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
