import type { ClientMessage, ServerMessage, TranscriptEntry } from '@interview/protocol';
import { FakeSocket } from './fake-socket.ts';
import { lookReply, sessionId, startReply } from './replies.ts';

export { sessionId };
const calls = [1, 2, 3, 4].map((n) => `5f0c1d3e-8a4b-4c6d-9e2f-00000000000${n}`);

/**
 * Stands for start function and proxy in tests of the facade: answers as they do, holds the rows that it was sent, and
 * can be taken down.
 */
export class ScriptedProxy {
  /** What pages sent, in order. */
  readonly received: ClientMessage[] = [];
  /** Rows by writer and sequence. */
  readonly held = new Map<string, TranscriptEntry>();
  /** Requests to the start function. */
  readonly starts: Record<string, unknown>[] = [];
  /** Answers to the start function's next requests: status and body. */
  readonly startScript: [number, unknown][] = [];
  /** Answers in place of the usual ones, by the type of the message; null is silence. */
  readonly override = new Map<ClientMessage['type'], (message: ClientMessage) => object | null>();
  /** What was sent by pages that were left. */
  readonly flushed: ClientMessage[] = [];
  /** What the other side of every call can do. */
  readonly capabilities = {
    supervision: 'sideband',
    actions: ['done', 'skip', 'repeat', 'withdraw', 'end'],
    text: true,
    pause: false,
  };
  /** What pages must tell the provider themselves. */
  providerSession: Record<string, unknown> | null = null;
  status = 'created';
  up = true;
  /** Requests over HTTP are answered too. */
  http = true;
  #sockets = new Set<FakeSocket>();
  #calls = 0;

  readonly fetch: typeof globalThis.fetch = (address, init) => {
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Record<
      string,
      unknown
    >;
    if (addressOf(address).startsWith('http://proxy.test/'))
      return this.#byHttp(address, init, body);
    this.starts.push(body);
    const [status, reply] = this.startScript.shift() ?? [
      200,
      body['step'] === 'look' ? lookReply : this.#start(),
    ];
    return Promise.resolve(new Response(JSON.stringify(reply), { status }));
  };

  /** The proxy's other door. */
  #byHttp(
    address: Parameters<typeof globalThis.fetch>[0],
    init: RequestInit | undefined,
    body: unknown,
  ): Promise<Response> {
    if (!this.up || !this.http) return Promise.reject(new TypeError('No network.'));
    if (!addressOf(address).includes('/v1/messages')) {
      return Promise.resolve(new Response(null, { status: 404 }));
    }
    const message = body as ClientMessage;
    (init?.keepalive === true ? this.flushed : this.received).push(message);
    if (init?.keepalive === true) return Promise.resolve(new Response(null, { status: 204 }));
    const override = this.override.get(message.type);
    const reply = override ? override(message) : this.#answer(message);
    return Promise.resolve(reply ? Response.json(reply) : new Response(null, { status: 204 }));
  }

  /** To be given as the port `WebSocket`. */
  get WebSocket(): new (url: string, protocols: string[]) => WebSocket {
    const open = (socket: FakeSocket): void => this.#open(socket);
    const take = (socket: FakeSocket, text: string): void => this.#take(socket, text);
    return class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, take);
        queueMicrotask(() => open(this));
      }
    } as unknown as new (url: string, protocols: string[]) => WebSocket;
  }

  /** Protocols of each socket that was opened. */
  readonly protocols: string[][] = [];

  /** Says something to every page without being asked. */
  say(message: object): void {
    for (const socket of [...this.#sockets]) socket.hear(message);
  }

  /** How many connections stand. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** Cuts every connection. */
  cut(code = 1006): void {
    for (const socket of [...this.#sockets]) this.#drop(socket, code);
  }

  /** Messages of one type. */
  of<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.received.filter(
      (one): one is Extract<ClientMessage, { type: T }> => one.type === type,
    );
  }

  #open(socket: FakeSocket): void {
    this.protocols.push(socket.protocols);
    if (!this.up) {
      this.#drop(socket, 1006);
      return;
    }
    this.#sockets.add(socket);
    socket.onGone = () => this.#sockets.delete(socket);
    socket.open();
    const session = { id: sessionId, status: 'created', phase: 'opening' };
    socket.hear({ type: 'ready', session, server_time: Date.now(), writers: this.#marks() });
  }

  #drop(socket: FakeSocket, code: number): void {
    this.#sockets.delete(socket);
    socket.end(code);
  }

  #take(socket: FakeSocket, text: string): void {
    const message = JSON.parse(text) as ClientMessage;
    this.received.push(message);
    const override = this.override.get(message.type);
    const reply = override ? override(message) : this.#answer(message);
    if (reply) queueMicrotask(() => socket.hear(reply));
  }

  #answer(message: ClientMessage): ServerMessage | object | null {
    switch (message.type) {
      case 'offer':
        this.#calls += 1;
        return {
          type: 'answer',
          id: message.id,
          sdp: 'v=0',
          call_id: calls[this.#calls - 1],
          ordinal: this.#calls,
          provider: 'openai-realtime',
          capabilities: this.capabilities,
          ...(this.providerSession ? { session: this.providerSession } : {}),
        };
      case 'transcript':
        for (const entry of message.entries as TranscriptEntry[]) {
          this.held.set(`${entry.writer_id}:${entry.sequence}`, entry);
        }
        return {
          type: 'ack',
          id: message.id,
          writer_id: message.writer_id,
          last_sequence: this.#marks()[message.writer_id] ?? 0,
          stored: 0,
          duplicates: 0,
          refused: [],
        };
      case 'complete':
        return { type: 'completed', id: message.id, status: 'completed' };
      case 'ping':
        return { type: 'pong', id: message.id };
      case 'authenticate':
      case 'refresh':
      case 'quality':
      case 'trouble':
      case 'muted':
        return null;
      default:
        return { type: 'ok', id: message.id };
    }
  }

  #marks(): Record<string, number> {
    const marks: Record<string, number> = {};
    for (const { writer_id } of this.held.values()) {
      let last = 0;
      while (this.held.has(`${writer_id}:${last + 1}`)) last += 1;
      marks[writer_id] = last;
    }
    return marks;
  }

  #start(): object {
    return { ...startReply, session: { ...startReply.session, status: this.status } };
  }
}

function addressOf(address: Parameters<typeof globalThis.fetch>[0]): string {
  return address instanceof Request ? address.url : String(address);
}
