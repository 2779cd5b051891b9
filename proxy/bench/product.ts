import type { AddressInfo } from 'node:net';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { plainFetch } from '../src/plain-fetch.ts';
import { ApiKeys } from '../src/upstream/api-keys.ts';
import { openAiRealtime } from '../src/upstream/openai-realtime.ts';
import type { Upstream } from '../src/upstream/port.ts';
import { ManySessions } from './storage.ts';

/**
 * The proxy as it is, over storage in memory, or in Postgres with `STORAGE=postgres`. Prints its address and answers
 * questions over IPC. With `SIDEBAND=none` it does all that it does but for the second connection to the provider,
 * which nobody else in the comparison has: its supervisors talk to nobody.
 */
const config = readConfig();
const memory = new ManySessions();
const database =
  process.env['STORAGE'] === 'postgres'
    ? await (await import('./postgres.ts')).postgresStorage()
    : null;
const provider = openAiRealtime({
  ...config.openai,
  name: 'openai',
  keys: new ApiKeys(['sk-bench']),
  keyHeader: 'authorization',
  supervised: true,
  fetch: plainFetch,
});
const unheard: Upstream = {
  ...provider,
  attach: (_id, { closed }) => Promise.resolve({ send: () => true, close: closed }),
};
const app = await buildApp({
  config,
  storage: database?.storage ?? memory,
  ...(process.env['SIDEBAND'] === 'none'
    ? { upstreams: { choose: () => unheard, named: () => unheard } }
    : {}),
});
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });

const answers: Record<string, () => unknown> = {
  memory: () => {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, live: heapUsed + external };
  },
  rows: () => [...memory.marks.values()].reduce((sum, mark) => sum + mark, 0),
  doubled: () => memory.doubled,
  engine: () => database?.engine,
  sessions: () => database?.sessions ?? [],
};
process.on('message', (question) => process.send?.(answers[String(question)]?.()));

async function shutDown(): Promise<void> {
  await app.close();
  await database?.close();
  process.exit(0);
}
process.once('SIGTERM', () => void shutDown());
process.once('disconnect', () => void shutDown());
console.log(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
