import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf, root } from './folders.ts';
import { takeLock } from './lock.ts';
import { StackError } from './stack-error.ts';
import { startStack, type Stack } from './stack.ts';
import { summary } from './summary.ts';

/** What `npm start` runs. `--reset` forgets the local data first. */
async function main(): Promise<void> {
  const began = performance.now();
  const home = join(root, '.local');
  const { reset } = readArguments(process.argv.slice(2));
  if (reset) forget(home);
  const abort = new AbortController();
  const running: { stack: Stack | null } = { stack: null };
  const leave = (): void => {
    // A second Ctrl-C does not wait.
    if (abort.signal.aborted) process.exit(1);
    abort.abort();
    console.log('\nStopping …');
    void running.stack?.stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);

  console.log('Starting the interview room …');
  const starting = startStack({
    home,
    ports: 'usual',
    signal: abort.signal,
    onProgress: (step) => console.log(`  ${step}`),
    onCrash: (report) => {
      console.error(`\n${report}`);
      process.exit(1);
    },
  });
  const stack = await starting.catch((error: unknown) => {
    if (abort.signal.aborted) process.exit(0);
    throw error;
  });
  running.stack = stack;
  console.log(summary(stack, (performance.now() - began) / 1000));
}

function readArguments(given: readonly string[]): { reset: boolean } {
  const unknown = given.find((argument) => argument !== '--reset');
  if (unknown !== undefined) {
    throw new StackError(`${unknown} is not known. There is one option: npm start -- --reset`);
  }
  return { reset: given.includes('--reset') };
}

function forget(home: string): void {
  const release = takeLock(foldersOf(home).lock);
  release();
  rmSync(home, { recursive: true, force: true });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof StackError ? `\n${error.message}` : error);
  process.exit(1);
}
