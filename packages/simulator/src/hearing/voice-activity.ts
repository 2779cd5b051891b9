/** What a frame of audio changed. `atMs` counts audio received since the call began. */
export type VoiceEvent = { kind: 'started'; atMs: number } | { kind: 'stopped'; atMs: number };

/** Quieter than this is silence even in a silent room (full scale is 1). */
const MIN_THRESHOLD = 0.008;
/** Speech is at least so many times louder than the noise around it. */
const NOISE_FACTOR = 3;
/** Noise louder than this is taken for speech: a steady tone must not become silence. */
const MAX_NOISE = 0.02;
/** The noise is the quietest of this many recent parts … */
const NOISE_PARTS = 6;
/** … each this long, milliseconds. */
const NOISE_PART_MS = 500;
/** A start wants this much voice … */
const ONSET_MS = 160;
/** … within this time: a click or a beep is no speech. */
const ONSET_WINDOW_MS = 240;

/**
 * Tells speech from silence by loudness over an adapting noise floor. A turn ends after `hangoverMs()` of silence.
 * Pure: its clock is the audio itself.
 */
export class VoiceActivity {
  readonly #hangoverMs: () => number;
  #clockMs = 0;
  #speaking = false;
  #silentMs = 0;
  #recent: { ms: number; voiced: boolean }[] = [];
  #parts: number[] = [];
  #partMs = 0;
  #bufferedMs = 0;
  #speechMs = 0;

  constructor(hangoverMs: () => number) {
    this.#hangoverMs = hangoverMs;
  }

  /** Audio received, milliseconds. */
  get clockMs(): number {
    return this.#clockMs;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** Takes `ms` of audio whose root mean square is `level`, 0 to 1. */
  push(level: number, ms: number): VoiceEvent | null {
    this.#clockMs += ms;
    this.#bufferedMs += ms;
    this.#learnNoise(level, ms);
    const voiced = level > this.#threshold();
    return this.#speaking ? this.#continue(voiced, ms) : this.#begin(voiced, ms);
  }

  /** What came since the last `take`; forgets it, and a turn that was open is over. */
  take(): { bufferedMs: number; speechMs: number } {
    const taken = { bufferedMs: this.#bufferedMs, speechMs: Math.round(this.#speechMs) };
    this.#bufferedMs = 0;
    this.#speechMs = 0;
    this.#speaking = false;
    this.#silentMs = 0;
    this.#recent = [];
    return taken;
  }

  #begin(voiced: boolean, ms: number): VoiceEvent | null {
    this.#recent.push({ ms, voiced });
    while (sum(this.#recent.slice(1)) >= ONSET_WINDOW_MS) this.#recent.shift();
    const voice = sum(this.#recent.filter((frame) => frame.voiced));
    if (voice < ONSET_MS) return null;
    const first = this.#recent.findIndex((frame) => frame.voiced);
    const sinceFirst = sum(this.#recent.slice(first));
    this.#recent = [];
    this.#speaking = true;
    this.#silentMs = 0;
    this.#speechMs += sinceFirst;
    return { kind: 'started', atMs: this.#clockMs - sinceFirst };
  }

  #continue(voiced: boolean, ms: number): VoiceEvent | null {
    if (voiced) {
      // A pause within a turn is part of it; the silence at its end is not.
      this.#speechMs += this.#silentMs + ms;
      this.#silentMs = 0;
      return null;
    }
    this.#silentMs += ms;
    if (this.#silentMs < this.#hangoverMs()) return null;
    this.#speaking = false;
    this.#silentMs = 0;
    return { kind: 'stopped', atMs: this.#clockMs };
  }

  #threshold(): number {
    const noise = Math.min(MAX_NOISE, ...this.#parts);
    return Math.max(MIN_THRESHOLD, this.#parts.length < 2 ? 0 : noise * NOISE_FACTOR);
  }

  #learnNoise(level: number, ms: number): void {
    if (this.#parts.length === 0 || this.#partMs >= NOISE_PART_MS) {
      this.#parts = [...this.#parts.slice(1 - NOISE_PARTS), level];
      this.#partMs = 0;
    }
    this.#partMs += ms;
    const newest = this.#parts.length - 1;
    this.#parts[newest] = Math.min(this.#parts[newest] ?? level, level);
  }
}

function sum(frames: readonly { ms: number }[]): number {
  return frames.reduce((total, frame) => total + frame.ms, 0);
}
