import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../../proxy/src/app.ts';
import type { Storage } from '../../../proxy/src/storage/port.ts';
import { supabaseStorage } from '../../../proxy/src/storage/supabase.ts';
import { testConfig } from '../../../proxy/src/testing/proxy.ts';
import { jwtSecret, secretKey, supabaseUrl, type Backend } from './backend.ts';
import { Points } from './points.ts';
import type { Random } from './random.ts';
import type { Weather } from './weather.ts';

/** Changes the storage of a proxy; `alive` says whether that process still runs. */
export type StorageMutation = (storage: Storage, alive: () => boolean) => Storage;

export interface ProxyOptions {
  backend: Backend;
  weather: Weather;
  random: Random;
  mutate: StorageMutation;
}

/** The proxy at one address: the real one, killed without warning and started again. */
export class ProxyProcess {
  readonly #options: ProxyOptions;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #starts = 0;
  #app: FastifyInstance | null = null;
  #points: Points | null = null;
  /** Resolves when it runs again. */
  #running: Promise<void> = Promise.resolve();

  private constructor(options: ProxyOptions) {
    this.#options = options;
  }

  static async start(options: ProxyOptions): Promise<ProxyProcess> {
    const proxy = new ProxyProcess(options);
    await proxy.#start();
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** As `kill -9`: every connection breaks, and nothing that was begun is finished. It comes back by itself. */
  kill(): void {
    const [app, points] = [this.#app, this.#points];
    if (!app || !points) return;
    this.#app = this.#points = null;
    points.dead = true;
    this.#running = this.#restart(app);
  }

  async close(): Promise<void> {
    await this.#running;
    if (this.#points) this.#points.dead = true;
    if (this.#app) await this.#end(this.#app);
  }

  async #restart(former: FastifyInstance): Promise<void> {
    await this.#end(former);
    const downMs = this.#options.random.between(0, 60);
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.#start();
  }

  async #start(): Promise<void> {
    const { backend, weather, random, mutate } = this.#options;
    this.#starts += 1;
    const own = random.stream(`start ${this.#starts}`);
    const points = new Points(weather, own, 'killProxy', 40, () => this.kill());
    const real = supabaseStorage({
      url: supabaseUrl,
      secretKey,
      fetch: backend.fetch(weather, own.stream('function')),
    });
    const storage = points.guard(
      'storage',
      mutate(real, () => !points.dead),
      ['sessionBrief', 'storeEntries', 'completeSession'],
    );
    const config = testConfig({ JWT_SECRET: jwtSecret });
    const app = await buildApp({ config, storage });
    app.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await app.listen({ port: this.#port, host: '127.0.0.1' });
    this.#port = (app.server.address() as AddressInfo).port;
    this.#points = points;
    this.#app = app;
  }

  async #end(app: FastifyInstance): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await app.close();
  }
}
