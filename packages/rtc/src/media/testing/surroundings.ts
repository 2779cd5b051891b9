import type { PageSignal } from '../../options.ts';
import type { MediaHandlers, MediaPorts } from '../media.ts';

/** For tests that are not told anything. */
export const deafHandlers: MediaHandlers = {
  onMicrophoneLost: () => undefined,
  onDevices: () => undefined,
  onPlaybackBlocked: () => undefined,
};

/** A track without a device. */
export class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  readonly #deviceId: string;
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = 'live';

  constructor(deviceId = 'mic-1') {
    super();
    this.#deviceId = deviceId;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The system takes the device. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  /** The system keeps the sound back, or gives it again. */
  silence(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  /** As what `getUserMedia` gives. */
  get stream(): MediaStream {
    return { getAudioTracks: () => [this], getTracks: () => [this] } as unknown as MediaStream;
  }
}

/** Microphones without hardware: each request waits until the test answers it, unless `plugged` names devices. */
export class FakeDevices extends EventTarget {
  /** Constraints of every request. */
  readonly asked: MediaTrackConstraints[] = [];
  readonly tracks: FakeTrack[] = [];
  /** Devices that are there, the browser's choice first; null lets every request wait. */
  plugged: string[] | null;
  speakers: string[] = [];
  /** What every request fails with. */
  refusal: Error | null = null;
  readonly #waiting: ((track: FakeTrack) => void)[] = [];

  constructor(plugged: string[] | null = ['mic-1']) {
    super();
    this.plugged = plugged;
  }

  get asDevices(): MediaDevices {
    return this as unknown as MediaDevices;
  }

  async getUserMedia({ audio }: { audio: MediaTrackConstraints }): Promise<MediaStream> {
    this.asked.push(audio);
    if (this.refusal) throw this.refusal;
    const track = this.plugged ? this.#choose(audio, this.plugged) : await this.#answer();
    this.tracks.push(track);
    return track.stream;
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    const list = (kind: MediaDeviceKind, ids: string[]): MediaDeviceInfo[] =>
      ids.map((deviceId) => ({ kind, deviceId }) as MediaDeviceInfo);
    return Promise.resolve([
      ...list('audioinput', this.plugged ?? []),
      ...list('audiooutput', this.speakers),
    ]);
  }

  /** The person answers the oldest request that waits. */
  allow(track = new FakeTrack()): FakeTrack {
    this.#waiting.shift()?.(track);
    return track;
  }

  #answer(): Promise<FakeTrack> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** As browsers choose: what is asked for or nothing. */
  #choose({ deviceId }: MediaTrackConstraints, plugged: string[]): FakeTrack {
    const [first] = plugged;
    if (first === undefined) throw new DOMException('None.', 'NotFoundError');
    if (deviceId === undefined) return new FakeTrack(first);
    const { exact } = deviceId as { exact: string };
    if (!plugged.includes(exact)) throw new DOMException('Gone.', 'OverconstrainedError');
    return new FakeTrack(exact);
  }
}

/** What happens to a page, told by the test. */
export class FakePage {
  readonly #listeners: { wanted: PageSignal; listener: () => void; until: AbortSignal }[] = [];

  readonly onPage: MediaPorts['onPage'] = (wanted, listener, until) => {
    this.#listeners.push({ wanted, listener, until });
  };

  /** How many still listen. */
  get listening(): number {
    return this.#listeners.filter(({ until }) => !until.aborted).length;
  }

  tell(signal: PageSignal): void {
    for (const { wanted, listener, until } of this.#listeners) {
      if (wanted === signal && !until.aborted) listener();
    }
  }
}

/** A store that holds what it is given. */
export function fakeStorage(held: Record<string, string> = {}): Storage {
  return {
    getItem: (key: string) => held[key] ?? null,
    setItem: (key: string, value: string) => {
      held[key] = value;
    },
    removeItem: (key: string) => {
      Reflect.deleteProperty(held, key);
    },
    get length() {
      return Object.keys(held).length;
    },
  } as Storage;
}

/** This browser's own media, with `replaced` in their place. */
export function browserPorts(replaced: Partial<MediaPorts> = {}): MediaPorts {
  return {
    mediaDevices: navigator.mediaDevices,
    createAudioContext: () => new AudioContext(),
    createAudio: () => new Audio(),
    createRecorder: (stream) => new MediaRecorder(stream),
    onPage: new FakePage().onPage,
    audioSession: null,
    localStorage: null,
    userAgent: navigator.userAgent,
    ...replaced,
  };
}

/** A microphone that hums at will: the browser's fake one only beeps now and then. */
export function hum(context: AudioContext): { stream: MediaStream; gain: GainNode } {
  const oscillator = new OscillatorNode(context, { frequency: 220 });
  const gain = new GainNode(context, { gain: 0 });
  const destination = context.createMediaStreamDestination();
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  return { stream: destination.stream, gain };
}

/** Resolves at the first frame in which `fits`. */
export function until(fits: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (fits()) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
}
