import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Redis of a test's own. */
export interface TestRedis {
  url: string;
  stop: () => Promise<void>;
}

/** True where a Redis server is installed. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('There is no redis-server on the path; limits shared by machines are not tested.');
    return false;
  }
}

/** Starts the Redis that is installed, on loopback, with nothing kept. */
export async function startRedis(port: number): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'interview-redis-'));
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface(server.stdout);
  for await (const line of lines) if (line.includes('Ready to accept connections')) break;
  server.stdout.resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
