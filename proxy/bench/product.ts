import type { AddressInfo } from 'node:net';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { ManySessions } from './storage.ts';

/** The proxy as it is, over storage in memory. Prints its address; answers `memory` and `rows` over IPC. */
const storage = new ManySessions();
const app = await buildApp({ config: readConfig(), storage });
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });

process.on('message', (question) => {
  globalThis.gc?.();
  const rows = [...storage.marks.values()].reduce((sum, mark) => sum + mark, 0);
  const answers = { memory: process.memoryUsage().rss, rows, doubled: storage.doubled };
  process.send?.(answers[question as keyof typeof answers]);
});
console.log(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
