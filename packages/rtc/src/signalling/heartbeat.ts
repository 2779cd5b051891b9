import type { ClientMessage } from '@interview/protocol';

/** How often a connection is asked whether it lives, milliseconds. */
const PING_MS = 15_000;
/** How long its answer may take, milliseconds. */
const PONG_MS = 10_000;
/** The same after sleep or a change of the network, milliseconds: then it is dead more often than slow. */
export const WAKE_MS = 3_000;

/** What a heartbeat works on. */
export interface HeartbeatOptions {
  send: (message: ClientMessage) => void;
  /** Milliseconds until the token is to be renewed; 0 or less when it is time. */
  renewInMs: () => number;
  /** No answer came. */
  onDead: () => void;
}

/** Asks a connection every few seconds whether it lives, and has the token renewed in time. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #next: ReturnType<typeof setTimeout> | undefined;
  #pong: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Begins, or begins anew with another token. */
  beat(): void {
    const { send, renewInMs } = this.#options;
    const due = renewInMs();
    if (due <= 0) send({ type: 'refresh' });
    clearTimeout(this.#next);
    const wait = due > 0 ? Math.min(due, PING_MS) : PING_MS;
    this.#next = setTimeout(() => {
      this.beat();
      this.#probe(PONG_MS);
    }, wait);
  }

  /** Looks after token and connection at once. */
  wake(): void {
    this.beat();
    this.#probe(WAKE_MS);
  }

  #probe(withinMs: number): void {
    clearTimeout(this.#pong);
    this.#pong = setTimeout(this.#options.onDead, withinMs);
    this.#options.send({ type: 'ping', id: 'ping' });
  }

  /** Any word is an answer. */
  heard(): void {
    clearTimeout(this.#pong);
  }

  stop(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#pong);
  }
}
