import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addresses, describeStack, pagesConfig } from './addresses.ts';
import { bundleScripts } from './bundle.ts';
import { openDatabase, type Database } from './database.ts';
import { prepareDemo } from './demo.ts';
import { foldersOf, type Folders } from './folders.ts';
import { takeLock } from './lock.ts';
import { openMailbox, type Mail } from './mailbox.ts';
import { servePages } from './pages.ts';
import { choosePorts, usualPorts } from './ports.ts';
import type { Service } from './service.ts';
import { functionsService, proxyService, simulatorService, type Surroundings } from './services.ts';
import { readSettings, type Settings } from './settings.ts';
import { removeStackFile, writeStackFile, type StackInfo } from './stack-file.ts';
import { StackError } from './stack-error.ts';
import { serveSupabase } from './supabase-server.ts';

/** How to run a stack. */
export interface StackOptions {
  /** Keeps data, keys and logs here, and writes `stack.json`. Without it everything is temporary and in memory. */
  home?: string;
  /** `usual`: 54321, 8080, 3000 and 8090 where they are free. Default: any free ones. */
  ports?: 'usual' | 'free';
  /** Interviews through the simulator also where `OPENAI_API_KEY` is set. */
  simulated?: boolean;
  /** What the simulator plays, as its `PUT /simulator/scenario` takes it. */
  scenario?: unknown;
  /** Told what is being done, for people who wait. */
  onProgress?: (step: string) => void;
  /** Told of each message that a hosted project would send by e-mail, for example a code to sign in. */
  onMail?: (mail: Mail) => void;
  /** Told once when a child process ends by itself; the stack is then stopped already. */
  onCrash?: (report: string) => void;
  /** Gives up starting; a stack that runs is ended by `stop`. */
  signal?: AbortSignal;
}

/** A running stack. */
export interface Stack {
  info: StackInfo;
  /** Folder with a log for each service. */
  logs: string;
  /** What Auth would have sent by e-mail: a file of JSON objects, one a line. */
  mailbox: string;
  /** False where `OPENAI_API_KEY` is set. */
  simulated: boolean;
  /** What the reader should know, for example that a port was taken. */
  notices: readonly string[];
  /** Runs one statement as the owner of the database. */
  sql: Database['sql'];
  /** Ends one service and begins it again at the same address. */
  restart: (service: 'functions' | 'proxy' | 'simulator') => Promise<void>;
  /** Ends everything. Safe to call twice. */
  stop: () => Promise<void>;
}

/**
 * Runs the whole product on this machine: database, functions, proxy, provider and pages.
 *
 * @throws StackError where something can't run; nothing is left running then.
 * @example
 * const stack = await startStack({ scenario });
 * await page.goto(stack.info.candidateUrl);
 * await stack.stop();
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const closing: (() => Promise<void> | void)[] = [];
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= closeAll(closing));
  try {
    const assembled = assemble(options, closing, stop);
    return await (options.signal ? unlessAborted(assembled, options.signal) : assembled);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Whichever loses the race has nobody to report to.
  work.catch(() => undefined);
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new StackError('Stopped before it was ready.'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([work, aborted]);
}

/** Undoes in reverse. */
async function closeAll(closing: (() => Promise<void> | void)[]): Promise<void> {
  while (closing.length > 0) {
    const close = closing.pop();
    await close?.();
  }
}

type Closing = (() => Promise<void> | void)[];

async function assemble(
  options: StackOptions,
  closing: Closing,
  stop: () => Promise<void>,
): Promise<Stack> {
  const progress = options.onProgress ?? (() => undefined);
  const folders = claimFolders(options.home, closing);
  const settings = readSettings(options.home === undefined ? null : folders.keys);
  if (options.simulated === true) settings.simulated = true;
  const { ports, notices } = await choosePorts(wantedPorts(options.ports, settings));
  const urls = addresses(ports);
  const around: Surroundings = {
    settings,
    ports,
    logs: folders.logs,
    origins: urls.origins,
    scenario: options.scenario,
  };

  progress('Opening the database');
  const services = startServices(around, closing, progress);
  // A service that fails while the database opens is reported below, not as a rejection that nobody handles.
  services.ready.catch(() => undefined);
  const bundling = bundleScripts();
  bundling.catch(() => undefined);
  const database = await openDatabase(
    options.home === undefined ? null : folders.database,
    settings.keys,
    openMailbox(folders.mailbox, options.onMail),
  );
  closing.push(() => database.close());
  const supabase = await serveSupabase(ports.supabase, database, urls.functions);
  closing.push(() => supabase.close());

  progress('Preparing the demonstration');
  const demo = await prepareDemo(database, urls.supabase, settings.keys, urls.origins);
  const info = describeStack(urls, settings, demo);
  const pages = await servePages(ports.pages, await bundling, () => pagesConfig(info));
  closing.push(() => pages.close());

  progress('Waiting for the services');
  await services.ready;
  // Once more, so that they end first: a proxy that stops still has leases to give back.
  closing.push(() => stopAll(services.all));
  watch(services.all, stop, options.onCrash);
  writeStackFile(folders.stackFile, info);
  closing.push(() => removeStackFile(folders.stackFile));
  return {
    info,
    logs: folders.logs,
    mailbox: folders.mailbox,
    simulated: settings.simulated,
    notices,
    sql: database.sql,
    restart: (name) => restart(services.all, name),
    stop,
  };
}

function claimFolders(home: string | undefined, closing: Closing): Folders {
  if (home === undefined) {
    const temporary = mkdtempSync(join(tmpdir(), 'interview-stack-'));
    closing.push(() => rmSync(temporary, { recursive: true, force: true }));
    const folders = foldersOf(temporary);
    mkdirSync(folders.logs);
    return folders;
  }
  const folders = foldersOf(home);
  mkdirSync(folders.logs, { recursive: true });
  closing.push(takeLock(folders.lock));
  // One that a crash left behind would name addresses where nothing answers.
  removeStackFile(folders.stackFile);
  return folders;
}

function wantedPorts(
  kind: StackOptions['ports'],
  settings: Settings,
): Record<keyof typeof usualPorts, number> {
  if (kind !== 'usual') return { supabase: 0, proxy: 0, pages: 0, simulator: 0 };
  return { ...usualPorts, proxy: settings.proxyPort ?? usualPorts.proxy };
}

function startServices(
  around: Surroundings,
  closing: Closing,
  progress: (step: string) => void,
): { all: Service[]; ready: Promise<void> } {
  const all = [functionsService(around), proxyService(around)];
  if (around.settings.simulated) all.push(simulatorService(around));
  closing.push(() => stopAll(all));
  const ready = Promise.all(
    all.map(async (service) => {
      await service.start();
      progress(`Ready: ${service.name}`);
    }),
  );
  return { all, ready: ready.then(() => undefined) };
}

async function stopAll(services: readonly Service[]): Promise<void> {
  await Promise.all(services.map((service) => service.stop()));
}

function watch(
  services: readonly Service[],
  stop: () => Promise<void>,
  onCrash: StackOptions['onCrash'],
): void {
  for (const service of services) {
    service.onCrash = (report) => {
      void stop().then(() => onCrash?.(report));
    };
  }
}

async function restart(services: readonly Service[], name: string): Promise<void> {
  const service = services.find((one) => one.name === name);
  if (!service) throw new Error(`No ${name} runs in this stack.`);
  await service.stop();
  await service.start();
}
