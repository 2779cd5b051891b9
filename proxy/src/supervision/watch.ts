const TICK_MS = 1_000;
const TIME_EVERY_TICKS = 5;
/** No page and no speech for so long: the candidate is gone. */
const ABSENT_MS = 45_000;
/** A turn whose end is not told for so long has none: the media went in the middle of it. Our choice, generously. */
const TURN_MS = 300_000;
/** Whatever is said, a call ends this long after the time is up. */
const OVERTIME_MS = 180_000;

/** What the watch looks at and whom it wakes. Times are Unix times, milliseconds. */
export interface WatchOptions {
  /** A page of the candidate is there. */
  present: () => boolean;
  speaking: () => boolean;
  lastSpeech: () => number;
  /** null before the clock runs. */
  deadline: () => number | null;
  /** Every second. */
  tick: (now: number) => void;
  /** Every five seconds. */
  time: () => void;
  absent: () => void;
  overtime: () => void;
}

/** Looks after the time and the candidate's presence, once a second. */
export class Watch {
  readonly #options: WatchOptions;
  #lastPresence = Date.now();
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(Date.now()), TICK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(now: number): void {
    const { present, speaking, lastSpeech, deadline, tick, time, absent, overtime } = this.#options;
    tick(now);
    this.#ticks += 1;
    if (this.#ticks % TIME_EVERY_TICKS === 0) time();
    if (present()) this.#lastPresence = now;
    const quiet = now - Math.max(this.#lastPresence, lastSpeech());
    const speaks = speaking() && now - lastSpeech() < TURN_MS;
    if (quiet >= ABSENT_MS && !speaks) absent();
    else if (now >= (deadline() ?? Infinity) + OVERTIME_MS) overtime();
  }
}
