import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL, type ClientMessage } from '@interview/protocol';
import type { Connection, ConnectionOptions } from './connection.ts';
import { readMessage } from './read-message.ts';

/** A connection over one WebSocket. */
export class SocketConnection implements Connection {
  readonly #socket: WebSocket;
  readonly #end = new AbortController();

  /** @throws what the browser throws for an address that it refuses, or without WebSocket */
  constructor(url: string, { token, ports, handlers }: ConnectionOptions) {
    this.#socket = new ports.WebSocket(url, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token]);
    const listen = { signal: this.#end.signal };
    this.#socket.addEventListener(
      'message',
      ({ data }) => handlers.onMessage(readMessage(data)),
      listen,
    );
    // Where a page's policy forbids the address, Chromium 156 tells nothing but this.
    this.#socket.addEventListener('error', () => handlers.onClosed(1006), listen);
    this.#socket.addEventListener('close', ({ code }) => handlers.onClosed(code), listen);
  }

  send(message: ClientMessage): void {
    const socket = this.#socket;
    const send = (): void => socket.send(JSON.stringify(message));
    // One that is closed before never opens.
    if (socket.readyState === 0) socket.addEventListener('open', send);
    else send();
  }

  close(): void {
    this.#end.abort();
    this.#socket.close(1000);
  }
}
