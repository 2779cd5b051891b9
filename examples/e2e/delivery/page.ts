import type { ServerMessage, WriterId } from '@interview/protocol';
import { Courier } from '../../../packages/rtc/src/delivery/courier.ts';
import { Outbox, type Row } from '../../../packages/rtc/src/delivery/outbox.ts';
import { silentLogger } from '../../../packages/rtc/src/logger.ts';
import type { Signaller } from '../../../packages/rtc/src/signalling/signaller.ts';
import { newWriter } from '../../../proxy/src/testing/proxy.ts';
import type { Session } from './backend.ts';
import type { Browser } from './browser.ts';
import { openDisk, type Disk } from './disk.ts';
import { Network } from './network.ts';
import { Points } from './points.ts';
import type { Random } from './random.ts';
import { makeSignaller } from './signaller.ts';
import type { Weather } from './weather.ts';

/** What a courier uses of a signaller. */
type Carrier = Pick<Signaller, 'request' | 'flush'>;
/** Changes how a page sends. */
export type SignallerMutation = (signaller: Carrier, outbox: Outbox) => Carrier;

export interface PageOptions {
  session: Session;
  browser: Browser;
  /** Of the proxy, `host:port`. */
  address: string;
  weather: Weather;
  random: Random;
  mutate: SignallerMutation;
  /** The disk refuses rows from the one after this on; null where it never does. Such a page is never killed. */
  fullAfter: number | null;
}

/** What asking for the completion came to. */
export type Asked = 'completed' | 'incomplete' | 'failed';

/** The real outbox, courier and signaller of one page load. It can be killed at each of their awaits. */
export class Page {
  readonly writer: WriterId = newWriter();
  readonly network: Network;
  /** Aborted when the page dies. */
  readonly death = new AbortController();
  readonly #options: PageOptions;
  readonly #points: Points;
  #outbox: Outbox | null = null;
  #courier: Courier | null = null;
  #signaller: Signaller | null = null;
  #spared: boolean;
  #disk: Disk | null = null;

  constructor(options: PageOptions) {
    const { weather, random, fullAfter } = options;
    this.#options = options;
    this.#spared = fullAfter !== null;
    const path = random.stream('network');
    this.network = new Network(weather, path, path.chance(0.2));
    this.#points = new Points(weather, random, 'killPage', 120, () => this.kill());
    if (this.#spared) this.#points.spare();
    this.death.signal.addEventListener('abort', () => (this.#points.dead = true));
  }

  /** It holds rows that are nowhere else: to lose it is to lose them, and the page has said so. */
  get spared(): boolean {
    return this.#spared;
  }

  get alive(): boolean {
    return !this.death.signal.aborted;
  }

  /** Starts as a session does: takes up the store, connects. Resolves also when it was killed on the way. */
  async open(): Promise<void> {
    await this.unlessDead(this.#open());
  }

  /** Hands a row over, as a call does. Resolves true when it is stored, false when the page died before. */
  async append(row: Row): Promise<boolean> {
    const stored = await this.unlessDead(this.#outbox?.append(row).then(() => true));
    this.#courier?.wake();
    return stored ?? false;
  }

  /** What the end of an interview does to get everything to the server, once. */
  async complete(): Promise<Asked | undefined> {
    return this.unlessDead(this.#complete());
  }

  /** All that this page holds is acknowledged. */
  async drained(deadlineMs: number): Promise<boolean | undefined> {
    return this.unlessDead(this.#courier?.drained(deadlineMs));
  }

  /** A completed interview leaves nothing in the browser. */
  async forget(): Promise<void> {
    await this.unlessDead(this.#outbox?.clear());
  }

  /** Closed or reloaded: what can be flushed is, and then the page is gone. */
  leave(): void {
    this.#courier?.flush();
    this.kill();
  }

  /** Stops at its next await until `thawed` resolves; its locks stay taken. */
  freezeUntil(thawed: Promise<unknown>): void {
    this.#points.freezeUntil(thawed);
  }

  /** Dies at its `count`-th await from now. */
  doom(count: number): void {
    this.#points.doom(count);
  }

  kill(): void {
    if (this.alive && !this.#spared) this.close();
  }

  close(): void {
    this.death.abort();
    this.#courier?.stop();
    this.#signaller?.close();
  }

  /** The result of `work`, or undefined as soon as the page is dead. */
  unlessDead<T>(work: Promise<T> | undefined): Promise<T | undefined> {
    const { signal } = this.death;
    if (signal.aborted) return Promise.resolve(undefined);
    const died = new Promise<undefined>((resolve) =>
      signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    );
    return Promise.race([work, died]);
  }

  async #open(): Promise<void> {
    const { browser, fullAfter } = this.#options;
    this.#disk = await openDisk(browser.disk, fullAfter);
    const methods = ['read', 'append', 'acknowledge', 'clear'] as const;
    const store = this.#points.guard('store', this.#disk.store, methods);
    if (store.kind === 'memory') this.#spare();
    const outbox = await Outbox.open({
      store,
      logger: silentLogger,
      sessionId: this.#options.session.id,
      writerId: this.writer,
      onChange: ({ kept }) => kept === 'memory' && this.#spare(),
    });
    this.#outbox = outbox;
    this.#connect(outbox);
  }

  /** Joins a session, also again: rows stay where they are. */
  #connect(outbox: Outbox): void {
    if (!this.alive) return;
    const { session, browser, address, mutate } = this.#options;
    const random = (): number => this.#options.random.next();
    const signaller = makeSignaller({
      address,
      session,
      writerId: this.writer,
      network: this.network,
      // A tenth of the usual spread: these pages are alone.
      random: () => random() / 10,
      handlers: {
        onReady: ({ writers }) => void courier.connected(writers),
        onDown: () => courier.disconnected(),
        onMessage: () => undefined,
        onRefused: (error) => {
          this.#options.weather.note(`connection given up: ${error.message}`);
          courier.stop();
          this.#connect(outbox);
        },
      },
    });
    const courier = new Courier({
      outbox,
      signaller: this.#points.guard('signaller', mutate(signaller, outbox), ['request']),
      locks: browser.locksOf(this.death.signal),
      logger: silentLogger,
      random,
      onRefused: (error) => this.#options.weather.note(`delivery given up: ${error.message}`),
    });
    [this.#courier, this.#signaller] = [courier, signaller];
    signaller.connect(this.death.signal);
  }

  async #complete(): Promise<Asked> {
    const [outbox, courier, signaller] = [this.#outbox, this.#courier, this.#signaller];
    if (!outbox || !courier || !signaller) return 'failed';
    try {
      await signaller.whenReady(5_000);
      await courier.drained(3_000);
      // A disk that does not answer hides what other pages left: another attempt may see it.
      if (this.#disk?.blind()) return 'failed';
      const reply = await this.#ask(outbox, signaller);
      if (reply.type === 'completed') return 'completed';
      if (reply.type === 'incomplete') outbox.missing(reply.missing);
      courier.wake();
      return 'incomplete';
    } catch {
      return 'failed';
    }
  }

  async #ask(outbox: Outbox, signaller: Signaller): Promise<ServerMessage> {
    const { marks: writers, lost } = outbox;
    await this.#points.pass('before complete');
    const message = {
      type: 'complete' as const,
      reason: 'candidate_ended' as const,
      writers,
      lost,
    };
    const reply = await signaller.request(message, 15_000);
    await this.#points.pass('after complete');
    return reply;
  }

  #spare(): void {
    if (!this.alive) return;
    if (!this.#spared) this.#options.weather.note('disk too slow');
    this.#spared = true;
    this.#points.spare();
  }
}
