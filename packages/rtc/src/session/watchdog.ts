/** After so much quiet the other side is asked whether it lives, milliseconds: people think for longer than this. */
const QUIET_MS = 20_000;
/** How long its answer may take, milliseconds; together no call is dead for more than 30 s unnoticed. */
const ANSWER_MS = 10_000;

/** What a watchdog can do. */
export interface WatchdogOptions {
  /** Asks the provider for any event. False where nothing can be sent. */
  probe: () => boolean;
  /** No event came. Told once. */
  onSilent: () => void;
}

/**
 * Finds out that a provider has fallen silent although the connection looks whole. Silence alone is no sign, since a
 * candidate may think for minutes: so it asks before it gives up.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** An event came. */
  heard(): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.check(), QUIET_MS);
  }

  /** Asks now. @param withinMs milliseconds until silence counts as an answer */
  check(withinMs = ANSWER_MS): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    if (this.#options.probe()) this.#timer = setTimeout(() => this.#silent(), withinMs);
    else this.#silent();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #silent(): void {
    this.stop();
    this.#options.onSilent();
  }
}
