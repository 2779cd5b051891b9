import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stop } from './child.ts';
import { secret } from './load.ts';

/** From the start of the process until `/readyz` says so, with a database that answers at once. Milliseconds. */
export async function coldStart(): Promise<number> {
  const database = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{}');
  });
  database.listen(0, '127.0.0.1');
  await once(database, 'listening');
  const port = await freePort();
  const since = performance.now();
  const child = spawn(
    process.execPath,
    ['--conditions=source', fileURLToPath(new URL('../src/server.ts', import.meta.url))],
    {
      env: {
        ...process.env,
        PORT: String(port),
        HOST: '127.0.0.1',
        JWT_SECRET: secret,
        SIMULATION_MODE: 'true',
        SUPABASE_URL: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
        SUPABASE_SECRET_KEY: 'sb_secret_bench',
        LOG_LEVEL: 'silent',
      },
      stdio: 'inherit',
    },
  );
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
