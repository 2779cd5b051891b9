import { origin } from './backend.ts';
import { Line } from './line.ts';
import type { Random } from './random.ts';
import type { Weather } from './weather.ts';

type WebSocketClass = new (url: string, protocols: string[]) => WebSocket;

/** One page's way to the proxy: real connections over loopback, cut, slow and repeating as the weather is. */
export class Network {
  readonly #weather: Weather;
  readonly #random: Random;
  readonly #socketsBlocked: boolean;
  readonly #lines = new Set<Line>();
  #cut = new AbortController();

  /** @param socketsBlocked no WebSocket gets through, so that the page has to do with HTTP */
  constructor(weather: Weather, random: Random, socketsBlocked: boolean) {
    this.#weather = weather;
    this.#random = random;
    this.#socketsBlocked = socketsBlocked;
  }

  /** To be given as the port `WebSocket`. */
  get WebSocket(): WebSocketClass {
    const [weather, random, lines] = [this.#weather, this.#random, this.#lines];
    const blocked = this.#socketsBlocked;
    return class extends Line {
      constructor(url: string, protocols: string[]) {
        if (blocked) throw new DOMException('Blocked.', 'SecurityError');
        super(new WebSocket(url, protocols), weather, random);
        lines.add(this);
      }
    } as unknown as WebSocketClass;
  }

  /** To be given as the port `fetch`. What is sent with `keepalive` outlives the page. */
  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const struck = (odds: 'cut' | 'duplicate' | 'late', what: string): boolean =>
      this.#weather.strikes(this.#random, odds, `request ${odds} ${what}`);
    const send = async (): Promise<Response> => {
      const headers = { ...(init.headers as Record<string, string>), origin };
      const signals = init.keepalive ? [] : [this.#cut.signal];
      if (init.signal) signals.push(init.signal);
      return fetch(input, { ...init, headers, signal: AbortSignal.any(signals) });
    };
    if (init.keepalive) this.#weather.note('request flushed');
    const [late, ms] = [struck('late', 'sending'), this.#random.between(1, 40)];
    if (late) await new Promise((resolve) => setTimeout(resolve, ms));
    if (struck('cut', 'before sending')) throw new TypeError('The network was lost.');
    const twice = struck('duplicate', 'sending') && init.method === 'POST';
    if (twice) void send().catch(() => undefined);
    const reply = await send();
    if (!struck('cut', 'before receiving')) return reply;
    await reply.body?.cancel();
    throw new TypeError('The network was lost.');
  };

  /** Cuts every connection. */
  cut(): void {
    for (const line of this.#lines) line.cut();
    this.#lines.clear();
    this.#cut.abort(new TypeError('The network was lost.'));
    this.#cut = new AbortController();
  }
}
