import type { ClientMessage, ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { unreachable } from './failures.ts';
import { OpenRequests } from './open-requests.ts';
import { ProxyLink, type ProxyLinkOptions } from './proxy-link.ts';
import { errorOf } from './server-error.ts';
import type {
  Signaller,
  SignallerHandlers,
  SignallerNotice,
  SignallerRequest,
} from './signaller.ts';

/** How long `post` waits, milliseconds. */
const POST_MS = 15_000;
/** What a token that ran out and could not be renewed is still good for. */
const deliveries: readonly ClientMessage['type'][] = ['transcript', 'complete', 'correct'];

/** What a signaller needs. */
export type ProxySignallerOptions = Omit<ProxyLinkOptions, 'handlers'> & {
  handlers: SignallerHandlers;
};

/** A signaller over one connection at a time: a WebSocket, or HTTP where sockets are blocked. */
export class ProxySignaller implements Signaller {
  readonly #options: ProxySignallerOptions;
  readonly #link: ProxyLink;
  readonly #requests = new OpenRequests();
  /** Those who wait for a connection. */
  readonly #waiting = new OpenRequests();
  #clockOffsetMs = 0;
  #ids = 0;
  /** Why it will not connect again. */
  #ended: InterviewError | null = null;

  constructor(options: ProxySignallerOptions) {
    this.#options = options;
    const { handlers, ports } = options;
    this.#link = new ProxyLink({
      ...options,
      handlers: {
        onReady: (ready) => {
          this.#clockOffsetMs = ready.server_time - ports.now();
          this.#waiting.resolveAll(ready);
          handlers.onReady(ready);
        },
        onClosed: () => this.#requests.rejectAll(unreachable()),
        onDown: () => handlers.onDown(),
        onMessage: (message) => this.#take(message),
        onRefused: (error) => {
          this.#finish(error);
          handlers.onRefused(error);
        },
      },
    });
  }

  get serverClockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  connect(signal: AbortSignal): void {
    signal.addEventListener('abort', () => this.close(), { once: true });
    if (signal.aborted) this.close();
    else this.#link.connect();
  }

  async whenReady(deadlineMs: number): Promise<void> {
    if (this.#ended) throw this.#ended;
    if (!this.#link.ready) await this.#waiting.reply(this.newId(), 'connect', deadlineMs);
  }

  request(
    message: SignallerRequest,
    deadlineMs: number,
    id = this.newId(),
  ): Promise<ServerMessage> {
    const { lapsed } = this.#link;
    if (lapsed && !deliveries.includes(message.type)) return Promise.reject(lapsed);
    if (!this.#link.takes(message)) return Promise.reject(unreachable());
    const reply = this.#requests.reply(id, message.type, deadlineMs);
    this.#link.send({ ...message, id });
    return reply;
  }

  newId(): string {
    this.#ids += 1;
    return `m${this.#ids}-${Math.floor(this.#options.ports.random() * 1e9).toString(36)}`;
  }

  notify(message: SignallerNotice): void {
    if (this.#link.ready) this.#link.send(message);
  }

  async post(message: SignallerRequest): Promise<ServerMessage> {
    // Loaded on demand: few have anything to say after the end.
    const { postRequest } = await import('./ask-proxy.ts').catch((error: unknown) => {
      throw InterviewError.from(error, 'proxy_unreachable');
    });
    const named = { ...message, id: this.newId() };
    return postRequest(this.#link.side, named, AbortSignal.timeout(POST_MS));
  }

  flush(message: SignallerRequest): void {
    this.#flush(message).catch(() => undefined);
  }

  wake(): void {
    this.#link.wake();
  }

  close(): void {
    this.#finish(new InterviewError('aborted'));
  }

  async #flush(message: SignallerRequest): Promise<void> {
    const { http, token, fetch } = this.#link.side;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...message, id: this.newId() });
    const url = new URL(`v1/messages${new URL(http).search}`, http).href;
    await fetch(url, { method: 'POST', keepalive: true, headers, body });
  }

  #take(message: ServerMessage): void {
    const id = 'id' in message ? (message.id ?? '') : '';
    const expected =
      message.type === 'error'
        ? this.#requests.reject(id, errorOf(message))
        : this.#requests.resolve(id, message);
    // A complaint that answers nothing is for the link, which hears of it when the connection closes.
    if (!expected && message.type !== 'error') this.#options.handlers.onMessage(message);
  }

  #finish(error: InterviewError): void {
    this.#ended ??= error;
    this.#link.close();
    this.#requests.rejectAll(error);
    this.#waiting.rejectAll(error);
  }
}
