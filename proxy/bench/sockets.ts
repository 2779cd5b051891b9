import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { startChild } from './child.ts';
import { newToken, quantile, secret } from './load.ts';

/**
 * Thousands of candidates at one proxy: each has a socket with a token, and every batch of rows is acknowledged.
 * `--sockets N`, default 4,000, `--rounds N`, default 3. It fails where a row is lost or doubled, or where a socket costs too much memory.
 */
const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
  },
});
const sockets = Math.max(1, Number(values.sockets) || 4_000);
const rounds = Math.max(2, Number(values.rounds) || 3);
const WARM_UP = 200;
const PER_SECOND = 500;
const BATCHES = 4;
const ROWS = 3;
const MOST_BYTES = 40 * 1024;

const many = '100000000';
const proxy = await startChild(
  'product.ts',
  {
    JWT_SECRET: secret,
    OPENAI_API_KEY: 'sk-bench',
    SUPABASE_URL: 'http://127.0.0.1:9',
    SUPABASE_SECRET_KEY: 'sb_secret_bench',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_SESSION: many,
    RATE_LIMIT_TENANT: many,
    RATE_LIMIT_ADDRESS: many,
  },
  ['--expose-gc'],
);
const url = `${proxy.url.replace(/^http/, 'ws')}/ws`;

interface Memory {
  /** Of the process, which gives back little of what it once had. */
  rss: number;
  /** What is still in use. */
  live: number;
}

/** Memory of the proxy once it has settled, bytes. */
async function memory(): Promise<Memory> {
  const least = { rss: Number.POSITIVE_INFINITY, live: Number.POSITIVE_INFINITY };
  for (let look = 0; look < 5; look += 1) {
    const { rss, live } = (await proxy.ask('memory')) as Memory;
    least.rss = Math.min(least.rss, rss);
    least.live = Math.min(least.live, live);
    await wait(300);
  }
  return least;
}

/** One candidate's page. */
class Page {
  readonly #socket: WebSocket;
  readonly #writer = `b_${randomBytes(16).toString('base64url')}`;
  readonly #since = performance.now();
  /** Milliseconds from opening the socket to `ready`. */
  readyMs = 0;
  acknowledged = 0;

  constructor() {
    this.#socket = new WebSocket(url, ['interview.v1', `bearer.${newToken()}`], {
      perMessageDeflate: false,
    });
  }

  async join(): Promise<void> {
    await this.#next('ready');
    this.readyMs = performance.now() - this.#since;
  }

  /** Delivers some rows, and waits for the acknowledgement of each batch. */
  async deliver(): Promise<void> {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const acknowledged = this.#next('ack');
      const entries = Array.from({ length: ROWS }, (_, row) => this.#row(batch * ROWS + row + 1));
      const message = { type: 'transcript', id: `t${batch}`, writer_id: this.#writer, entries };
      this.#socket.send(JSON.stringify(message));
      this.acknowledged = Number((await acknowledged)['last_sequence']);
      await wait(Math.random() * 500);
    }
  }

  async leave(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  async #next(type: string): Promise<Record<string, unknown>> {
    const [data] = (await once(this.#socket, 'message')) as [Buffer];
    const message = JSON.parse(data.toString()) as Record<string, unknown>;
    if (message['type'] !== type) throw new Error(`Expected ${type}, got ${data.toString()}`);
    return message;
  }

  #row(sequence: number): Record<string, unknown> {
    return {
      entry_id: `${randomUUID()}.item_${sequence}`,
      writer_id: this.#writer,
      sequence,
      revision: 0,
      role: 'candidate',
      text: 'I led the redesign of the checkout and halved the errors of our customers.',
      status: 'final',
      call_id: '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab',
      item_id: `item_${sequence}`,
      previous_item_id: null,
      position: 1024 * sequence,
      started_ms: 0,
      ended_ms: 1_000,
      heard_ms: null,
      language: null,
    };
  }
}

async function round(count: number): Promise<{ open: Memory; ready: number }> {
  const pages: Page[] = [];
  const joined: Promise<void>[] = [];
  const since = performance.now();
  for (let at = 0; at < count; at += 1) {
    const due = since + (at * 1000) / PER_SECOND;
    if (due > performance.now()) await wait(due - performance.now());
    const page = new Page();
    pages.push(page);
    joined.push(page.join());
  }
  await Promise.all(joined);
  await Promise.all(pages.map((page) => page.deliver()));
  const open = await memory();
  const unacknowledged = pages.filter((page) => page.acknowledged !== BATCHES * ROWS).length;
  if (unacknowledged > 0) throw new Error(`${unacknowledged} pages lack acknowledgements`);
  await Promise.all(pages.map((page) => page.leave()));
  return {
    open,
    ready: quantile(
      pages.map((page) => page.readyMs),
      0.99,
    ),
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
let failed = 0;
function mark(name: string, found: string, held: boolean): void {
  if (!held) failed += 1;
  console.log(`${held ? 'held  ' : 'MISSED'} ${name}: ${found}`);
}

// Everything is compiled before anything counts.
await round(WARM_UP);
const before = await memory();
const found: { open: Memory; after: Memory }[] = [];
for (let count = 1; count <= rounds; count += 1) {
  const { open, ready } = await round(sockets);
  const after = await memory();
  found.push({ open, after });
  console.log(
    `round ${count}: ${sockets} sockets, ready p99 ${ready.toFixed(0)} ms, ` +
      `${megabytes(open.rss)} (${megabytes(open.live)} live) open, ${megabytes(after.rss)} (${megabytes(after.live)} live) after`,
  );
}
const sent = (sockets * rounds + WARM_UP) * BATCHES * ROWS;
const stored = Number(await proxy.ask('rows'));
const doubled = Number(await proxy.ask('doubled'));
mark('no row lost', `${sent - stored} of ${sent}`, stored === sent);
mark('no row doubled', String(doubled), doubled === 0);
const cost = Math.max(...found.map(({ open }) => open.rss - before.rss)) / sockets;
mark('at most 40 KB a socket', `${(cost / 1024).toFixed(1)} KB`, cost <= MOST_BYTES);
const left = found.at(-1)?.after.live ?? Number.NaN;
mark(
  'memory back within 10 %',
  `${megabytes(before.live)} before, ${megabytes(left)} after`,
  left <= before.live * 1.1,
);
await proxy.stop();
process.exit(failed === 0 ? 0 : 1);
