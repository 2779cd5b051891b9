/** Stands for a browser's WebSocket; `take` gets what the page sends. */
export class FakeSocket extends EventTarget {
  readonly url: URL;
  readonly protocols: string[];
  readyState = 0;
  /** Told when either side ends it. */
  onGone: () => void = () => undefined;
  readonly #take: (socket: FakeSocket, text: string) => void;

  constructor(url: string, protocols: string[], take: (socket: FakeSocket, text: string) => void) {
    super();
    this.url = new URL(url);
    this.protocols = protocols;
    this.#take = take;
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  send(text: string): void {
    // As browsers do (WHATWG WebSockets, `send`).
    if (this.readyState === 0) throw new DOMException('Still connecting.', 'InvalidStateError');
    this.#take(this, text);
  }

  hear(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  end(code: number): void {
    this.onGone();
    if (code === 1006) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }

  /** What a page closes tells it nothing more. */
  close(): void {
    this.onGone();
  }
}
