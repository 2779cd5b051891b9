/** Does something at an even pace while it is wanted. */
export class Pulse {
  readonly #beat: () => void;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(beat: () => void, everyMs: number) {
    this.#beat = beat;
    this.#everyMs = everyMs;
  }

  /** Begins or stops; what goes on already keeps its pace. */
  run(on: boolean): void {
    if (on) {
      this.#timer ??= setInterval(this.#beat, this.#everyMs);
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
