import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

/** How to run one child process. */
export interface ServiceOptions {
  /** As people know it, for example `proxy`. */
  name: string;
  command: string;
  args: readonly string[];
  cwd: string;
  /** All of its environment. */
  environment: Record<string, string>;
  /** Takes what it prints. */
  log: string;
  /** Answers 2xx once it is ready. */
  readyUrl: string;
  /** How long it may take to become ready, milliseconds. */
  patienceMs: number;
}

const lastLines = 25;
const graceMs = 3500;

/** One child process: started, watched, stopped. */
export class Service {
  readonly name: string;
  /** Told once when the process ends that nobody stopped. */
  onCrash: ((report: string) => void) | null = null;
  readonly #options: ServiceOptions;
  #child: ChildProcess | null = null;
  #stopping = false;

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /**
   * Runs it and waits until it is ready.
   *
   * @throws StackError with its last words where it ends before, or takes too long.
   */
  async start(): Promise<void> {
    const { command, args, cwd, environment, log } = this.#options;
    mkdirSync(dirname(log), { recursive: true });
    const out = openSync(log, 'w');
    this.#stopping = false;
    // In a group of its own: Ctrl-C at a terminal reaches the stack alone, which stops its services in order.
    // The pipe as standard input ends with the stack however that dies; services end with it.
    const child = spawn(command, args, {
      cwd,
      env: environment,
      detached: true,
      stdio: ['pipe', out, out],
    });
    closeSync(out);
    this.#child = child;
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
    });
    await this.#untilReady(ended);
    void ended.then((how) => {
      if (this.#child === child && !this.#stopping) this.onCrash?.(this.#report(how));
    });
  }

  /** Asks it to end, and makes it end when it does not within 3.5 s. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#stopping = true;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(impatient);
  }

  async #untilReady(ended: Promise<string>): Promise<void> {
    const { readyUrl, patienceMs } = this.#options;
    const end: { how: string | null } = { how: null };
    void ended.then((how) => (end.how = how));
    const deadline = performance.now() + patienceMs;
    // A child says nothing when it begins to listen, so it is asked.
    while (!(await answers(readyUrl))) {
      if (end.how !== null) throw new StackError(this.#report(end.how));
      if (this.#stopping) throw new StackError(`${this.name} was stopped before it was ready.`);
      if (performance.now() > deadline) {
        await this.stop();
        throw new StackError(this.#report(`not ready after ${patienceMs / 1000} s`));
      }
      await Promise.race([ended, wait(50)]);
    }
  }

  #report(how: string): string {
    const lines = readFileSync(this.#options.log, 'utf8').trimEnd().split('\n').slice(-lastLines);
    const said = lines.map((line) => `  ${line}`).join('\n');
    return `The ${this.name} ended (${how}). Its last words, from ${this.#options.log}:\n${said}`;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}
