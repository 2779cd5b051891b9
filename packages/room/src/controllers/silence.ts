import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Levels, Turn } from '@interview/rtc';
import { loudness } from '../visualizer/shape.ts';
import { Pulse } from './pulse.ts';

/** A silence is answered by calm words after so long, milliseconds, from the end of what was heard; our specification. */
export const PATIENCE_MS = 8_000;
/** How often it listens, milliseconds. */
const STEP_MS = 250;
/** Louder than this is a voice and no hum of the room, 0 to 1. */
const VOICE = 0.2;

/**
 * Since when it is silent, milliseconds; null while nobody waits for the candidate. A word that was not taken for speech
 * begins the silence anew. Pure.
 */
export function silentSince(
  since: number | null,
  waits: boolean,
  loud: boolean,
  now: number,
): number | null {
  if (!waits) return null;
  return loud ? now : (since ?? now);
}

/** Knows when the candidate has been thinking for a while. Redraws its host only when that begins or ends. */
export class Silence implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #pulse: Pulse;
  #levels: () => Levels = () => ({ candidate: 0, interviewer: 0 });
  #turn: Turn = 'listening';
  #off = true;
  #asked = false;
  #since: number | null = null;
  #long = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    this.#pulse = new Pulse(() => this.#listen(), STEP_MS);
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#pulse.run(false);
  }

  /** The silence is long enough for a calm word. */
  get long(): boolean {
    return this.#long;
  }

  /** Call before each rendering with what is true now. */
  follow(turn: Turn, off: boolean, levels: () => Levels): void {
    this.#turn = turn;
    this.#off = off;
    this.#levels = levels;
    // Before the first word nobody waits for the candidate.
    this.#asked ||= turn === 'interviewer';
    this.#measure();
    this.#pulse.run(this.#since !== null);
  }

  #measure(): void {
    const now = performance.now();
    const waits = this.#asked && !this.#off && this.#turn === 'listening';
    const loud = loudness(this.#levels().candidate) > VOICE;
    this.#since = silentSince(this.#since, waits, loud, now);
    this.#long = this.#since !== null && now - this.#since >= PATIENCE_MS;
  }

  #listen(): void {
    const before = this.#long;
    this.#measure();
    if (this.#long !== before) this.#host.requestUpdate();
  }
}
