import type { InterviewError } from '../errors.ts';
import type {
  DeliveryStatus,
  InterviewEventName,
  InterviewEvents,
  Progress,
  TimeLeft,
  TranscriptLine,
  Turn,
} from '../events.ts';

/** Tells an event to whoever listens. */
export type Tell = <Name extends InterviewEventName>(
  event: Name,
  payload: InterviewEvents[Name],
) => void;

/** Between two tellings of the transcript, milliseconds: an eye reads no faster, and a page has other work. */
const LINES_MS = 40;

/** What a page can read of the interview at any time. Each change is told. */
export class View {
  readonly #tell: Tell;
  #turn: Turn = 'listening';
  readonly #read: () => readonly TranscriptLine[];
  #linesHeld = false;
  #linesWait = false;
  #progress: Progress | null = null;
  #time: TimeLeft | null = null;
  #delivery: DeliveryStatus = { pending: 0, acknowledged: 0, kept: 'indexeddb' };
  #error: InterviewError | null = null;

  /** @param read the transcript as it is now */
  constructor(tell: Tell, read: () => readonly TranscriptLine[]) {
    this.#tell = tell;
    this.#read = read;
  }

  get turn(): Turn {
    return this.#turn;
  }

  set turn(turn: Turn) {
    if (turn === this.#turn) return;
    this.#turn = turn;
    this.#tell('turn', { turn });
  }

  get lines(): readonly TranscriptLine[] {
    return this.#read();
  }

  /** The transcript changed. The first change is told at once, those that follow on its heels together. */
  linesChanged(): void {
    this.#linesWait = this.#linesHeld;
    if (this.#linesHeld) return;
    this.#linesHeld = true;
    setTimeout(() => {
      this.#linesHeld = false;
      if (this.#linesWait) this.linesChanged();
    }, LINES_MS);
    this.#tell('transcript', { lines: this.#read() });
  }

  get progress(): Progress | null {
    return this.#progress;
  }

  set progress(progress: Progress | null) {
    this.#progress = progress;
    if (progress) this.#tell('progress', progress);
  }

  get time(): TimeLeft | null {
    return this.#time;
  }

  set time(time: TimeLeft | null) {
    this.#time = time;
    if (time) this.#tell('time', time);
  }

  get delivery(): DeliveryStatus {
    return this.#delivery;
  }

  set delivery(delivery: DeliveryStatus) {
    this.#tell('delivery', (this.#delivery = delivery));
  }

  get error(): InterviewError | null {
    return this.#error;
  }

  set error(error: InterviewError | null) {
    this.#error = error;
    if (error) this.#tell('error', { error });
  }
}
