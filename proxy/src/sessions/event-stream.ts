import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ServerMessage } from '@interview/protocol';
import { errorMessage, type ProxyError } from '../proxy-error.ts';

/** Keeps proxies between us and the page from closing what they take for idle. */
const HEARTBEAT_MS = 15_000;
/** A page that reads nothing is cut off before what it is told fills the memory, bytes. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
/** How long a page may take for the last words when this process stops, milliseconds. */
const LAST_WORDS_MS = 1_000;

/** Server-sent events to one page: each message as `data:`, comments as heartbeats. */
export class EventStream {
  readonly #stream = new PassThrough();
  readonly #outgoing: () => number;
  readonly #heartbeat: NodeJS.Timeout;
  #deadline: NodeJS.Timeout | undefined;

  /** @param outgoing bytes that wait to be sent behind this stream */
  constructor(outgoing: () => number, onClosed: () => void) {
    this.#outgoing = outgoing;
    this.#heartbeat = setInterval(() => this.#write(':\n\n'), HEARTBEAT_MS).unref();
    this.#stream.on('error', () => undefined);
    this.#stream.once('close', () => {
      clearInterval(this.#heartbeat);
      clearTimeout(this.#deadline);
      onClosed();
    });
  }

  /** What is to be sent. */
  get body(): Readable {
    return this.#stream;
  }

  send(message: ServerMessage): void {
    this.#write(`data: ${JSON.stringify(message)}\n\n`);
  }

  /** Says why and ends at `time` (Unix time, milliseconds), instead of a time given before. */
  endAt(time: number, why: ProxyError): void {
    clearTimeout(this.#deadline);
    const end = (): void => {
      this.send(errorMessage(why));
      this.end();
    };
    this.#deadline = setTimeout(end, Math.max(time - Date.now(), 0)).unref();
  }

  end(): void {
    this.#stream.end();
  }

  /** The page is gone. */
  abandon(): void {
    this.#stream.destroy();
  }

  /** Ends it and waits until the page has what was said, for a moment. */
  async drain(retryAfterMs: number): Promise<void> {
    this.send({ type: 'drain', retry_after_ms: retryAfterMs });
    this.end();
    const limit = AbortSignal.timeout(LAST_WORDS_MS);
    await finished(this.#stream, { signal: limit }).catch(() => undefined);
  }

  #write(text: string): void {
    if (this.#stream.writableEnded || this.#stream.destroyed) return;
    const { writableLength, readableLength } = this.#stream;
    if (writableLength + readableLength + this.#outgoing() > MAX_BUFFERED_BYTES) {
      this.#stream.destroy();
    } else this.#stream.write(text);
  }
}
