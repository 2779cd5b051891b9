import { Decoder } from '@evan/opus';
import type { Ear } from '../conversation/ports.ts';
import { VoiceActivity, type VoiceEvent } from './voice-activity.ts';

const RATE = 16_000;
/** Media whose packets stop is taken as silence after this time, as a jitter buffer would, milliseconds. */
const STARVED_AFTER_MS = 400;
const WATCH_MS = 200;
/** A gap in the stream counts as silence up to this much; a longer one is a new clock, milliseconds. */
const MAX_GAP_MS = 2_000;

/** Hears the candidate: Opus packets in, beginnings and ends of speech out. */
export class Hearing implements Ear {
  readonly #decoder = new Decoder({ channels: 1, sample_rate: RATE });
  readonly #activity: VoiceActivity;
  readonly #on: (event: VoiceEvent) => void;
  #lastTimestamp: number | null = null;
  #lastSequence: number | null = null;
  #lastMs = 0;
  #heardAt = performance.now();
  #closed = false;
  #watch: NodeJS.Timeout | null = null;

  constructor(hangoverMs: () => number, on: (event: VoiceEvent) => void) {
    this.#activity = new VoiceActivity(hangoverMs);
    this.#on = on;
  }

  get clockMs(): number {
    return this.#activity.clockMs;
  }

  take(): { bufferedMs: number; speechMs: number } {
    return this.#activity.take();
  }

  /** Takes one packet of the media track. Late, doubled and undecodable ones are left out. */
  packet(sequence: number, timestamp: number, payload: Uint8Array): void {
    if (payload.length === 0 || this.#closed) return;
    this.#watch ??= setInterval(() => this.#fillStarvation(), WATCH_MS);
    if (this.#lastSequence !== null && ((sequence - this.#lastSequence) & 0xffff) - 1 >= 0x7fff)
      return;
    this.#lastSequence = sequence;
    const samples = this.#decode(payload);
    if (!samples) return;
    this.#heardAt = performance.now();
    this.#fillGap(timestamp);
    const ms = (samples.length / RATE) * 1000;
    this.#lastTimestamp = timestamp;
    this.#lastMs = ms;
    this.#push(loudness(samples), ms);
  }

  close(): void {
    this.#closed = true;
    if (this.#watch) clearInterval(this.#watch);
  }

  #decode(payload: Uint8Array): Int16Array | null {
    try {
      const bytes = this.#decoder.decode(payload);
      return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    } catch {
      return null;
    }
  }

  /** Discontinuous transmission and loss leave holes in the clock. */
  #fillGap(timestamp: number): void {
    if (this.#lastTimestamp === null) return;
    const passed = ((timestamp - this.#lastTimestamp) >>> 0) / 48;
    const missing = passed - this.#lastMs;
    if (missing > 0 && missing <= MAX_GAP_MS) this.#push(0, missing);
  }

  #fillStarvation(): void {
    if (!this.#activity.speaking) return;
    if (performance.now() - this.#heardAt < STARVED_AFTER_MS) return;
    this.#lastTimestamp = null;
    this.#push(0, WATCH_MS);
  }

  #push(level: number, ms: number): void {
    const event = this.#activity.push(level, ms);
    if (event) this.#on(event);
  }
}

/** Root mean square, full scale is 1. */
export function loudness(samples: Int16Array): number {
  let squares = 0;
  for (const sample of samples) squares += (sample / 32_768) ** 2;
  return Math.sqrt(squares / Math.max(1, samples.length));
}
