import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { answerSdp } from './interview.ts';

/** A request as it came, to the byte. */
export interface RecordedRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

type Fields = Record<string, unknown> & { type: string };

/** The sideband of one call, played by a test. */
export class ProviderCall {
  readonly received: Fields[] = [];
  /** Keeps the conversation's items by itself, and tells of them as the provider does. */
  keepsItems = false;
  readonly #items = new Map<unknown, Record<string, unknown>>();
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Set<() => void>();
  #count = 0;
  #pings = 0;

  join(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString()) as Fields;
      this.received.push(event);
      if (this.keepsItems) this.#keep(event);
      for (const look of [...this.#waiting]) look();
    });
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('ping', () => {
      this.#pings += 1;
      for (const look of [...this.#waiting]) look();
    });
    this.send({ type: 'session.created', session: {} });
    for (const look of [...this.#waiting]) look();
  }

  get attached(): boolean {
    return this.#sockets.size > 0;
  }

  /** How many supervisors are attached. */
  get sockets(): number {
    return this.#sockets.size;
  }

  send(event: Fields): void {
    this.#count += 1;
    const item = event['item'] as Record<string, unknown> | undefined;
    if (item) this.#items.set(item['id'], item);
    const text = JSON.stringify({ event_id: `event_${this.#count}`, ...event });
    for (const socket of this.#sockets) socket.send(text);
  }

  #keep(event: Fields): void {
    const id = event['item_id'];
    if (event.type === 'conversation.item.create') {
      const item = event['item'] as Record<string, unknown>;
      const previous = [...this.#items.keys()].at(-1) ?? null;
      this.send({ type: 'conversation.item.added', previous_item_id: previous, item });
    } else if (event.type === 'conversation.item.delete') {
      this.#items.delete(id);
      this.send({ type: 'conversation.item.deleted', item_id: id });
    } else if (event.type === 'conversation.item.retrieve') {
      const item = this.#items.get(id);
      const code = 'item_retrieve_invalid_item_id';
      const error = { type: 'invalid_request_error', code, event_id: event['event_id'] };
      this.send(item ? { type: 'conversation.item.retrieved', item } : { type: 'error', error });
    }
  }

  drop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Waits until something of what was received fits. */
  async next(fits: (event: Fields, index: number) => boolean): Promise<Fields> {
    return this.#until(() => this.received.find(fits));
  }

  /** Waits for so many pings in all. */
  async pinged(times: number): Promise<void> {
    await this.#until(() => (this.#pings >= times ? true : undefined));
  }

  async untilAttached(): Promise<void> {
    await this.#until(() => (this.attached ? true : undefined));
  }

  #until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`Nothing fits among ${JSON.stringify(this.received)}`));
      }, 10_000);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(deadline);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

export type Reply = (request: RecordedRequest, response: ServerResponse) => void;

/** An HTTP and WebSocket server that answers as OpenAI's reference says, or as a test wants. */
export class Provider {
  readonly requests: RecordedRequest[] = [];
  readonly hangups: string[] = [];
  /** What the next offers are answered with. */
  reply: Reply = (_request, response) => this.answer(response);
  /** Statuses that the next hang-ups are answered with, before 200. */
  readonly hangupStatuses: number[] = [];
  /** So many hang-ups are never answered. */
  silentHangups = 0;
  /** Keys that are known no more: whatever comes with one is answered with 401. */
  readonly revoked = new Set<string>();
  /** Refuses sidebands with this status. */
  refuseSideband: number | null = null;
  /** Credentials that sidebands came with. */
  readonly sidebandKeys: (string | undefined)[] = [];
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #calls = new Map<string, ProviderCall>();
  #opened = 0;
  /** Base address, once it listens. */
  url = '';

  async listen(): Promise<string> {
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
    return this.url;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The call of an id; the first one has `rtc_1`. */
  call(id: string): ProviderCall {
    const call = this.#calls.get(id) ?? new ProviderCall();
    this.#calls.set(id, call);
    return call;
  }

  answer(response: ServerResponse): void {
    this.#opened += 1;
    response
      .writeHead(201, {
        'content-type': 'application/sdp',
        location: `/v1/realtime/calls/rtc_${this.#opened}`,
      })
      .end(answerSdp);
  }

  get offers(): RecordedRequest[] {
    return this.requests.filter((request) => !request.url.endsWith('/hangup'));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const recorded = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    this.requests.push(recorded);
    if (this.#isRevoked(request)) {
      const error = {
        type: 'invalid_request_error',
        code: 'invalid_api_key',
        message: '',
        param: null,
      };
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error }));
      return;
    }
    const hangup = /\/realtime\/calls\/([^/]+)\/hangup$/.exec(recorded.url)?.[1];
    if (hangup === undefined) {
      this.reply(recorded, response);
      return;
    }
    this.hangups.push(hangup);
    if (this.silentHangups > 0) {
      this.silentHangups -= 1;
      return;
    }
    const status = this.hangupStatuses.shift() ?? 200;
    if (status === 200) this.call(hangup).drop();
    response.writeHead(status).end();
  }

  #isRevoked({ headers }: IncomingMessage): boolean {
    const key = headers['api-key'] ?? headers.authorization?.replace('Bearer ', '');
    return typeof key === 'string' && this.revoked.has(key);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sidebandKeys.push(request.headers.authorization);
    const status = this.#isRevoked(request) ? 401 : this.refuseSideband;
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('call_id') ?? '';
    this.#sockets.handleUpgrade(request, socket, head, (ws) => this.call(id).join(ws));
  }
}
