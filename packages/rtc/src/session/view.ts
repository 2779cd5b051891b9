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

/** What a page can read of the interview at any time. Each change is told. */
export class View {
  readonly #tell: Tell;
  #turn: Turn = 'listening';
  #lines: readonly TranscriptLine[] = [];
  #progress: Progress | null = null;
  #time: TimeLeft | null = null;
  #delivery: DeliveryStatus = { pending: 0, acknowledged: 0, kept: 'indexeddb' };
  #error: InterviewError | null = null;

  constructor(tell: Tell) {
    this.#tell = tell;
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
    return this.#lines;
  }

  set lines(lines: readonly TranscriptLine[]) {
    this.#lines = lines;
    this.#tell('transcript', { lines });
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
    this.#delivery = delivery;
    this.#tell('delivery', delivery);
  }

  get error(): InterviewError | null {
    return this.#error;
  }

  set error(error: InterviewError | null) {
    this.#error = error;
    if (error) this.#tell('error', { error });
  }
}
