import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TimeLeft } from '@interview/rtc';

/** What the server told, and when, on the page's own clock. */
export interface TimeTold extends TimeLeft {
  readonly at: number;
}

/** Seconds left at `now`, counted on from what the server told; still while the interview waits. */
export function secondsLeft(told: TimeTold, now: number, waiting: boolean): number {
  const passed = told.paused || waiting ? 0 : Math.max(0, now - told.at) / 1000;
  return Math.max(0, Math.round(told.remainingS - passed));
}

/** Knows how much time is left, and redraws its host once a second while a clock runs. */
export class Countdown implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #told: TimeTold | null = null;
  #waiting = true;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#run(false);
  }

  /** Call before each rendering with what the server told last, and whether the interview waits. */
  follow(told: TimeTold | null, waiting: boolean): void {
    this.#told = told;
    this.#waiting = waiting;
    this.#run(told !== null && !waiting);
  }

  /** The interview waits, so the clock stands. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Null while nobody counts. */
  get secondsLeft(): number | null {
    return this.#told === null ? null : secondsLeft(this.#told, performance.now(), this.#waiting);
  }

  #run(on: boolean): void {
    if (on === (this.#timer !== null)) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = on ? setInterval(() => this.#host.requestUpdate(), 1000) : null;
  }
}
