import { InterviewError, type InterviewErrorCode } from '../errors.ts';
import type { DeviceList } from '../events.ts';
import { keptText } from '../kept-text.ts';
import type { Levels, Ports } from '../options.ts';
import { openAudioContext } from './audio-context.ts';
import { listDevices, watchDevices } from './devices.ts';
import { LevelMeter } from './level.ts';
import { Microphone } from './microphone.ts';
import type { Absence, MicrophonePorts, OpenMicrophoneOptions } from './microphone.ts';
import { Playback, type Beside } from './playback.ts';
import type { Practice } from './practice.ts';

/** What of the surroundings the media need. */
export type MediaPorts = MicrophonePorts &
  Pick<Ports, 'createAudio' | 'createAudioContext' | 'createRecorder' | 'onPage'>;

/** What the media tell. */
export interface MediaHandlers {
  /** As `MicrophoneHandlers.onLost`. */
  onMicrophoneLost(): void;
  /** A device came, went or was chosen. */
  onDevices(): void;
  /** The interviewer was heard, and is not any more before the candidate has done something. */
  onPlaybackBlocked(): void;
}

/** Ears and mouth of the page: one microphone, one speaker, their levels. Touches nothing before it is used. */
export class Media {
  readonly #ports: MediaPorts;
  readonly #handlers: MediaHandlers;
  readonly #microphone: Microphone;
  readonly #silent: boolean;
  #playback: Playback | null = null;
  /** From the first use until all is let go. */
  #life: AbortController | null = null;
  #destroyed = false;
  #context: AudioContext | null = null;
  #candidate: LevelMeter | null = null;
  #interviewer: LevelMeter | null = null;
  #muted = false;
  #held = false;
  /** Ends a chime or a practice. */
  #aside: AbortController | null = null;
  #speakerId: string | undefined;

  /** @param silent plays nothing, for those who read captions */
  constructor(ports: MediaPorts, handlers: MediaHandlers, silent: boolean) {
    this.#ports = ports;
    this.#handlers = handlers;
    this.#silent = silent;
    this.#microphone = new Microphone(ports, {
      onStream: (stream) => {
        this.#candidate?.close();
        this.#candidate = this.#meter(stream);
        this.#applySilence();
      },
      onLost: () => {
        handlers.onDevices();
        handlers.onMicrophoneLost();
      },
    });
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Sends silence; what is opened later too. */
  set muted(muted: boolean) {
    this.#muted = muted;
    this.#applySilence();
  }

  /** Sends silence while a call is being made: words before the talk begins would be taken as an answer. */
  set held(held: boolean) {
    this.#held = held;
    this.#applySilence();
  }

  /** null when closed. */
  get track(): MediaStreamTrack | null {
    return this.#microphone.track;
  }

  /** Why a microphone that is still wanted is closed; null when there is no such one. */
  get absence(): Absence | null {
    return this.#microphone.absence;
  }

  get microphoneId(): string | null {
    return this.track?.getSettings().deviceId ?? null;
  }

  get speakerId(): string | null {
    return this.#playback?.speakerId || null;
  }

  /** Prepares for sound. Call it in a gesture, before the first await: Safari then lets the interviewer speak later. */
  unlock(): void {
    const context = this.#sound();
    context?.resume().catch(() => undefined);
    if (context) this.#playback?.unlock(context);
  }

  /** Opens a microphone in place of the one that is open. @throws InterviewError of `Microphone.open` */
  async openMicrophone(options: OpenMicrophoneOptions = {}): Promise<MediaStreamTrack> {
    if (this.#destroyed) throw failure('aborted', 'Destroyed.');
    this.unlock();
    const track = await this.#microphone.open(options);
    void this.#settle();
    return track;
  }

  /** The candidate's choice, for the next time that the microphone is opened. */
  preferMicrophone(deviceId: string): void {
    this.#microphone.prefer(deviceId);
  }

  /** Frees the microphone at once, also one that is still being asked for. @param absence it is still wanted */
  closeMicrophone(absence: Absence | null = null): void {
    this.#microphone.close(absence);
  }

  /** Plays the interviewer. */
  play(stream: MediaStream): void {
    this.#aside?.abort();
    this.#sound();
    this.#playback?.play(stream);
    this.#interviewer?.close();
    this.#interviewer = this.#meter(stream);
  }

  /** False when the browser wants a gesture before it plays. */
  async playbackAllowed(): Promise<boolean> {
    return (await this.#playback?.allowed()) ?? true;
  }

  /** Plays what was blocked, in a gesture. @throws InterviewError playback_blocked */
  async resumePlayback(): Promise<void> {
    this.unlock();
    await this.#playback?.resume();
  }

  /** Stops playing. */
  stopPlayback(): void {
    this.#interviewer?.close();
    this.#interviewer = null;
    this.#playback?.stop();
  }

  /** The candidate's choice, which is remembered. @throws InterviewError unsupported_browser, unsupported */
  async setSpeaker(id: string): Promise<void> {
    this.#sound();
    await this.#playback?.setSpeaker(id);
    this.#speakerId = keptText(this.#ports.localStorage, 'speaker', id);
    this.#handlers.onDevices();
  }

  devices(): Promise<DeviceList> {
    return listDevices(this.#ports.mediaDevices);
  }

  levels(): Levels {
    return {
      candidate: this.#muted ? 0 : (this.#candidate?.read() ?? 0),
      interviewer: this.#interviewer?.read() ?? 0,
    };
  }

  /** Plays a chime, in a gesture; resolves when it was played. @throws InterviewError playback_blocked, unsupported */
  async testSpeaker(): Promise<void> {
    const beside = { ...this.#beside(), context: this.#context };
    const { chime } = await import('./practice.ts');
    await chime(beside);
  }

  /** Records and plays back; sends nothing. @throws InterviewError invalid_state without a microphone, unsupported */
  async practice(): Promise<Practice> {
    const beside = this.#beside();
    const { practise } = await import('./practice.ts');
    return practise({ ...beside, track: this.track, createRecorder: this.#ports.createRecorder });
  }

  /** Lets everything go at once; it can all be opened again. A microphone that was let go stays so. */
  release(): void {
    this.#life?.abort();
    this.#life = this.#context = null;
    this.#aside?.abort();
    this.#microphone.close(this.absence === 'released' ? 'released' : null);
    this.stopPlayback();
  }

  /** Lets everything go; nothing can be opened again. */
  destroy(): void {
    this.#destroyed = true;
    this.release();
  }

  /** The audio context; with it come, at the first use, the player and an ear for the surroundings. */
  #sound(): AudioContext | null {
    if (this.#life || this.#destroyed) return this.#context;
    const { signal } = (this.#life = new AbortController());
    const { createAudio } = this.#ports;
    if (createAudio && !this.#silent) {
      this.#playback ??= new Playback(createAudio, () => this.#handlers.onPlaybackBlocked());
    }
    const again = (): void => {
      void this.#settle();
      this.#playback?.playOn();
      this.#microphone.check();
    };
    watchDevices(this.#ports.mediaDevices, again, signal);
    this.#ports.onPage('visible', again, signal);
    return (this.#context = openAudioContext(this.#ports, signal));
  }

  /** An element for what must not disturb the interviewer; whatever used one before falls silent. */
  #beside(): Beside {
    this.unlock();
    if (!this.#playback) throw failure('unsupported', 'Nothing can be played.');
    this.#aside?.abort();
    this.#aside = new AbortController();
    return { ...this.#playback.beside(), failure, signal: this.#aside.signal };
  }

  #applySilence(): void {
    if (this.track) this.track.enabled = !(this.#muted || this.#held);
  }

  /** A level is worth less than a call: where the browser can't measure, there is none. */
  #meter(stream: MediaStream | null): LevelMeter | null {
    try {
      return this.#context && stream && new LevelMeter(this.#context, stream);
    } catch {
      return null;
    }
  }

  /** Goes by what is plugged in now: the chosen speaker where it is there, else the browser's choice. */
  async #settle(): Promise<void> {
    try {
      const { speakers } = await this.devices();
      const wanted = this.#speakerId ?? keptText(this.#ports.localStorage, 'speaker');
      const there = speakers.find(({ deviceId }) => deviceId === wanted);
      await this.#playback?.setSpeaker(there?.deviceId ?? '');
    } catch {
      // The browser's choice then.
    }
    this.#handlers.onDevices();
  }
}

const failure = (code: InterviewErrorCode, cause: unknown): InterviewError =>
  InterviewError.from(cause, code);
