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
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Set<() => void>();
  #count = 0;
  #pings = 0;

  join(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('message', (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()) as Fields);
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

  send(event: Fields): void {
    this.#count += 1;
    const text = JSON.stringify({ event_id: `event_${this.#count}`, ...event });
    for (const socket of this.#sockets) socket.send(text);
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
    return this.requests.filter((request) => request.url === '/v1/realtime/calls');
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
    const hangup = /\/realtime\/calls\/([^/]+)\/hangup$/.exec(recorded.url)?.[1];
    if (hangup === undefined) {
      this.reply(recorded, response);
      return;
    }
    this.hangups.push(hangup);
    this.call(hangup).drop();
    response.writeHead(200).end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sidebandKeys.push(request.headers.authorization);
    if (this.refuseSideband !== null) {
      socket.end(`HTTP/1.1 ${this.refuseSideband} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('call_id') ?? '';
    this.#sockets.handleUpgrade(request, socket, head, (ws) => this.call(id).join(ws));
  }
}
