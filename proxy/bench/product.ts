import type { AddressInfo } from 'node:net';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { plainFetch } from '../src/plain-fetch.ts';
import { openAiRealtime } from '../src/upstream/openai-realtime.ts';
import type { Upstream } from '../src/upstream/port.ts';
import { ManySessions } from './storage.ts';

/**
 * The proxy as it is, over storage in memory. Prints its address; answers `memory`, `rows` and `doubled` over IPC. With
 * `SIDEBAND=none` it does all that it does but for the second connection to the provider, which nobody else in the
 * comparison has: its supervisors talk to nobody.
 */
const config = readConfig();
const storage = new ManySessions();
const provider = openAiRealtime({
  fetch: plainFetch,
  ...config.openai,
  apiKey: 'sk-bench',
  name: 'openai',
});
const unheard: Upstream = {
  ...provider,
  attach: (_id, { closed }) => Promise.resolve({ send: () => undefined, close: closed }),
};
const alone = { choose: () => unheard, named: () => unheard };
const app = await buildApp({
  config,
  storage,
  ...(process.env['SIDEBAND'] === 'none' ? { upstreams: alone } : {}),
});
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });

process.on('message', (question) => {
  globalThis.gc?.();
  const rows = [...storage.marks.values()].reduce((sum, mark) => sum + mark, 0);
  const answers = { memory: process.memoryUsage().rss, rows, doubled: storage.doubled };
  process.send?.(answers[question as keyof typeof answers]);
});
console.log(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
