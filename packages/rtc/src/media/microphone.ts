import { InterviewError } from '../errors.ts';
import { keptText } from '../kept-text.ts';
import type { Ports } from '../options.ts';
import { askForMicrophone, stopTracks } from './ask-for-microphone.ts';

/** How long the browser's question may stand, milliseconds: a person may have to read it twice. */
const PROMPT_MS = 120_000;
/** How long a track may be without sound before it is opened anew, milliseconds; shorter cuts pass by themselves. */
const CUT_MS = 2_000;

/** What of the surroundings a microphone needs. */
export type MicrophonePorts = Pick<
  Ports,
  'audioSession' | 'localStorage' | 'mediaDevices' | 'userAgent'
>;

/** Why a microphone that is still wanted is closed: the system took it, or the candidate let it go for a while. */
export type Absence = 'lost' | 'released';

/** Which microphone, and how long to wait for it. */
export interface OpenMicrophoneOptions {
  /** The candidate's choice, which is remembered. Default: the one used or chosen last, else the browser's choice. */
  deviceId?: string | undefined;
  /** Gives it up; a microphone that the browser gives later is freed at once. */
  signal?: AbortSignal;
}

/** What a microphone tells. */
export interface MicrophoneHandlers {
  /** Another device is open; null: none is. */
  onStream(stream: MediaStream | null): void;
  /** The device went away or gives no sound, or may be had again after it did: it wants to be opened anew. */
  onLost(): void;
}

/** The page's one microphone: opened, exchanged, lost and found. */
export class Microphone {
  readonly #ports: MicrophonePorts;
  readonly #handlers: MicrophoneHandlers;
  #opening: AbortController | null = null;
  /** Aborted to free the device. */
  #open: AbortController | null = null;
  #track: MediaStreamTrack | null = null;
  #absence: Absence | null = null;
  #preferredId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: MicrophonePorts, handlers: MicrophoneHandlers) {
    this.#ports = ports;
    this.#handlers = handlers;
  }

  /** null when closed. */
  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  get absence(): Absence | null {
    return this.#absence;
  }

  /**
   * Opens a device in place of the one that is open, which is freed once the new one is there. A newer call and `close`
   * give it up.
   *
   * @throws InterviewError of `askForMicrophone`, microphone_timeout when the browser's question was not answered, aborted
   */
  async open({ deviceId, signal }: OpenMicrophoneOptions): Promise<MediaStreamTrack> {
    this.#opening?.abort();
    const opening = (this.#opening = new AbortController());
    const end = AbortSignal.any([opening.signal, signal ?? opening.signal]);
    const late = new InterviewError('microphone_timeout');
    const timer = setTimeout(() => opening.abort(late), PROMPT_MS);
    this.#tellSystem();
    try {
      const stream = await askForMicrophone({
        ...this.#ports,
        deviceId,
        preferredId: this.#preferredId ?? keptText(this.#ports.localStorage, 'microphone'),
        signal: end,
      });
      if (end.aborted) stopTracks(stream);
      end.throwIfAborted();
      const track = this.#take(stream);
      this.#preferredId = track.getSettings().deviceId;
      if (deviceId !== undefined) this.prefer(deviceId);
      return track;
    } catch (error) {
      throw InterviewError.from(error, 'aborted');
    } finally {
      clearTimeout(timer);
      if (this.#opening === opening) this.#opening = null;
      this.#tellSystem();
    }
  }

  /** Remembers the candidate's choice for the next time that a microphone is opened. */
  prefer(deviceId: string): void {
    this.#preferredId = keptText(this.#ports.localStorage, 'microphone', deviceId);
  }

  /** Frees the device at once, also one that is still being asked for. */
  close(absence: Absence | null): void {
    this.#opening?.abort();
    this.#opening = null;
    this.#free(absence);
  }

  /** A device came or went, or the page is seen: what was lost may be back, and what is open may be cut off. */
  check(): void {
    if (this.#absence === 'lost' && !this.#opening) this.#handlers.onLost();
    clearTimeout(this.#timer);
    if (!this.#track) return;
    this.#timer = setTimeout(() => {
      const hidden = 'document' in globalThis && document.visibilityState === 'hidden';
      if (this.#track?.muted && !hidden) this.#handlers.onLost();
    }, CUT_MS);
  }

  #take(stream: MediaStream): MediaStreamTrack {
    this.#free(null);
    const [track] = stream.getAudioTracks();
    if (!track) throw new InterviewError('microphone_missing');
    const { signal } = (this.#open = new AbortController());
    signal.addEventListener('abort', () => stopTracks(stream));
    track.addEventListener('mute', () => this.check(), { signal });
    track.addEventListener(
      'ended',
      () => {
        this.#free('lost');
        this.check();
      },
      { signal },
    );
    track.contentHint = 'speech';
    this.#track = track;
    this.#handlers.onStream(stream);
    return track;
  }

  #free(absence: Absence | null): void {
    this.#absence = absence;
    this.#open?.abort();
    this.#open = null;
    this.#track = null;
    clearTimeout(this.#timer);
    this.#tellSystem();
    this.#handlers.onStream(null);
  }

  #tellSystem(): void {
    const { audioSession } = this.#ports;
    if (!audioSession) return;
    audioSession.type = this.#track || this.#opening ? 'play-and-record' : 'auto';
  }
}
