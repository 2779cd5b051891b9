import type { ClientMessage, ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import type { HttpSide, Refusal } from './ask-proxy.ts';
import type { Connection } from './connection.ts';
import { doorAt, doorsOf, type Door, type ProxyAddress, type Turn } from './doors.ts';
import { overdue, unreachable } from './failures.ts';
import { Heartbeat, WAKE_MS } from './heartbeat.ts';
import { closeMeaning, retryDelay } from './retry-policy.ts';
import { closeError, errorOf } from './server-error.ts';
import type { ReadyMessage, SignallerHandlers, SignallerRequest } from './signaller.ts';
import { HeldToken } from './token.ts';

/** From opening to `ready`, milliseconds; a door that takes longer counts as blocked. */
const READY_MS = 5_000;
/** From `connect` to the first `ready`, through whichever door, milliseconds. */
const FIRST_READY_MS = 20_000;
/** How often all doors are tried before the first connection counts as impossible. */
const FIRST_ROUNDS = 5;

/** What a link needs. */
export interface ProxyLinkOptions {
  /** Tried in turn. */
  addresses: readonly ProxyAddress[];
  token: string;
  /** This page load. */
  writerId: string;
  /** Fetches a fresh token when the old one was refused or has run out. */
  renew: () => Promise<string>;
  handlers: SignallerHandlers & {
    /** A connection ended or was not to be had: what was sent over it is not answered any more. */
    onClosed(): void;
  };
  ports: Pick<Ports, 'WebSocket' | 'fetch' | 'random' | 'now'>;
  logger: Logger;
}

/** Holds one connection at a time, through whichever door is open, and makes it again when it is gone. */
export class ProxyLink {
  readonly #options: ProxyLinkOptions;
  readonly #doors: readonly Door[];
  #token: HeldToken;
  #connection: Connection | null = null;
  #openedAt = 0;
  #ready = false;
  /** The door that worked last. */
  #known: number | null = null;
  /** Tries in a row that led to no connection. */
  #attempt = 0;
  #ended = false;
  #lapsed: InterviewError | null = null;
  /** A fresh token is being tried: when it is refused as well, that is final. */
  #renewed = false;
  /** What the proxy last complained of, and when it wants to be asked again. */
  #said: Refusal | null = null;
  #retryAfterMs: number | undefined;
  /** Goes on instead of waiting any longer. */
  #retry: (() => void) | null = null;
  readonly #heart: Heartbeat;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ProxyLinkOptions) {
    this.#options = options;
    this.#doors = doorsOf(options.addresses, options.writerId);
    this.#token = new HeldToken(options.token, options.ports.now);
    this.#heart = new Heartbeat({
      send: (message) => this.send(message),
      // One that could not be renewed is not worth asking again.
      renewInMs: () => (this.#lapsed ? Infinity : this.#token.renewInMs),
      onDead: () => this.#closed(),
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** A message may be sent: ready, or the socket that is tried first is on its way and takes an offer along. */
  takes({ type }: SignallerRequest): boolean {
    const early = type === 'offer' && this.#attempt === 0 && this.#known === null;
    return this.#ready || (early && this.#connection !== null);
  }

  /** Why the token, which ran out, was not renewed: it only delivers. */
  get lapsed(): InterviewError | null {
    return this.#lapsed;
  }

  /** The proxy's HTTP side, which outlives the connection. */
  get side(): HttpSide {
    const http = this.#doors[this.#known ?? 0]?.http ?? '';
    return { http, token: this.#token.text, fetch: this.#options.ports.fetch };
  }

  connect(): void {
    const giveUp = (): void => this.#refuse(overdue('connect', FIRST_READY_MS));
    this.#limit = setTimeout(giveUp, FIRST_READY_MS);
    this.#open();
  }

  /** Not before it is ready. */
  send(message: ClientMessage): void {
    this.#connection?.send(message);
  }

  wake(): void {
    if (this.#ready) {
      if (this.#token.expired && !this.#lapsed) this.#closed();
      else this.#heart.wake();
    } else if (this.#connection) {
      if (this.#options.ports.now() - this.#openedAt > WAKE_MS) this.#closed();
    } else if (this.#retryAfterMs === undefined) this.#retry?.();
  }

  close(): void {
    this.#ended = true;
    this.#retry = null;
    clearTimeout(this.#limit);
    this.#stop();
  }

  get #turn(): Turn {
    return doorAt(this.#attempt, this.#doors.length, this.#known);
  }

  #open(): void {
    const { ports, logger } = this.#options;
    const { index } = this.#turn;
    this.#said = null;
    this.#retryAfterMs = undefined;
    this.#openedAt = ports.now();
    this.#timer = setTimeout(() => this.#closed(), READY_MS);
    const handlers = {
      onMessage: (message: ServerMessage | null) => {
        if (message) this.#take(message, index);
        else logger.warn('Message not understood.');
      },
      onClosed: (code: number) => this.#closed(code),
    };
    try {
      const given = { token: this.#token.text, ports, handlers };
      this.#connection = this.#doors[index]?.open(given) ?? null;
    } catch (error) {
      logger.warn('Door not tried.', { error });
      this.#closed(1006);
    }
  }

  #take(message: ServerMessage, index: number): void {
    this.#heart.heard();
    if (message.type === 'ready') this.#welcome(message, index);
    else if (message.type === 'token') {
      this.#use(message.token);
      this.#connection?.useToken?.(message.token);
      this.#heart.beat();
    } else if (message.type !== 'pong') this.#hear(message);
  }

  #hear(message: ServerMessage): void {
    const complaint = message.type === 'error' && message.id === undefined;
    if (complaint) this.#said = message;
    if (complaint || message.type === 'drain') this.#retryAfterMs = message.retry_after_ms;
    this.#options.handlers.onMessage(message);
    const stale = message.type === 'error' && /^(token_|machine_gone)/.test(message.code);
    if (stale && !this.#lapsed) this.#closed(4401);
  }

  #welcome(ready: ReadyMessage, index: number): void {
    // Who looks every few seconds is greeted each time.
    if (this.#ready) return;
    this.#ready = true;
    this.#known = index;
    this.#attempt = 0;
    this.#renewed = false;
    clearTimeout(this.#limit);
    clearTimeout(this.#timer);
    this.#heart.beat();
    this.#options.handlers.onReady(ready);
  }

  /** A connection ended, turned out to be dead (4408) or never came to life. */
  #closed(code = 4408): void {
    if (this.#ended) return;
    const wasReady = this.#ready;
    this.#stop();
    this.#options.logger.info('Connection closed.', { code });
    this.#options.handlers.onClosed();
    if (wasReady) this.#options.handlers.onDown();
    else this.#attempt += 1;
    this.#goOn(code, wasReady);
  }

  /** Connects again, with a fresh token where that is needed, or gives up. */
  #goOn(code: number, wasReady: boolean): void {
    if (this.#ended) return;
    const said = this.#said;
    const meaning = closeMeaning(code);
    const renew = meaning === 'renew';
    const turnedAway = meaning === 'refuse' || (!wasReady && said?.retryable === false);
    if (renew ? this.#renewed || this.#lapsed : turnedAway) {
      this.#refuse(this.#lapsed ?? (said ? errorOf(said) : closeError(code)));
    } else if (this.#known === null && this.#turn.round >= FIRST_ROUNDS) {
      this.#refuse(unreachable());
    } else this.#later(renew, code === 1012 || code === 1013);
  }

  #later(refused: boolean, restarting = false): void {
    const { first, round: attempt } = this.#turn;
    const random = this.#options.ports.random();
    const retryAfterMs = this.#retryAfterMs;
    this.#retry = () => {
      clearTimeout(this.#timer);
      this.#retry = null;
      if ((refused || this.#token.expired) && !this.#lapsed) void this.#renew(refused);
      else this.#open();
    };
    const delay = retryDelay({ attempt, random, restarting, retryAfterMs });
    this.#timer = setTimeout(this.#retry, first || retryAfterMs ? delay : 0);
  }

  async #renew(refused: boolean): Promise<void> {
    try {
      this.#use(await this.#options.renew());
      this.#renewed = true;
      this.#attempt = 0;
    } catch (error) {
      const failure = InterviewError.from(error, 'token_refused');
      if (this.#ended) return;
      if (failure.retryable && this.#known !== null) {
        this.#attempt += 1;
        this.#later(refused);
        return;
      }
      this.#lapsed = failure;
      if (refused) this.#refuse(failure);
    }
    if (!this.#ended) this.#open();
  }

  #use(token: string): void {
    this.#token = new HeldToken(token, this.#options.ports.now);
    this.#lapsed = null;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#heart.stop();
    this.#connection?.close();
    this.#connection = null;
    this.#ready = false;
  }

  #refuse(error: InterviewError): void {
    this.close();
    this.#options.handlers.onRefused(error);
  }
}
