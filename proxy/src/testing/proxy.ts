import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { SESSION_TOKEN_TYPE, type SessionId, type WriterId } from '@interview/protocol';
import type { FastifyInstance } from 'fastify';
import { SignJWT } from 'jose';
import { WebSocket, type ClientOptions } from 'ws';
import { buildApp, type AppOptions } from '../app.ts';
import { readConfig, type Config } from '../config.ts';
import { offer, plan } from './interview.ts';
import { MemoryStorage } from './memory-storage.ts';
import { Provider } from './provider.ts';

export const secret = 'a secret of the tests that is long enough';
export const pageOrigin = 'https://jobs.example.com';
export const apiKey = 'sk-canary-0123456789';

/** A proxy with a provider and a database of its own. */
export interface TestProxy {
  app: FastifyInstance;
  provider: Provider;
  storage: MemoryStorage;
  session: SessionId;
  /** `ws://127.0.0.1:…/ws` */
  url: string;
  httpUrl: string;
  close: () => Promise<void>;
}

export function testConfig(env: Record<string, string> = {}): Config {
  return readConfig({
    JWT_SECRET: secret,
    OPENAI_API_KEY: apiKey,
    SUPABASE_URL: 'http://127.0.0.1:9',
    SUPABASE_SECRET_KEY: 'sb_secret_canary',
    LOG_LEVEL: 'silent',
    ...env,
  });
}

export async function startProxy(
  env: Record<string, string> = {},
  more: Partial<AppOptions> = {},
): Promise<TestProxy> {
  const provider = new Provider();
  const baseUrl = await provider.listen();
  const session = randomUUID() as SessionId;
  const storage = new MemoryStorage(session);
  const config = testConfig({ OPENAI_BASE_URL: baseUrl, LOG_LEVEL: 'trace', ...env });
  const leaks: string[] = [];
  const write = (line: string): void => {
    if (tellsTooMuch(line)) leaks.push(line);
  };
  const app = await buildApp({ config, storage, logTo: { write }, ...more });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return {
    app,
    provider,
    storage,
    session,
    url: `ws://127.0.0.1:${port}/ws`,
    httpUrl: `http://127.0.0.1:${port}`,
    close: async () => {
      await app.close();
      await provider.close();
      if (leaks.length > 0) throw new Error(`These lines hold what no log may:\n${leaks.join('')}`);
    },
  };
}

/** What tests of the proxy handle, and no line of its log may hold. */
const canaries = [
  ...[secret, apiKey, 'sb_secret_canary', ...offer.matchAll(/(?<=a=ice-pwd:).+/g)].map(String),
  ...[plan.greeting, plan.closing_text, ...plan.questions.map((question) => question.text)],
];

function tellsTooMuch(line: string): boolean {
  return line.includes('eyJ') || canaries.some((canary) => line.includes(canary));
}

export interface TokenOptions {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  secret?: string;
}

/** A session token as interview-start signs it, or a crooked one. */
export async function tokenFor(session: string, options: TokenOptions = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'interview-start',
    aud: ['interview-proxy', 'interview-transcript'],
    sub: randomUUID(),
    sid: session,
    tid: randomUUID(),
    org: [pageOrigin],
    iat: now,
    exp: now + 600,
    jti: randomUUID(),
    ...options.claims,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: SESSION_TOKEN_TYPE, ...options.header })
    .sign(new TextEncoder().encode(options.secret ?? secret));
}

export function newWriter(): WriterId {
  return `b_${randomBytes(16).toString('base64url')}` as WriterId;
}

export type Message = Record<string, unknown> & { type: string };

/** A candidate's page, as far as its socket goes. */
export class TestPage {
  readonly received: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly writer = newWriter();
  readonly socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #requests = 0;

  constructor(url: string, token: string | null, options: ClientOptions = {}) {
    const protocols = ['interview.v1', ...(token === null ? [] : [`bearer.${token}`])];
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()) as Message);
      for (const look of [...this.#waiting]) look();
    });
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** A page that is ready to talk. */
  static async join(proxy: TestProxy, options: TokenOptions = {}): Promise<TestPage> {
    const token = await tokenFor(proxy.session, options);
    const page = new TestPage(proxy.url, token, { origin: pageOrigin });
    await page.next('ready');
    return page;
  }

  send(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Sends a request and waits for what comes back under its id. */
  async ask(message: Message): Promise<Message> {
    this.#requests += 1;
    const id = `r${this.#requests}`;
    this.send({ id, ...message });
    return this.until((one) => one['id'] === (message['id'] ?? id));
  }

  next(type: string): Promise<Message> {
    return this.until((one) => one.type === type);
  }

  until(fits: (message: Message) => boolean, withinMs = 10_000): Promise<Message> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`Nothing fits among ${JSON.stringify(this.received)}`));
      }, withinMs);
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
}
