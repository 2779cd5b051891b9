import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TimeLeft } from '@interview/rtc';
import { Pulse } from './pulse.ts';

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
  readonly #pulse: Pulse;
  #told: TimeTold | null = null;
  #waiting = true;

  constructor(host: ReactiveControllerHost) {
    this.#pulse = new Pulse(() => host.requestUpdate(), 1000);
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#pulse.run(false);
  }

  /** Call before each rendering with what the server told last, and whether the interview waits. */
  follow(told: TimeTold | null, waiting: boolean): void {
    this.#told = told;
    this.#waiting = waiting;
    this.#pulse.run(told !== null && !waiting);
  }

  /** The interview waits, so the clock stands. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Null while nobody counts. */
  get secondsLeft(): number | null {
    return this.#told && secondsLeft(this.#told, performance.now(), this.#waiting);
  }
}
