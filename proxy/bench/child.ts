import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server of the bench in a process of its own. */
export interface Child {
  url: string;
  /** Asks it something over IPC. */
  ask: (question: string) => Promise<unknown>;
  stop: () => Promise<void>;
}

/** Starts `file` of this folder, which prints its address as its first line once it listens. */
export async function startChild(
  file: string,
  environment: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Child> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', ...flags, fileURLToPath(new URL(file, import.meta.url))],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const { stdout } = child;
  if (stdout === null) throw new Error('It has no standard output.');
  const [url] = (await once(createInterface(stdout), 'line')) as [string];
  stdout.resume();
  return {
    url,
    ask: async (question) => {
      const answered = once(child, 'message');
      child.send(question);
      const [answer] = (await answered) as [unknown];
      return answer;
    },
    stop: () => stop(child),
  };
}

/** Ends a process and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
