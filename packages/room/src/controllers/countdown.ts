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

/** Redraws its host once a second while a clock runs. */
export class Countdown implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.run(false);
  }

  run(on: boolean): void {
    if (on === (this.#timer !== null)) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = on ? setInterval(() => this.#host.requestUpdate(), 1000) : null;
  }
}
