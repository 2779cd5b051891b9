import type { Playback, Voice } from '../conversation/ports.ts';
import { FRAME_MS, SILENCE_FRAME } from './opus-frames.ts';
import type { Speech } from './speech.ts';

/** How often the clock is looked at, milliseconds: timers jitter, frames must not. */
const TICK_MS = 10;
/** After a stall longer than this the missed frames are given up instead of sent in a burst, milliseconds. */
const MAX_LAG_MS = 200;

interface Entry {
  frames: Uint8Array[] | null;
  /** Frames that may be played; fewer than there are when generation stopped early. */
  limit: number;
  share: number;
  played: number;
  on: { started(): void; ended(): void };
}

/** Plays one text after the other, in frames of 20 ms by the machine's clock, and silence between them. */
export class Player implements Voice {
  readonly #speech: Speech;
  readonly #send: (frame: Uint8Array, first: boolean) => void;
  readonly #now: () => number;
  #queue: Entry[] = [];
  #timer: NodeJS.Timeout | null = null;
  #beganAt = 0;
  #sent = 0;

  constructor(
    speech: Speech,
    send: (frame: Uint8Array, first: boolean) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#speech = speech;
    this.#send = send;
    this.#now = now;
  }

  /** Begins to send; there is something to hear, or silence, from now on. */
  start(): void {
    if (this.#timer) return;
    this.#beganAt = this.#now();
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Ends for good. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#queue = [];
  }

  say(text: string, on: { started(): void; ended(): void }): Playback {
    const entry: Entry = { frames: null, limit: 0, share: 1, played: 0, on };
    this.#queue.push(entry);
    void this.#speech.frames(text).then((frames) => {
      entry.frames = frames;
      entry.limit = limitOf(frames, entry.share);
    });
    return {
      get heardMs() {
        return entry.played * FRAME_MS;
      },
      get durationMs() {
        return entry.frames && entry.frames.length * FRAME_MS;
      },
      limit: (share) => {
        entry.share = Math.min(1, share);
        if (entry.frames) entry.limit = limitOf(entry.frames, entry.share);
      },
      stop: () => {
        this.#queue = this.#queue.filter((one) => one !== entry);
        return entry.played * FRAME_MS;
      },
    };
  }

  /** Sends what is due. */
  tick(): void {
    const elapsed = this.#now() - this.#beganAt;
    if (elapsed - this.#sent * FRAME_MS > MAX_LAG_MS)
      this.#sent = Math.floor(elapsed / FRAME_MS) - 1;
    while (this.#sent * FRAME_MS <= elapsed) {
      this.#sent += 1;
      this.#sendNext();
    }
  }

  #sendNext(): void {
    const entry = this.#queue[0];
    if (!entry?.frames || entry.played >= entry.limit) {
      this.#send(SILENCE_FRAME, false);
      if (entry?.frames) this.#finish(entry);
      return;
    }
    const first = entry.played === 0;
    this.#send(entry.frames[entry.played] ?? SILENCE_FRAME, first);
    entry.played += 1;
    if (first) entry.on.started();
  }

  #finish(entry: Entry): void {
    this.#queue.shift();
    if (entry.played === 0) entry.on.started();
    entry.on.ended();
  }
}

function limitOf(frames: readonly Uint8Array[], share: number): number {
  return Math.ceil(frames.length * share);
}
