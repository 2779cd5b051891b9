import type { ClientMessage, ServerMessage } from '@interview/protocol';
import { askProxy, postMessage, readRefusal, type HttpSide } from './ask-proxy.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { asMessage, readMessage } from './read-message.ts';

/** Between two looks where streams do not come through, milliseconds. */
const POLL_MS = 5_000;
/** How long a look may take, milliseconds. */
const LOOK_MS = 10_000;
/** The proxy sends something every 15 s; a stream that was quiet for longer than this is dead, milliseconds. */
const QUIET_MS = 40_000;

/** A connection without a socket: each message is a request of its own, what the proxy says comes by stream or looks. */
export class HttpConnection implements Connection {
  readonly #side: HttpSide;
  readonly #options: ConnectionOptions;
  readonly #end = new AbortController();
  #heardAt: number;

  /** @param looks asks every 5 s instead of listening to a stream, for networks that hold streams back */
  constructor(http: string, looks: boolean, options: ConnectionOptions) {
    const { token, ports } = options;
    this.#side = { http, token, fetch: ports.fetch };
    this.#options = options;
    this.#heardAt = looks ? Infinity : ports.now();
    void (looks ? this.#look() : this.#listen())
      .catch(() => undefined)
      .then(() => this.#finish(1006));
  }

  send(message: ClientMessage): void {
    if (message.type === 'ping' && this.#options.ports.now() - this.#heardAt > QUIET_MS) {
      this.#finish(4408);
      return;
    }
    void postMessage(this.#side, message, { signal: this.#end.signal }).then(
      (reply) => reply && this.#take(reply),
      () => this.#finish(1006),
    );
  }

  useToken(token: string): void {
    this.#side.token = token;
  }

  close(): void {
    this.#end.abort();
  }

  /** Resolves when the stream ends. */
  async #listen(): Promise<void> {
    const { signal } = this.#end;
    const response = await askProxy(this.#side, '/v1/events', { signal });
    if (!response.ok || !response.body) return this.#refused(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#heardAt = this.#options.ports.now();
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        if (event.startsWith('data:')) this.#take(readMessage(event.slice(5)));
      }
    }
  }

  /** Resolves when the proxy refuses. */
  async #look(): Promise<void> {
    const { signal } = this.#end;
    let former: string[] = [];
    for (;;) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
      const response = await askProxy(this.#side, '/v1/session', { signal: limited });
      if (!response.ok) return this.#refused(response);
      const { messages } = (await response.json()) as { messages: unknown[] };
      const texts = messages.map((message) => JSON.stringify(message));
      texts.forEach((text, index) => {
        if (!former.includes(text)) this.#take(asMessage(messages[index]));
      });
      former = texts;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      signal.throwIfAborted();
    }
  }

  /** What was refused is told like anything else. */
  async #refused(response: Response): Promise<void> {
    const refusal = await readRefusal(response);
    if (refusal) this.#take(refusal);
  }

  #take(message: ServerMessage | null): void {
    if (!this.#end.signal.aborted) this.#options.handlers.onMessage(message);
  }

  #finish(code: number): void {
    if (this.#end.signal.aborted) return;
    this.close();
    this.#options.handlers.onClosed(code);
  }
}
