/* eslint-disable @typescript-eslint/unbound-method -- what is taken from a prototype is called with its object */

/** What a page can leave behind; the numbers are of what is open or waiting now. */
export interface Leftovers {
  microphones: number;
  /** `getUserMedia` calls that were not answered yet. */
  asked: number;
  peers: number;
  sockets: number;
  audioContexts: number;
  databases: number;
  wakeLocks: number;
  /** Timeouts and intervals by what set them. */
  timers: string[];
  /** Listeners of what outlives every session, such as `window online`. */
  listeners: string[];
}

/** Steps of a start that a test can wait for. */
export type Step = 'microphone' | 'socket' | 'peer' | 'answer';

const tracks = new Set<MediaStreamTrack>();
const peers = new Set<RTCPeerConnection>();
const sockets = new Set<WebSocket>();
const audioContexts = new Set<AudioContext>();
const databases = new Set<IDBDatabase>();
const wakeLocks = new Set<WakeLockSentinel>();
const timers = new Map<number, string>();
const listeners = new Set<Listener>();
let asked = 0;
let onStep: ((step: Step) => void) | null = null;

interface Listener {
  target: EventTarget;
  type: string;
  listener: object;
  capture: boolean;
}

/** Reads what is left. Only what is still open is held on to, so that watching keeps nothing alive. */
export function leftovers(): Leftovers {
  for (const track of tracks) if (track.readyState === 'ended') tracks.delete(track);
  for (const lock of wakeLocks) if (lock.released) wakeLocks.delete(lock);
  return {
    microphones: tracks.size,
    asked,
    peers: peers.size,
    sockets: sockets.size,
    audioContexts: audioContexts.size,
    databases: databases.size,
    wakeLocks: wakeLocks.size,
    timers: [...timers.values()],
    listeners: [...listeners].map(({ target, type }) => `${target.constructor.name} ${type}`),
  };
}

/** Resolves when the page takes this step for the next time. */
export function nextStep(wanted: Step): Promise<void> {
  return new Promise((resolve) => {
    onStep = (step) => {
      if (step === wanted) resolve();
    };
  });
}

/** Watches everything that is opened from now on. */
export function watchLeftovers(): void {
  watchMedia();
  watchConnections();
  watchDatabases();
  watchTimers();
  watchListeners();
}

function watchMedia(): void {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    asked += 1;
    try {
      const stream = await open(constraints);
      for (const track of stream.getTracks()) tracks.add(track);
      onStep?.('microphone');
      return stream;
    } finally {
      asked -= 1;
    }
  };
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      audioContexts.add(this);
    }
    override async close(): Promise<void> {
      await super.close();
      audioContexts.delete(this);
    }
  };
  const lock = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (type) => {
    const sentinel = await lock(type);
    wakeLocks.add(sentinel);
    return sentinel;
  };
}

function watchConnections(): void {
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.add(this);
      onStep?.('peer');
    }
    override async setRemoteDescription(
      description: RTCSessionDescriptionInit = { type: 'rollback' },
    ): Promise<void> {
      await super.setRemoteDescription(description);
      onStep?.('answer');
    }
    override close(): void {
      super.close();
      peers.delete(this);
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.add(this);
      this.onclose = () => sockets.delete(this);
      onStep?.('socket');
    }
  };
}

function watchDatabases(): void {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...request) {
    const opening = open.apply(this, request);
    opening.addEventListener('success', () => databases.add(opening.result), { once: true });
    return opening;
  };
  const close = IDBDatabase.prototype.close;
  IDBDatabase.prototype.close = function () {
    close.call(this);
    databases.delete(this);
  };
}

function watchTimers(): void {
  const { setTimeout: later, setInterval: often, clearTimeout: clear } = window;
  const whose = (work: TimerHandler): string => String(work).slice(0, 80);
  const set = ((work: () => void, ms?: number, ...given: []) => {
    const id: number = later(() => {
      timers.delete(id);
      work(...given);
    }, ms);
    timers.set(id, `once ${whose(work)}`);
    return id;
  }) as typeof window.setTimeout;
  const repeat = ((work: () => void, ms?: number, ...given: []) => {
    const id: number = often(work, ms, ...given);
    timers.set(id, `often ${whose(work)}`);
    return id;
  }) as typeof window.setInterval;
  const stop = (id?: number): void => {
    clear(id);
    timers.delete(id ?? 0);
  };
  Object.assign(window, {
    setTimeout: set,
    setInterval: repeat,
    clearTimeout: stop,
    clearInterval: stop,
  });
}

/** Counts listeners as the platform does: those of an aborted signal and those that were heard once are gone. */
function watchListeners(): void {
  const { connection } = navigator as Navigator & { connection?: EventTarget };
  const lasting = [window, document, navigator.mediaDevices, connection];
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const forget = (target: EventTarget, type: string, listener: object, capture: boolean): void => {
    for (const known of listeners) {
      if (known.target !== target || known.type !== type || known.listener !== listener) continue;
      if (known.capture === capture) listeners.delete(known);
    }
  };
  EventTarget.prototype.addEventListener = function (this: unknown, type, listener, options) {
    // Called bare, it is the window's.
    const target = (this ?? window) as EventTarget;
    add.call(target, type, listener, options);
    if (!listener || !lasting.includes(target)) return;
    const {
      signal,
      once,
      capture = false,
    } = typeof options === 'object' ? options : { capture: options };
    if (signal?.aborted) return;
    forget(target, type, listener, capture);
    listeners.add({ target, type, listener, capture });
    const gone = (): void => forget(target, type, listener, capture);
    if (signal) add.call(signal, 'abort', gone, { once: true });
    if (once) add.call(target, type, gone, { once: true, capture });
  };
  EventTarget.prototype.removeEventListener = function (this: unknown, type, listener, options) {
    const target = (this ?? window) as EventTarget;
    remove.call(target, type, listener, options);
    const capture = typeof options === 'object' ? (options.capture ?? false) : (options ?? false);
    if (listener) forget(target, type, listener, capture);
  };
}
