import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dockerfile = readFileSync(join(root, 'proxy/Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
const fly = readFileSync(join(root, 'proxy/fly.toml'), 'utf8');
const server = readFileSync(join(root, 'proxy/src/server.ts'), 'utf8');

interface Step {
  instruction: string;
  rest: string;
}

const steps: Step[] = dockerfile
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => {
    const [, instruction = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return { instruction, rest };
  });
/** The second stage. */
const image = steps.slice(steps.findLastIndex(({ instruction }) => instruction === 'FROM'));

/** The arguments of an instruction in its JSON form. */
function command(instruction: 'CMD' | 'HEALTHCHECK'): string[] {
  const { rest = '' } = image.find((step) => step.instruction === instruction) ?? {};
  return JSON.parse(rest.slice(rest.indexOf('['))) as string[];
}

/** What `.dockerignore` keeps out of every copy: tests, and what only they use. */
const isTest = (path: string): boolean => /\.test\.ts$|\/testing(\/|$)/.test(path);

/** Does by hand what Docker does with copies and runs. Both stages share a folder, to which npm's links are relative. */
function carryOut({ instruction, rest }: Step, folder: string): void {
  if (instruction === 'RUN') {
    const [name = '', ...given] = rest.split(' ');
    execFileSync(name, [...given, '--prefer-offline'], { cwd: folder, stdio: 'pipe' });
  }
  if (instruction !== 'COPY' || rest.startsWith('--from')) return;
  const words = rest.split(' ');
  const target = words.pop() ?? '';
  for (const word of words) {
    const into = join(folder, target.endsWith('/') ? join(target, basename(word)) : target);
    mkdirSync(dirname(into), { recursive: true });
    const filter = (path: string): boolean => !isTest(relative(root, path));
    cpSync(join(root, word), into, { recursive: true, filter });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interview-image-'));
  for (const step of steps) carryOut(step, folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the image', () => {
  it('holds what runs the server, and no test', async () => {
    const port = String(await freePort());
    const [node = '', ...args] = command('CMD');
    expect(node).toBe('node');
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: {
        PORT: port,
        SIMULATION_MODE: 'true',
        JWT_SECRET: 'x'.repeat(32),
        SUPABASE_URL: 'http://127.0.0.1:9',
        SUPABASE_SECRET_KEY: 'sb_secret_test',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const healthy = (): boolean => {
      const [, ...probe] = command('HEALTHCHECK');
      try {
        execFileSync(process.execPath, probe, { env: { PORT: port }, stdio: 'pipe' });
        return true;
      } catch {
        return false;
      }
    };
    expect(healthy()).toBe(false);
    await expect.poll(healthy, { timeout: 20_000 }).toBe(true);
    const page = await fetch(`http://127.0.0.1:${port}/realtime-test.html`);
    expect(page.status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    for (const name of ['vitest', 'typescript', 'esbuild', '@interview/simulator']) {
      expect(existsSync(join(folder, 'node_modules', name))).toBe(false);
    }
    expect(existsSync(join(folder, 'proxy/src/testing'))).toBe(false);
  }, 60_000);

  it('runs as nobody who may do more, and says how it is', () => {
    expect(image).toContainEqual({ instruction: 'USER', rest: 'node' });
    expect(image.map(({ instruction }) => instruction)).toContain('HEALTHCHECK');
    // One version of Node builds and runs it, the one that the repository brings along.
    const bases = steps.filter(({ instruction }) => instruction === 'FROM');
    const [version] = readFileSync(join(root, '.nvmrc'), 'utf8').trim().split('.');
    for (const { rest } of bases) expect(rest).toMatch(new RegExp(`^node:${version}-`));
  });

  it('is built of what .dockerignore lets through', () => {
    const rules = readFileSync(join(root, '.dockerignore'), 'utf8').trim().split('\n');
    const copied = steps
      .filter(({ instruction, rest }) => instruction === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    for (const path of copied) expect(rules).toContain(`!${path}`);
    const open = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    expect(open.filter((path) => !copied.includes(path))).toEqual([]);
  });
});

describe('the machine', () => {
  const setting = (name: string): string =>
    new RegExp(`^\\s*${name} = "?([^"\\n]+?)"?$`, 'm').exec(fly)?.[1] ?? '';

  it('gives a stop the time that the server takes', () => {
    const delay = Number(/CLOSE_DELAY_MS = ([\d_]+)/.exec(server)?.[1]?.replaceAll('_', ''));
    const wait = Number(/IN_FLIGHT_MS = ([\d_]+)/.exec(server)?.[1]?.replaceAll('_', ''));
    expect(setting('kill_signal')).toBe('SIGTERM');
    expect(parseInt(setting('kill_timeout')) * 1000).toBeGreaterThan(delay);
    expect(delay).toBeGreaterThan(wait);
  });

  it('is where and what the runbook says', () => {
    expect(setting('app')).toBe('interview-sdp-proxy');
    expect(setting('primary_region')).toBe('mia');
    expect(setting('internal_port')).toBe(setting('PORT'));
    // `fly proxy` comes over IPv6.
    expect(setting('HOST')).toBe('::');
    expect(existsSync(join(root, 'proxy', setting('dockerfile')))).toBe(true);
    expect(fly).not.toMatch(/^\s*(JWT_SECRET|OPENAI_API_KEY|SUPABASE_SECRET_KEY)/m);
  });
});
