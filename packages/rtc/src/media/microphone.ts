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

/** What is needed to open a microphone. */
export interface MicrophoneOptions {
  /** null where the page may not have one. */
  mediaDevices: MediaDevices | null;
  /** Default: the browser's choice. */
  deviceId?: string | undefined;
  /** The device went away, or the permission was taken back. Not told after `stop()`. */
  onEnded: () => void;
}

/** An open microphone. */
export class Microphone {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;

  private constructor(stream: MediaStream, track: MediaStreamTrack, onEnded: () => void) {
    this.stream = stream;
    this.track = track;
    track.addEventListener('ended', onEnded);
  }

  /**
   * Asks for a microphone, with the browser's echo cancellation, noise suppression and gain control.
   *
   * @throws InterviewError insecure_context, microphone_denied, microphone_missing, microphone_busy, microphone_failed
   */
  static async open({ mediaDevices, deviceId, onEnded }: MicrophoneOptions): Promise<Microphone> {
    if (!mediaDevices) {
      throw new InterviewError(
        'insecure_context',
        'The browser gives a microphone to pages on https and localhost only.',
      );
    }
    const stream = await ask(mediaDevices, deviceId);
    const [track] = stream.getAudioTracks();
    if (!track) throw new InterviewError('microphone_missing', 'The browser gave no audio track.');
    track.contentHint = 'speech';
    return new Microphone(stream, track, onEnded);
  }

  /** Which device it is; null where the browser does not tell. */
  get deviceId(): string | null {
    return this.track.getSettings().deviceId ?? null;
  }

  /** Sends silence, or the voice again. */
  set muted(muted: boolean) {
    this.track.enabled = !muted;
  }

  /** Frees the device at once: the browser's recording sign goes out. */
  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }
}

async function ask(mediaDevices: MediaDevices, deviceId?: string): Promise<MediaStream> {
  const audio = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
  };
  try {
    return await mediaDevices.getUserMedia({ audio });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const code = Object.hasOwn(codes, name) ? codes[name] : undefined;
    throw InterviewError.from(error, code ?? 'microphone_failed');
  }
}
