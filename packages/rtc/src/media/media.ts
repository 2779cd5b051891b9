import type { Levels, Ports } from '../options.ts';
import type { DeviceList } from '../events.ts';
import { listDevices } from './devices.ts';
import { LevelMeter } from './level.ts';
import { Microphone } from './microphone.ts';
import { Playback } from './playback.ts';

/** What of the surroundings the media need. */
export type MediaPorts = Pick<Ports, 'mediaDevices' | 'createAudioContext' | 'createAudio'>;

/** What the media tell. */
export interface MediaHandlers {
  /** The microphone went away. */
  onMicrophoneLost(): void;
  /** A device came or went. */
  onDevices(): void;
}

/** Ears and mouth of the page: one microphone, one speaker, their levels. */
export class Media {
  readonly #ports: MediaPorts;
  readonly #handlers: MediaHandlers;
  readonly #end = new AbortController();
  readonly #playback: Playback | null;
  #context: AudioContext | null = null;
  #microphone: Microphone | null = null;
  #candidate: LevelMeter | null = null;
  #interviewer: LevelMeter | null = null;
  #muted = false;
  #held = false;
  #speakerId: string | null = null;

  /** @param silent plays nothing, for those who read captions */
  constructor(ports: MediaPorts, handlers: MediaHandlers, silent: boolean) {
    this.#ports = ports;
    this.#handlers = handlers;
    this.#playback = silent || !ports.createAudio ? null : new Playback(ports.createAudio());
    ports.mediaDevices?.addEventListener('devicechange', () => handlers.onDevices(), {
      signal: this.#end.signal,
    });
  }

  get muted(): boolean {
    return this.#muted;
  }

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
    return this.#microphone?.track ?? null;
  }

  get microphoneId(): string | null {
    return this.#microphone?.deviceId ?? null;
  }

  get speakerId(): string | null {
    return this.#speakerId;
  }

  /** Opens a microphone in place of the one that is open. @throws InterviewError of `Microphone.open` */
  async openMicrophone(deviceId?: string): Promise<MediaStreamTrack> {
    // Made before the first await, so that it is still inside the click that asked.
    this.#context ??= this.#ports.createAudioContext?.() ?? null;
    void this.#context?.resume();
    const { mediaDevices } = this.#ports;
    const onEnded = (): void => this.#handlers.onMicrophoneLost();
    const microphone = await Microphone.open({ mediaDevices, deviceId, onEnded });
    this.closeMicrophone();
    this.#microphone = microphone;
    this.#applySilence();
    if (this.#context) this.#candidate = new LevelMeter(this.#context, microphone.stream);
    this.#handlers.onDevices();
    return microphone.track;
  }

  /** Frees the microphone at once. */
  closeMicrophone(): void {
    this.#candidate?.close();
    this.#candidate = null;
    this.#microphone?.stop();
    this.#microphone = null;
  }

  /** Plays the interviewer. */
  play(stream: MediaStream): void {
    this.#playback?.play(stream);
    this.#interviewer?.close();
    this.#interviewer = this.#context ? new LevelMeter(this.#context, stream) : null;
  }

  /** False when the browser wants a gesture before it plays. */
  async playbackAllowed(): Promise<boolean> {
    return (await this.#playback?.allowed()) ?? true;
  }

  /** Plays what was blocked, in a gesture. @throws InterviewError playback_blocked */
  async resumePlayback(): Promise<void> {
    void this.#context?.resume();
    await this.#playback?.resume();
  }

  /** @throws InterviewError unsupported_browser */
  async setSpeaker(id: string): Promise<void> {
    await this.#playback?.setSpeaker(id);
    this.#speakerId = id;
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

  /** Stops playing. */
  stopPlayback(): void {
    this.#interviewer?.close();
    this.#interviewer = null;
    this.#playback?.stop();
  }

  #applySilence(): void {
    if (this.#microphone) this.#microphone.muted = this.#muted || this.#held;
  }

  /** Lets everything go; nothing can be opened again. */
  destroy(): void {
    this.#end.abort();
    this.closeMicrophone();
    this.stopPlayback();
    void this.#context?.close();
    this.#context = null;
  }
}
