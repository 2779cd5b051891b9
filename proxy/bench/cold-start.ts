import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from '../build.ts';
import { stop } from './child.ts';
import { secret } from './load.ts';

const entry = fileURLToPath(new URL('../dist/server.js', import.meta.url));

/**
 * Makes of the proxy what its image holds: no types, and what node compiled at a start without settings. Returns where
 * that is kept.
 */
export async function buildAsImage(): Promise<string> {
  build();
  const compiled = mkdtempSync(join(tmpdir(), 'interview-compiled-'));
  process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));
  const first = spawn(process.execPath, [entry], {
    env: { NODE_COMPILE_CACHE: compiled },
    stdio: 'ignore',
  });
  await once(first, 'exit');
  return compiled;
}

/**
 * From the start of the process until `/readyz` says so, as the image starts it and with a database that answers at
 * once. Milliseconds.
 *
 * @param compiled where `buildAsImage` has kept what was compiled
 */
export async function coldStart(compiled: string): Promise<number> {
  const database = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{}');
  });
  database.listen(0, '127.0.0.1');
  await once(database, 'listening');
  const port = await freePort();
  const since = performance.now();
  const child = spawn(process.execPath, [entry], {
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compiled,
      PORT: String(port),
      HOST: '127.0.0.1',
      JWT_SECRET: secret,
      SIMULATION_MODE: 'true',
      SUPABASE_URL: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
      SUPABASE_SECRET_KEY: 'sb_secret_bench',
      LOG_LEVEL: 'silent',
    },
    stdio: 'inherit',
  });
  for (;;) {
    const reply = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (reply?.status === 200) break;
    await wait(5);
  }
  const tookMs = performance.now() - since;
  await stop(child);
  database.closeAllConnections();
  database.close();
  return tookMs;
}

async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
