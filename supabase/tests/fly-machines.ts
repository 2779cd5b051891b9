import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

export const flyToken = 'FlyV1 canary';
export const flyApp = 'interview-sessions';

const port = z.strictObject({
  port: z.int(),
  handlers: z.array(z.enum(['http', 'tls', 'tcp'])),
});
const Create = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,63}$/),
  region: z.string(),
  config: z.strictObject({
    image: z.string().min(1),
    auto_destroy: z.boolean(),
    restart: z.strictObject({ policy: z.enum(['no', 'on-failure', 'always']) }),
    guest: z.strictObject({
      cpu_kind: z.enum(['shared', 'performance']),
      cpus: z.int().positive(),
      memory_mb: z.int().multipleOf(256),
    }),
    env: z.record(z.string(), z.string()),
    metadata: z.record(z.string(), z.string()),
    services: z.array(
      z.strictObject({
        protocol: z.enum(['tcp', 'udp']),
        internal_port: z.int(),
        autostart: z.boolean(),
        autostop: z.enum(['off', 'stop', 'suspend']),
        ports: z.array(port),
      }),
    ),
    checks: z.record(
      z.string(),
      z.strictObject({
        type: z.enum(['tcp', 'http']),
        port: z.int(),
        method: z.string(),
        path: z.string(),
        interval: z.string(),
        timeout: z.string(),
        grace_period: z.string(),
      }),
    ),
    stop_config: z.strictObject({ signal: z.string(), timeout: z.int() }),
  }),
});
type Create = z.infer<typeof Create>;

/** One machine, as Fly would hold it. */
export interface LocalMachine {
  id: string;
  name: string;
  region: string;
  state: string;
  config: Create['config'];
  /** How often it must be looked at before it runs, then before its checks report, and then before they pass. */
  looks: { untilStarted: number; untilReported?: number; untilReady: number };
}

/** What happens to the next request that makes a machine. */
export type Fault =
  | { kind: 'answer'; status: number; body: string }
  /** Done, but the reply never comes. */
  | { kind: 'lost' };

/**
 * Fly's Machines API as it is published (fly.io/docs/machines/api), as far as it is used here, on loopback. It takes no
 * field that is not documented, and keeps names unique among the machines that are not destroyed.
 */
export class LocalFly {
  readonly machines: LocalMachine[] = [];
  readonly requests: { method: string; url: string }[] = [];
  readonly faults: Fault[] = [];
  /** Regions that have no room. */
  readonly full = new Set<string>();
  /** For the machines that are made from now on. */
  looks: LocalMachine['looks'] = { untilStarted: 0, untilReady: 0 };
  /** Questions about a machine get no answer. */
  silent = false;
  /** State that the next machine has, instead of coming up. */
  nextState: string | null = null;
  /** Called when a machine was made. */
  booted: (machine: LocalMachine) => void = () => undefined;
  /** Most machines of the organisation. */
  limit = Infinity;
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  #made = 0;
  url = '';

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.url;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Machines that exist. */
  get alive(): LocalMachine[] {
    return this.machines.filter(({ state }) => state !== 'destroyed');
  }

  /** Requests that make machines. */
  get creations(): number {
    return this.requests.filter(({ method }) => method === 'POST').length;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '' } = request;
    this.requests.push({ method, url });
    if (request.headers.authorization !== `Bearer ${flyToken}`) {
      reply(response, 401, { error: 'unauthorized' });
      return;
    }
    const { pathname, searchParams } = new URL(url, 'http://fly');
    const root = `/v1/apps/${flyApp}/machines`;
    if (!pathname.startsWith(root)) reply(response, 404, { error: 'app not found' });
    else if (pathname === root && method === 'POST') {
      this.#create(Buffer.concat(chunks).toString(), response);
    } else if (pathname === root) reply(response, 200, this.#list(searchParams));
    else this.#one(method, pathname.slice(root.length + 1), response);
  }

  #create(body: string, response: ServerResponse): void {
    const fault = this.faults.shift();
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body);
      return;
    }
    const wanted = Create.safeParse(JSON.parse(body));
    if (!wanted.success) {
      reply(response, 400, { error: `invalid: ${wanted.error.message}` });
      return;
    }
    const { name, region, config } = wanted.data;
    const same = this.alive.find((machine) => machine.name === name);
    if (same) {
      const error = `already_exists: unique machine name violation, machine ID ${same.id} already exists with name "${name}"`;
      reply(response, 409, { error });
    } else if (this.full.has(region)) {
      const error = 'could not find a candidate host';
      reply(response, 422, { error, status: 'insufficient_capacity' });
    } else if (this.alive.length >= this.limit) {
      const error =
        'Your organization has reached its machine limit. Please contact billing@fly.io';
      reply(response, 422, { error });
    } else {
      this.#made += 1;
      const id = (0x1857156b526d00 + this.#made).toString(16);
      const state = this.nextState ?? 'created';
      this.nextState = null;
      const machine = { id, name, region, state, config, looks: { ...this.looks } };
      this.machines.push(machine);
      this.booted(machine);
      if (fault?.kind === 'lost') response.destroy();
      else reply(response, 200, shown(machine));
    }
  }

  #list(query: URLSearchParams): unknown[] {
    const wanted = [...query].filter(([key]) => key.startsWith('metadata.'));
    return this.alive
      .filter(({ config }) =>
        wanted.every(([key, value]) => config.metadata[key.slice('metadata.'.length)] === value),
      )
      .map(shown);
  }

  #one(method: string, id: string, response: ServerResponse): void {
    const machine = this.alive.find((one) => one.id === id);
    if (this.silent) return;
    if (!machine) {
      reply(response, 404, { error: 'machine not found' });
    } else if (method === 'DELETE') {
      machine.state = 'destroyed';
      reply(response, 200, { ok: true });
    } else {
      comeUp(machine);
      reply(response, 200, shown(machine));
    }
  }
}

/** A look at a machine is what time is here. */
function comeUp(machine: LocalMachine): void {
  const { looks } = machine;
  if (machine.state === 'created' || machine.state === 'starting') {
    machine.state = looks.untilStarted > 0 ? 'starting' : 'started';
    looks.untilStarted -= 1;
  } else if (machine.state === 'started' && looks.untilReported) looks.untilReported -= 1;
  else if (machine.state === 'started') looks.untilReady -= 1;
}

function shown(machine: LocalMachine): unknown {
  const { id, name, region, state, config, looks } = machine;
  const passing = state === 'started' && looks.untilReady <= 0;
  const checks = (looks.untilReported ? [] : Object.keys(config.checks)).map((check) => ({
    name: check,
    status: passing ? 'passing' : 'critical',
  }));
  return { id, name, region, state, instance_id: '01HEPA330HZ37A78TK080NAK1M', config, checks };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
