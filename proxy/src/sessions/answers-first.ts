/** A supervisor begins no later than this after its call's answer, milliseconds: media take longer to connect. Our choice. */
const LATEST_MS = 250;
/** So many begin in a turn of the event loop that gave no answer. */
const AT_A_TIME = 4;

/**
 * Where many calls are answered at a time, lets their supervisors begin in the pauses between the answers: candidates
 * wait for those, and nobody waits for a supervisor yet.
 */
export class AnswersFirst {
  readonly #waiting: { latest: number; begin: () => void }[] = [];
  /** Something was answered since the last look. */
  #answered = false;

  /** Resolves when the supervisor of a call that has its answer may begin: two turns later where nothing else goes on. */
  async turn(): Promise<void> {
    this.#answered = true;
    await new Promise<void>((begin) => {
      this.#waiting.push({ latest: performance.now() + LATEST_MS, begin });
      if (this.#waiting.length === 1) setImmediate(() => this.#look());
    });
  }

  #look(): void {
    const now = performance.now();
    const due = this.#waiting.filter(({ latest }) => latest <= now).length;
    const count = this.#answered ? due : Math.max(due, AT_A_TIME);
    this.#answered = false;
    for (const { begin } of this.#waiting.splice(0, count)) begin();
    if (this.#waiting.length > 0) setImmediate(() => this.#look());
  }
}
