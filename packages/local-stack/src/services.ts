import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { denoCache, root } from './folders.ts';
import type { Ports } from './ports.ts';
import { Service } from './service.ts';
import type { Settings } from './settings.ts';

/** What the services need to know of each other. */
export interface Surroundings {
  settings: Settings;
  ports: Ports;
  /** Folder for logs and what a service reads at its start. */
  logs: string;
  /** Origins of pages that may talk to the proxy. */
  origins: readonly string[];
  /** What the simulated interviewer and candidate say; undefined for the usual. */
  scenario?: unknown;
}

const conditions = '--conditions=source';
const patienceMs = 30_000;
const fromRoot = createRequire(join(root, 'package.json'));

/** The edge functions, in one Deno process. */
export function functionsService(around: Surroundings): Service {
  const { settings, ports, logs } = around;
  const folder = join(root, 'supabase', 'functions');
  return new Service({
    name: 'functions',
    command: denoBinary(),
    args: [
      'run',
      // What npm installed serves Deno too: the first start needs no network, and both sides run the same versions.
      ...['--quiet', '--no-prompt', '--no-lock', '--node-modules-dir=manual'],
      // No more than hosted functions are known to have.
      ...['--allow-net', '--allow-env', '--allow-read'],
      ...['--config', join(folder, 'deno.json')],
      join(import.meta.dirname, 'functions-server.ts'),
      folder,
      String(ports.functions),
    ],
    cwd: folder,
    environment: {
      ...settings.inherited,
      ...settings.tokenSecrets,
      DENO_DIR: denoCache,
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
      SUPABASE_URL: `http://127.0.0.1:${ports.supabase}`,
      SUPABASE_SECRET_KEY: settings.keys.secretKey,
      JWT_SECRET: settings.keys.jwtSecret,
      AUTH_JWT_SECRET: settings.keys.authJwtSecret,
      PROXY_URL: `http://localhost:${ports.proxy}`,
      SIMULATION_MODE: String(settings.simulated),
    },
    log: join(logs, 'functions.log'),
    readyUrl: `http://127.0.0.1:${ports.functions}/healthz`,
    patienceMs,
  });
}

/** The provider without a key. */
export function simulatorService({ settings, ports, logs, scenario }: Surroundings): Service {
  const scenarioFile = join(logs, 'scenario.json');
  if (scenario !== undefined) writeFileSync(scenarioFile, JSON.stringify(scenario));
  return new Service({
    name: 'simulator',
    ...node('packages/simulator/src/cli.ts'),
    environment: {
      ...settings.inherited,
      PORT: String(ports.simulator),
      HOST: '127.0.0.1',
      ...(scenario === undefined ? {} : { SIMULATOR_SCENARIO: scenarioFile }),
    },
    log: join(logs, 'simulator.log'),
    readyUrl: `http://127.0.0.1:${ports.simulator}/healthz`,
    patienceMs,
  });
}

/** The SDP proxy. */
export function proxyService({ settings, ports, logs, origins }: Surroundings): Service {
  return new Service({
    name: 'proxy',
    ...node('proxy/src/server.ts'),
    environment: {
      NODE_ENV: 'development',
      ...settings.inherited,
      ...settings.tokenSecrets,
      ...settings.providerKey,
      PORT: String(ports.proxy),
      HOST: '127.0.0.1',
      SIMULATION_MODE: String(settings.simulated),
      SIMULATOR_URL: `http://127.0.0.1:${ports.simulator}/v1`,
      JWT_SECRET: settings.keys.jwtSecret,
      SUPABASE_URL: `http://127.0.0.1:${ports.supabase}`,
      SUPABASE_SECRET_KEY: settings.keys.secretKey,
      ALLOWED_ORIGINS: [...new Set([...settings.allowedOrigins, ...origins])].join(','),
    },
    log: join(logs, 'proxy.log'),
    readyUrl: `http://127.0.0.1:${ports.proxy}/healthz`,
    patienceMs,
  });
}

function node(entry: string): { command: string; args: string[]; cwd: string } {
  const preload = new URL('end-with-stack.ts', import.meta.url).href;
  return {
    command: process.execPath,
    args: [conditions, `--import=${preload}`, join(root, entry)],
    cwd: root,
  };
}

/** Deno itself: through npm's link it would run below a second process, which a signal does not pass. */
function denoBinary(): string {
  const { runInstall } = fromRoot('deno/install_api.cjs') as { runInstall: () => string };
  return runInstall();
}
