/** A supervisor begins no later than this after its call's answer, milliseconds: media take about as long to connect. Our choice. */
const LATEST_MS = 500;
/** Without an answer for so long, milliseconds, the burst is over: a busy process answers several calls in that time. */
const QUIET_MS = 25;
/** So many begin in a turn of the event loop that gave no answer, and fewer than so many make no burst. */
const AT_A_TIME = 4;
const LOOK_EVERY_MS = 5;

/**
 * Where many calls are answered at a time, lets their supervisors begin after the burst: candidates wait for answers,
 * and nobody waits for a supervisor yet. A call that comes alone has its supervisor at once.
 */
export class AnswersFirst {
  readonly #waiting: { latest: number; begin: () => void }[] = [];
  /** Something was answered since the last look. */
  #answered = false;
  #answeredAt = 0;

  /** Resolves when the supervisor of a call that has its answer may begin: two turns later where nothing else goes on. */
  async turn(): Promise<void> {
    this.#answered = true;
    this.#answeredAt = performance.now();
    await new Promise<void>((begin) => {
      this.#waiting.push({ latest: this.#answeredAt + LATEST_MS, begin });
      if (this.#waiting.length === 1) setImmediate(() => this.#look());
    });
  }

  #look(): void {
    const now = performance.now();
    const due = this.#waiting.filter(({ latest }) => latest <= now).length;
    const burst = this.#waiting.length >= AT_A_TIME && now < this.#answeredAt + QUIET_MS;
    const count = this.#answered || burst ? due : Math.max(due, AT_A_TIME);
    this.#answered = false;
    for (const { begin } of this.#waiting.splice(0, count)) begin();
    if (this.#waiting.length === 0) return;
    if (burst) setTimeout(() => this.#look(), LOOK_EVERY_MS);
    else setImmediate(() => this.#look());
  }
}
