import type { ClientMessage, ServerMessage } from '@interview/protocol';
import { FakeSocket } from './fake-socket.ts';
import { sessionId } from './replies.ts';

/** A request over HTTP, as it came. */
export interface SeenRequest {
  url: URL;
  token: string;
  keepalive: boolean;
  message: ClientMessage | null;
}

type Told = ServerMessage | Record<string, unknown>;

/** Stands for the network and the proxies behind it, in tests of the signaller; each door can be shut by itself. */
export class ScriptedNetwork {
  /** Of the doors of every proxy: `hangs` never answers, `throws` and `forbidden` are browsers that forbid it. */
  sockets: 'open' | 'refused' | 'hangs' | 'throws' | 'forbidden' = 'open';
  streams: 'open' | 'refused' | 'hangs' = 'open';
  looks: 'open' | 'refused' = 'open';
  messages: 'open' | 'refused' | 'hangs' = 'open';
  /** Hosts that are not there at all. */
  readonly absent = new Set<string>();
  /** Addresses of the connections that were tried, and the tokens that they came with, in order. */
  readonly tried: { door: 'socket' | 'stream' | 'look'; url: URL; token: string }[] = [];
  /** What pages sent over sockets and HTTP. */
  readonly received: ClientMessage[] = [];
  readonly requests: SeenRequest[] = [];
  /** Answers to messages; null is silence, or 204. */
  answer: (message: ClientMessage) => Told | Response | null = usualAnswer;
  /** The answer to whoever asks to be told what happens, in place of a greeting. */
  refusal: (() => Response) | null = null;
  /** What a look brings besides the greeting. */
  standing: Told[] = [];
  readonly #open = new Set<FakeSocket>();
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  get ready(): Told {
    const session = { id: sessionId, status: 'created', phase: 'opening' };
    return { type: 'ready', session, server_time: Date.now() + 5_000, writers: {} };
  }

  /** Connections that stand. */
  get connections(): number {
    return this.#open.size + this.#streams.size;
  }

  /** Types of the messages that came. */
  get types(): string[] {
    return this.received.map(({ type }) => type);
  }

  /** Doors that were tried, as `socket a.test`. */
  get doors(): string[] {
    return this.tried.map(({ door, url }) => `${door} ${url.hostname}`);
  }

  /** Says something to every page that listens. */
  say(message: Told): void {
    for (const socket of [...this.#open]) socket.hear(message);
    this.sayRaw(`data: ${JSON.stringify(message)}\n\n`);
  }

  /** Puts text on every stream. */
  sayRaw(text: string): void {
    for (const stream of this.#streams) stream.enqueue(new TextEncoder().encode(text));
  }

  /** Ends every connection. */
  cut(code = 1006): void {
    for (const socket of [...this.#open]) socket.end(code);
    for (const stream of [...this.#streams]) {
      this.#streams.delete(stream);
      stream.close();
    }
  }

  get WebSocket(): new (url: string, protocols: string[]) => WebSocket {
    const open = (socket: FakeSocket): void => this.#opened(socket);
    const take = (socket: FakeSocket, text: string): void => {
      const message = JSON.parse(text) as ClientMessage;
      this.received.push(message);
      const reply = this.answer(message) as Told | null;
      if (reply) queueMicrotask(() => socket.hear(reply));
    };
    return class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, take);
        open(this);
      }
    } as unknown as new (url: string, protocols: string[]) => WebSocket;
  }

  #opened(socket: FakeSocket): void {
    const token = socket.protocols[1]?.replace('bearer.', '') ?? '';
    this.tried.push({ door: 'socket', url: socket.url, token });
    if (this.sockets === 'throws') throw new Error('The policy of this page forbids it.');
    socket.onGone = () => this.#open.delete(socket);
    const refused = this.sockets === 'refused' || this.absent.has(socket.url.hostname);
    if (this.sockets === 'hangs') return;
    queueMicrotask(() => {
      if (this.sockets === 'forbidden') socket.dispatchEvent(new Event('error'));
      else if (refused) socket.end(1006);
      else {
        this.#open.add(socket);
        socket.open();
        socket.hear(this.ready);
      }
    });
  }

  readonly fetch: typeof globalThis.fetch = async (address, init = {}) => {
    const url = new URL(address as string);
    const headers = init.headers as Record<string, string>;
    const token = headers['authorization']?.replace('Bearer ', '') ?? '';
    const text = typeof init.body === 'string' ? init.body : 'null';
    const message = JSON.parse(text) as ClientMessage | null;
    this.requests.push({ url, token, keepalive: init.keepalive === true, message });
    if (url.pathname === '/v1/events') this.tried.push({ door: 'stream', url, token });
    if (url.pathname === '/v1/session') this.tried.push({ door: 'look', url, token });
    const doors: Record<string, string> = {
      '/v1/events': this.streams,
      '/v1/session': this.looks,
      '/v1/messages': this.messages,
    };
    const door = doors[url.pathname] ?? 'refused';
    if (door === 'refused' || this.absent.has(url.hostname)) throw new TypeError('Failed to fetch');
    if (door === 'hangs') return until(init.signal);
    init.signal?.throwIfAborted();
    if (message) return this.#reply(message);
    if (this.refusal) return this.refusal();
    if (url.pathname === '/v1/events') return this.#stream(init.signal);
    return Response.json({ messages: [this.ready, ...this.standing] });
  };

  #reply(message: ClientMessage): Response {
    this.received.push(message);
    const reply = this.answer(message);
    if (reply instanceof Response) return reply;
    return reply ? Response.json(reply) : new Response(null, { status: 204 });
  }

  #stream(signal: AbortSignal | null | undefined): Response {
    let mine: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        this.#streams.add(controller);
        signal?.addEventListener('abort', () => {
          if (this.#streams.delete(controller)) controller.error(signal.reason);
        });
      },
      cancel: () => {
        if (mine) this.#streams.delete(mine);
      },
    });
    mine?.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(this.ready)}\n\n`));
    return new Response(body);
  }
}

/** The proxy's refusal over HTTP. */
export function refusal(
  status: number,
  code: string,
  more: { retryable?: boolean; retryAfterS?: number } = {},
): Response {
  const { retryable = false, retryAfterS } = more;
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  const error = { code, message: 'Because.', retryable, request_id: 'r' };
  return Response.json({ error }, { status, headers });
}

function usualAnswer(message: ClientMessage): Told | null {
  if (message.type === 'ping') return { type: 'pong', id: message.id };
  if (message.type === 'refresh') return null;
  return 'id' in message ? { type: 'ok', id: message.id } : null;
}

/** Never, unless it is given up. */
function until(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
