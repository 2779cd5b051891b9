import type { ClientMessage, ServerMessage, TranscriptEntry } from '@interview/protocol';

export const sessionId = '0b8f2a4c-1d3e-4f5a-8b6c-7d8e9f0a1b2c';
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
  status = 'created';
  up = true;
  #sockets = new Set<FakeSocket>();
  #calls = 0;

  readonly fetch: typeof globalThis.fetch = (_, init) => {
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Record<
      string,
      unknown
    >;
    this.starts.push(body);
    const [status, reply] = this.startScript.shift() ?? [
      200,
      body['step'] === 'look' ? look : this.#start(),
    ];
    return Promise.resolve(new Response(JSON.stringify(reply), { status }));
  };

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
    for (const socket of this.#sockets) socket.hear(message);
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
    const session = { id: sessionId, status: 'created', phase: 'opening' };
    socket.hear({ type: 'ready', session, server_time: 0, writers: this.#marks() });
  }

  #drop(socket: FakeSocket, code: number): void {
    this.#sockets.delete(socket);
    socket.dispatchEvent(Object.assign(new Event('close'), { code }));
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
          capabilities,
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
    const session = {
      id: sessionId,
      status: this.status,
      phase: 'opening',
      resumable: false,
      interview,
    };
    const proxy = { ws_url: 'ws://proxy.test/ws', http_url: 'http://proxy.test' };
    return { session, token: 'a.b.c', expires_at: 0, proxy, transcript: [] };
  }
}

class FakeSocket extends EventTarget {
  readonly url: string;
  readonly protocols: string[];
  readonly #take: (socket: FakeSocket, text: string) => void;

  constructor(url: string, protocols: string[], take: (socket: FakeSocket, text: string) => void) {
    super();
    this.url = url;
    this.protocols = protocols;
    this.#take = take;
  }

  send(text: string): void {
    this.#take(this, text);
  }

  hear(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  close(): void {
    // What a page closes tells it nothing more.
  }
}

const capabilities = {
  supervision: 'sideband',
  actions: ['done', 'skip', 'repeat', 'withdraw', 'end'],
  text: true,
  pause: false,
};
const interview = {
  title: 'Product designer',
  language: 'en',
  duration_s: 1200,
  questions_total: 5,
};
const look = {
  interview,
  tenant: { name: 'Northwind' },
  inviter: 'Dana',
  decider: 'A person decides.',
  retention: '90 days.',
  next_steps: 'You hear from us.',
  adjustment: 'Ask us.',
  consents: [{ purpose: 'processing', version: '1', text: 'I agree.', required: true }],
  modes: ['voice'],
  account_required: false,
  resumable: false,
};
