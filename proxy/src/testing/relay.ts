import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to a server that takes its time, can be cut, or dies without a word. */
export class Relay {
  readonly #server = createServer((near) => this.#join(near));
  readonly #target: URL;
  readonly #delayMs: number;
  readonly #sockets = new Set<Socket>();
  readonly #frozen = new WeakSet<Socket>();
  #open = true;

  /** `delayMs`: each way. */
  constructor(target: string, delayMs = 0) {
    this.#target = new URL(target);
    this.#delayMs = delayMs;
  }

  /** The same address by way of the relay. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Ends every connection, and takes none until `restore`. */
  cut(): void {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#open = true;
  }

  /** Lets nothing more through the connections that there are, and closes none. */
  freeze(): void {
    for (const socket of this.#sockets) this.#frozen.add(socket);
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(near: Socket): void {
    if (!this.#open) {
      near.destroy();
      return;
    }
    const far = connect(Number(this.#target.port), this.#target.hostname);
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from.setNoDelay(true));
    from.on('error', () => undefined);
    from.on('data', (bytes) => {
      if (this.#frozen.has(from)) return;
      if (this.#delayMs === 0) to.write(bytes);
      else setTimeout(() => to.write(bytes), this.#delayMs);
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
