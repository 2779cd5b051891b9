import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../server.ts', import.meta.url));

/** The proxy as it is run in production: `server.ts` in a process of its own. */
export class ProxyProcess {
  /** Everything that it logged, a line each. */
  readonly lines: string[] = [];
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcess;
  readonly #looks = new Set<() => void>();
  port = 0;

  private constructor(environment: Record<string, string>) {
    const child = spawn(process.execPath, ['--conditions=source', entry], {
      env: { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        for (const look of [...this.#looks]) look();
      });
    }
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  /** Runs one that may refuse to start. */
  static run(environment: Record<string, string>): ProxyProcess {
    return new ProxyProcess(environment);
  }

  /** Runs one, and waits until it listens. */
  static async start(environment: Record<string, string>): Promise<ProxyProcess> {
    const proxy = new ProxyProcess(environment);
    const line = await proxy.until((one) => one.includes('Server listening at'));
    proxy.port = Number(/Server listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
    return proxy;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The first line that fits, already logged or to come. Rejects when it ends without one. */
  async until(fits: (line: string) => boolean): Promise<string> {
    const found = new Promise<string>((resolve) => {
      const look = (): void => {
        const line = this.lines.find(fits);
        if (line === undefined) return;
        this.#looks.delete(look);
        resolve(line);
      };
      this.#looks.add(look);
      look();
    });
    const ended = this.ended.then(() => {
      throw new Error(`The proxy ended:\n${this.lines.join('\n')}`);
    });
    return Promise.race([found, ended]);
  }

  /** From now on nobody reads what it logs. */
  deafen(): void {
    this.#child.stdout?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it whatever it does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}
