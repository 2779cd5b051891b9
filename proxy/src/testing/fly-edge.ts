import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

type Headers = [name: string, value: string][];

/** Where a request goes and with which headers besides its own. */
interface Hop {
  port: number;
  extra: Headers;
  /** A request that came back may not be replayed again. */
  last: boolean;
}

/**
 * What Fly's own proxy does in front of machines, as it is published (fly.io/docs/networking/dynamic-request-routing):
 * sends every request to a gateway and replays it where the answer says so, upgrades included.
 */
export class FlyEdge {
  /** Ports of machines by their ids. */
  readonly machines = new Map<string, number>();
  /** Machines that requests were replayed to, in order; those that could not be reached too. */
  readonly replays: string[] = [];
  readonly #gateway: number;
  readonly #server = createServer((request, response) => void this.#relay(request, response));

  constructor(gatewayPort: number) {
    this.#gateway = gatewayPort;
  }

  /** Returns the port. */
  async listen(): Promise<number> {
    this.#server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head, this.#toGateway([]));
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #toGateway(extra: Headers): Hop {
    return { port: this.#gateway, extra, last: extra.length > 0 };
  }

  /** Where a `fly-replay` header sends a request. */
  #hopFor(replay: string): Hop {
    const fields = new Map(
      replay.split(';').map((field) => field.split('=') as [string, string | undefined]),
    );
    const id = fields.get('instance') ?? '';
    this.replays.push(id);
    const port = this.machines.get(id);
    if (port !== undefined) {
      return { port, extra: [['fly-replay-src', 'instance=gateway;region=mia;t=1']], last: true };
    }
    if (fields.get('fallback') !== 'force_self') throw new Error('The request is lost.');
    const why = `instance=${id};app=proxy;region=mia;replay_source=gateway;reason=no_candidate`;
    return this.#toGateway([['fly-replay-failed', `${why};elapsed_ms=1`]]);
  }

  async #relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let hop = this.#toGateway([]);
    for (;;) {
      const onward = send({
        port: hop.port,
        host: '127.0.0.1',
        method: request.method,
        path: request.url,
        headers: [...request.rawHeaders, ...hop.extra.flat()],
      });
      onward.end(Buffer.concat(chunks));
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      const replay = answer.headers['fly-replay'];
      if (typeof replay !== 'string' || hop.last) {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
        return;
      }
      answer.resume();
      hop = this.#hopFor(replay);
    }
  }

  #upgrade(request: IncomingMessage, client: Duplex, head: Buffer, hop: Hop): void {
    const onward = connect(hop.port, '127.0.0.1');
    const { rawHeaders } = request;
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : [],
    );
    const extra = hop.extra.map(([name, value]) => `${name}: ${value}`);
    onward.write([`GET ${request.url ?? '/'} HTTP/1.1`, ...lines, ...extra, '', ''].join('\r\n'));
    onward.once('data', (first: Buffer) => {
      const replay = /^fly-replay: (.*)$/im.exec(first.toString('latin1'))?.[1];
      if (replay !== undefined && !hop.last) {
        onward.destroy();
        this.#upgrade(request, client, head, this.#hopFor(replay.trim()));
        return;
      }
      client.write(first);
      onward.write(head);
      onward.pipe(client);
      client.pipe(onward);
    });
    onward.on('error', () => client.destroy());
    onward.on('end', () => client.end());
    client.on('error', () => onward.destroy());
    client.on('close', () => onward.destroy());
  }
}
