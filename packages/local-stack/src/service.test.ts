import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Service } from './service.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-service-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A service that runs `code`, in which `port` is where it is expected. */
async function serviceOf(code: string, args: readonly string[] = []): Promise<Service> {
  const port = await getPort();
  const script = join(folder, 'service.mjs');
  writeFileSync(script, `import { createServer } from 'node:http'; const port = ${port};\n${code}`);
  return new Service({
    name: 'clerk',
    command: process.execPath,
    args: [...args, script],
    cwd: folder,
    environment: {},
    log: join(folder, 'logs', 'clerk.log'),
    readyUrl: `http://127.0.0.1:${port}/`,
    patienceMs: 15_000,
  });
}

const serve = `createServer((request, response) => {
  response.end('ready');
  if (request.url === '/crash') { console.error('the till is empty'); process.exit(7); }
}).listen(port, '127.0.0.1', () => console.log('pid ' + process.pid));`;

function pidOf(): number {
  return Number(/pid (\d+)/.exec(readFileSync(join(folder, 'logs', 'clerk.log'), 'utf8'))?.[1]);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that ended and that nobody has collected yet still has its number.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

describe('Service', () => {
  it('is started once it answers, and gone once it is stopped', async () => {
    const service = await serviceOf(serve);
    const crashes: string[] = [];
    service.onCrash = (report) => crashes.push(report);
    await service.start();
    const pid = pidOf();
    expect(lives(pid)).toBe(true);
    await service.stop();
    expect(lives(pid)).toBe(false);
    expect(crashes).toEqual([]);
  });

  it('begins again at the same address', async () => {
    const service = await serviceOf(serve);
    await service.start();
    const first = pidOf();
    await service.stop();
    await service.start();
    expect(pidOf()).not.toBe(first);
    await service.stop();
  });

  it('ends one that does not listen to being asked', async () => {
    const service = await serviceOf(`process.on('SIGTERM', () => {});\n${serve}`);
    await service.start();
    const pid = pidOf();
    await service.stop();
    expect(lives(pid)).toBe(false);
  });

  it('tells what it said last when it ends before it is ready', async () => {
    const service = await serviceOf(`console.error('no such till'); process.exit(3);`);
    await expect(service.start()).rejects.toThrow(
      /The clerk ended \(exit code 3\)[\s\S]*no such till/,
    );
  });

  it('tells of a crash later on, with its last words', async () => {
    const service = await serviceOf(serve);
    const crashed = new Promise<string>((resolve) => (service.onCrash = resolve));
    await service.start();
    const port = /port = (\d+)/.exec(readFileSync(join(folder, 'service.mjs'), 'utf8'))?.[1];
    await fetch(`http://127.0.0.1:${port}/crash`).catch(() => undefined);
    expect(await crashed).toMatch(/The clerk ended \(exit code 7\)[\s\S]*the till is empty/);
  });

  it('leaves nothing behind when the stack itself is killed', async () => {
    const preload = new URL('end-with-stack.ts', import.meta.url).href;
    writeFileSync(
      join(folder, 'child.mjs'),
      `console.log('pid ' + process.pid); setInterval(() => {}, 1000);`,
    );
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const { spawn } = require('node:child_process');
         const child = spawn(process.execPath, ['--import=${preload}', '${join(folder, 'child.mjs')}'],
           { detached: true, stdio: ['pipe', 'inherit', 'inherit'] });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(/pid (\d+)/.exec(said.toString())?.[1]);
    expect(lives(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
  });
});
