import type { Random } from './random.ts';
import type { Weather } from './weather.ts';

/** One connection, as far as a page uses a browser's WebSocket. */
export class Line extends EventTarget {
  readonly #socket: WebSocket;
  readonly #weather: Weather;
  readonly #random: Random;
  #closed = false;

  constructor(socket: WebSocket, weather: Weather, random: Random) {
    super();
    this.#socket = socket;
    this.#weather = weather;
    this.#random = random;
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    socket.addEventListener('close', ({ code }) => this.#end(code));
  }

  send(text: string): void {
    if (this.#struck('cut', 'before sending')) {
      this.cut();
      return;
    }
    this.#inTime('sending', () => this.#write(text));
    if (this.#struck('duplicate', 'sending')) this.#inTime('sending', () => this.#write(text));
    if (this.#struck('cut', 'after sending')) setTimeout(() => this.cut(), 5);
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  /** The page is told at once that it is gone; what it wrote before may still arrive. */
  cut(): void {
    this.#socket.close();
    setTimeout(() => this.#end(1006));
  }

  #write(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  #receive(data: string): void {
    if (this.#struck('cut', 'before receiving')) {
      this.cut();
      return;
    }
    const tell = (): boolean =>
      !this.#closed && this.dispatchEvent(new MessageEvent('message', { data }));
    this.#inTime('receiving', tell);
    if (this.#struck('duplicate', 'receiving')) this.#inTime('receiving', tell);
  }

  /** Now, or so late that others overtake it. */
  #inTime(what: string, work: () => void): void {
    const late = this.#struck('late', what);
    const ms = this.#random.between(1, 40);
    if (late) setTimeout(work, ms);
    else work();
  }

  #struck(odds: 'cut' | 'duplicate' | 'late', what: string): boolean {
    return this.#weather.strikes(this.#random, odds, `socket ${odds} ${what}`);
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}
