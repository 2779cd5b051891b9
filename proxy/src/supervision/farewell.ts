import type { RealtimeServerEvent } from '@interview/protocol';

/** Without any progress of the last words for so long, nobody waits for them any more. */
const CAP_MS = 15_000;

/** Last words in writing are there at once; so long they are left to be read, milliseconds. Our choice. */
const READ_MS = 3_000;

/** Waits until the last words were played or read, so that nobody is cut off in the farewell. */
export class Farewell {
  readonly #over: () => void;
  #timer: NodeJS.Timeout | undefined;
  #expected = false;

  constructor(over: () => void) {
    this.#over = over;
  }

  /** The last words were asked for. */
  expect(): void {
    this.#expected = true;
    this.#arm();
  }

  /** `isFarewell` tells whether a response is the one with the last words. */
  handle(event: RealtimeServerEvent, isFarewell: (responseId: string) => boolean): void {
    if (!this.#expected) return;
    if (event.type === 'response.created' || event.type === 'response.done') {
      const written = event.response.output.some((item) =>
        item.content.some((part) => part.kind === 'text'),
      );
      if (isFarewell(event.response.id)) this.#arm(written ? READ_MS : CAP_MS);
    } else if (event.type === 'output_audio_buffer.started') {
      if (isFarewell(event.responseId)) this.#arm();
    } else if (
      event.type === 'output_audio_buffer.stopped' ||
      event.type === 'output_audio_buffer.cleared'
    ) {
      if (isFarewell(event.responseId)) this.#end();
    }
  }

  stop(): void {
    this.#expected = false;
    clearTimeout(this.#timer);
  }

  #arm(ms = CAP_MS): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), ms).unref();
  }

  #end(): void {
    this.stop();
    this.#over();
  }
}
