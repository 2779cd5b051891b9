import type { ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import { Connection } from './connection.ts';
import { OpenRequests } from './open-requests.ts';
import { closeMeaning, retryDelay } from './retry-policy.ts';
import { closeError, errorOf } from './server-error.ts';
import type {
  ReadyMessage,
  Signaller,
  SignallerHandlers,
  SignallerNotice,
  SignallerRequest,
} from './signaller.ts';
import { renewAfterMs, tokenLifeMs } from './token.ts';

/** Attempts before the first connection counts as impossible. */
const FIRST_ATTEMPTS = 5;
/** How long after an unanswered `refresh` it is sent again, milliseconds. */
const REFRESH_AGAIN_MS = 15_000;

/** What the socket needs. */
export interface SocketOptions {
  /** Tried in turn. */
  urls: readonly string[];
  token: string;
  /** Fetches a fresh token when the old one was refused or has run out. */
  renew: () => Promise<string>;
  handlers: SignallerHandlers;
  ports: Pick<Ports, 'WebSocket' | 'random' | 'now'>;
  logger: Logger;
}

/** A signaller over one WebSocket at a time. */
export class SocketSignaller implements Signaller {
  readonly #options: SocketOptions;
  readonly #requests = new OpenRequests();
  #token: string;
  #tokenSince: number;
  #connection: Connection | null = null;
  /** Told when a connection stands (null) or none will ever stand again. */
  readonly #watchers = new Set<(error: InterviewError | null) => void>();
  /** It never was connected. */
  #first = true;
  #attempt = 0;
  #ids = 0;
  /** Why it will not connect again. */
  #ended: InterviewError | null = null;
  #renewed = false;
  #retryAfterMs: number | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#token = options.token;
    this.#tokenSince = options.ports.now();
  }

  connect(signal: AbortSignal): void {
    if (signal.aborted) {
      this.close();
      return;
    }
    signal.addEventListener('abort', () => this.close(), { once: true });
    this.#open();
  }

  whenReady(deadlineMs: number): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#connection?.isReady) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (error: InterviewError | null): void => {
        clearTimeout(timer);
        this.#watchers.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      const late = unreachable(`The proxy was not reached within ${deadlineMs} ms.`);
      const timer = setTimeout(settle, deadlineMs, late);
      this.#watchers.add(settle);
    });
  }

  request(
    message: SignallerRequest,
    deadlineMs: number,
    id = this.newId(),
  ): Promise<ServerMessage> {
    const connection = this.#connection;
    if (!connection?.isReady) return Promise.reject(unreachable('There is no connection.'));
    const reply = this.#requests.reply(id, message.type, deadlineMs);
    connection.send({ ...message, id });
    return reply;
  }

  newId(): string {
    this.#ids += 1;
    return `m${this.#ids}-${Math.floor(this.#options.ports.random() * 1e9).toString(36)}`;
  }

  notify(message: SignallerNotice): void {
    if (this.#connection?.isReady) this.#connection.send(message);
  }

  flush(message: SignallerRequest): void {
    if (this.#connection?.isReady) this.#connection.send({ ...message, id: this.newId() });
  }

  wake(): void {
    clearTimeout(this.#retryTimer);
    if (!this.#connection && !this.#ended) this.#open();
  }

  close(): void {
    this.#finish(new InterviewError('aborted', 'The connection was closed.'));
  }

  #finish(error: InterviewError): void {
    this.#ended ??= error;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#refreshTimer);
    this.#connection?.close();
    this.#connection = null;
    this.#requests.rejectAll(error);
    for (const settle of [...this.#watchers]) settle(error);
  }

  #open(): void {
    const { urls, ports, logger } = this.#options;
    const url = urls[this.#attempt % urls.length] ?? '';
    try {
      this.#connection = new Connection({
        url,
        token: this.#token,
        WebSocket: ports.WebSocket,
        logger,
        handlers: {
          onReady: (ready) => this.#onReady(ready),
          onMessage: (message) => this.#onMessage(message),
          onClosed: (code) => this.#onClosed(code),
        },
      });
    } catch (error) {
      this.#refuse(InterviewError.from(error, 'proxy_unreachable'));
    }
  }

  #onReady(ready: ReadyMessage): void {
    this.#attempt = 0;
    this.#renewed = false;
    this.#retryAfterMs = undefined;
    const age = this.#options.ports.now() - this.#tokenSince;
    this.#refreshAfter(Math.max(0, renewAfterMs(this.#token) - age));
    this.#first = false;
    for (const settle of [...this.#watchers]) settle(null);
    this.#options.handlers.onReady(ready);
  }

  #onMessage(message: ServerMessage): void {
    if (message.type === 'token') {
      this.#takeToken(message.token);
      return;
    }
    if (message.type === 'drain') this.#retryAfterMs = message.retry_after_ms;
    if (message.type === 'error') this.#retryAfterMs = message.retry_after_ms;
    const id = 'id' in message ? (message.id ?? '') : '';
    const expected =
      message.type === 'error'
        ? this.#requests.reject(id, errorOf(message))
        : this.#requests.resolve(id, message);
    if (!expected) this.#options.handlers.onMessage(message);
  }

  #onClosed(code: number): void {
    const wasReady = !this.#first && this.#attempt === 0;
    this.#connection = null;
    clearTimeout(this.#refreshTimer);
    this.#options.logger.info('The connection to the proxy closed.', { code });
    this.#requests.rejectAll(unreachable('The connection closed before the reply came.'));
    if (wasReady) this.#options.handlers.onDown();
    const meaning = closeMeaning(code);
    if (meaning === 'refuse') {
      this.#refuse(closeError(code));
      return;
    }
    if (meaning === 'renew' && this.#renewed) {
      this.#refuse(closeError(code));
      return;
    }
    if (this.#first && this.#attempt + 1 >= FIRST_ATTEMPTS) {
      this.#refuse(unreachable('The proxy could not be reached.'));
      return;
    }
    this.#retry(code, meaning === 'renew');
  }

  #retry(code: number, tokenRefused: boolean): void {
    const { ports } = this.#options;
    const facts = { attempt: this.#attempt, random: ports.random() };
    const restarting = code === 1012 || code === 1013;
    const delay = retryDelay({ ...facts, restarting, retryAfterMs: this.#retryAfterMs });
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => {
      const expired = ports.now() - this.#tokenSince >= tokenLifeMs(this.#token);
      if (tokenRefused || expired) void this.#renewAndOpen();
      else this.#open();
    }, delay);
  }

  async #renewAndOpen(): Promise<void> {
    try {
      const token = await this.#options.renew();
      this.#renewed = true;
      this.#setToken(token);
      if (!this.#ended) this.#open();
    } catch (error) {
      const failure = InterviewError.from(error, 'token_refused');
      if (this.#ended) return;
      if (failure.code === 'start_unreachable' && !this.#first) this.#retry(1006, true);
      else this.#refuse(failure);
    }
  }

  #takeToken(token: string): void {
    this.#setToken(token);
    this.#refreshAfter(renewAfterMs(token));
  }

  #setToken(token: string): void {
    this.#token = token;
    this.#tokenSince = this.#options.ports.now();
  }

  #refreshAfter(delayMs: number): void {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(() => {
      this.notify({ type: 'refresh' });
      this.#refreshAfter(REFRESH_AGAIN_MS);
    }, delayMs);
  }

  #refuse(error: InterviewError): void {
    this.#finish(error);
    this.#options.handlers.onRefused(error);
  }
}

function unreachable(message: string): InterviewError {
  return new InterviewError('proxy_unreachable', message);
}
