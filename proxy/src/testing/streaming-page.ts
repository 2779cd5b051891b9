import type { WriterId } from '@interview/protocol';
import {
  newWriter,
  pageOrigin,
  tokenFor,
  type Message,
  type TestProxy,
  type TokenOptions,
} from './proxy.ts';

/** A candidate's page without a socket: one event stream, and a request a message. */
export class StreamingPage {
  readonly received: Message[] = [];
  readonly writer: WriterId;
  readonly response: Response;
  /** Resolves when the stream has ended, however. */
  readonly ended: Promise<void>;
  token: string;
  readonly #proxy: TestProxy;
  readonly #abort: AbortController;
  readonly #waiting = new Set<() => void>();
  #requests = 0;

  private constructor(
    proxy: TestProxy,
    given: { token: string; writer: WriterId; response: Response; abort: AbortController },
  ) {
    this.#proxy = proxy;
    this.token = given.token;
    this.writer = given.writer;
    this.response = given.response;
    this.#abort = given.abort;
    this.ended = this.#read().catch(() => undefined);
  }

  /** A page that is ready to talk. */
  static async join(
    proxy: TestProxy,
    options: TokenOptions & { writer?: WriterId } = {},
  ): Promise<StreamingPage> {
    const { writer = newWriter() } = options;
    const token = await tokenFor(proxy.session, options);
    const abort = new AbortController();
    const response = await fetch(`${proxy.httpUrl}/v1/events?writer_id=${writer}`, {
      headers: { authorization: `Bearer ${token}`, origin: pageOrigin },
      signal: abort.signal,
    });
    const page = new StreamingPage(proxy, { token, writer, response, abort });
    if (response.ok) await page.next('ready');
    return page;
  }

  /** Sends one message and resolves with its reply; an error as `error` with the status. */
  async ask(message: Message): Promise<Message> {
    this.#requests += 1;
    const response = await fetch(`${this.#proxy.httpUrl}/v1/messages?writer_id=${this.writer}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
        origin: pageOrigin,
      },
      body: JSON.stringify({ id: `r${this.#requests}`, ...message }),
    });
    if (response.status === 204) return { type: 'nothing' };
    const body = (await response.json()) as Message;
    return response.ok ? body : { ...body, type: 'error', status: response.status };
  }

  leave(): void {
    this.#abort.abort();
  }

  next(type: string): Promise<Message> {
    return this.until((one) => one.type === type);
  }

  until(fits: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`Nothing fits among ${JSON.stringify(this.received)}`));
      }, 10_000);
      const look = (): void => {
        const found = this.received.find(fits);
        if (!found) return;
        clearTimeout(deadline);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async #read(): Promise<void> {
    let rest = '';
    const text = this.response.body?.pipeThrough(new TextDecoderStream());
    for await (const chunk of text ?? []) {
      const events = (rest + chunk).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        if (event.startsWith('data: ')) this.received.push(JSON.parse(event.slice(6)) as Message);
      }
      for (const look of [...this.#waiting]) look();
    }
  }
}
