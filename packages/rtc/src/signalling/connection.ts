import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '@interview/protocol';
import type { ClientMessage, ServerMessage } from '@interview/protocol';
import type { Ports } from '../options.ts';
import type { Logger } from '../logger.ts';
import { readMessage } from './read-message.ts';
import type { ReadyMessage } from './signaller.ts';

/** From opening to `ready`, milliseconds. */
const READY_MS = 10_000;
/** A quiet connection is asked whether it lives this often, milliseconds. */
const PING_MS = 15_000;
/** Without a word for this long after a ping it is dead, milliseconds. */
const PONG_MS = 10_000;

/** What one connection tells; after `onClosed` nothing more. */
export interface ConnectionHandlers {
  onReady(ready: ReadyMessage): void;
  onMessage(message: ServerMessage): void;
  onClosed(code: number): void;
}

/** Where and as whom to connect. */
export interface ConnectionOptions {
  url: string;
  token: string;
  WebSocket: Ports['WebSocket'];
  handlers: ConnectionHandlers;
  logger: Logger;
}

/** One WebSocket from its opening to its end. A reconnect is a new one. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #handlers: ConnectionHandlers;
  readonly #logger: Logger;
  readonly #end = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  #ready = false;
  #pings = 0;

  /** @throws what the browser throws for an address that it refuses */
  constructor({ url, token, WebSocket, handlers, logger }: ConnectionOptions) {
    this.#handlers = handlers;
    this.#logger = logger;
    this.#socket = new WebSocket(url, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token]);
    const listen = { signal: this.#end.signal };
    this.#socket.addEventListener('message', ({ data }) => this.#take(data), listen);
    this.#socket.addEventListener('close', ({ code }) => this.#finish(code), listen);
    this.#timer = setTimeout(() => this.#finish(4408), READY_MS);
  }

  /** `ready` came and the end did not. */
  get isReady(): boolean {
    return this.#ready && !this.#end.signal.aborted;
  }

  send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Ends it without telling. */
  close(): void {
    clearTimeout(this.#timer);
    this.#end.abort();
    this.#socket.close(1000);
  }

  #take(data: unknown): void {
    const message = readMessage(data);
    if (!message) {
      this.#logger.warn('A message of the server was not understood.');
      return;
    }
    if (message.type === 'ready') {
      this.#ready = true;
      this.#handlers.onReady(message);
    } else if (message.type !== 'pong') this.#handlers.onMessage(message);
    if (this.#ready && !this.#end.signal.aborted) this.#expectLife();
  }

  /** Any word shows that it lives; after some quiet one is asked for. */
  #expectLife(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#pings += 1;
      this.send({ type: 'ping', id: `ping-${this.#pings}` });
      this.#timer = setTimeout(() => this.#finish(4408), PONG_MS);
    }, PING_MS);
  }

  #finish(code: number): void {
    this.close();
    this.#handlers.onClosed(code);
  }
}
