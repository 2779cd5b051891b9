import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf, root } from './folders.ts';
import { takeLock } from './lock.ts';
import { StackError } from './stack-error.ts';
import { startStack, type Stack } from './stack.ts';
import { summary } from './summary.ts';
import { watchFolders } from './watch-folders.ts';

/**
 * What `npm start` runs. `--reset` forgets the local data first; `--simulated` needs no key and uses none; `--watch`
 * begins the proxy anew whenever its code changes.
 */
async function main(): Promise<void> {
  const began = performance.now();
  const home = join(root, '.local');
  const { reset, simulated, watch } = readArguments(process.argv.slice(2));
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
    simulated,
    signal: abort.signal,
    onProgress: (step) => console.log(`  ${step}`),
    onMail: ({ to, text }) => {
      console.log(`\n  Mail to ${to}: ${text.split('\n')[0] ?? ''}`);
    },
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
  if (watch) restartOnChange(stack);
}

function restartOnChange(stack: Stack): void {
  const folders = ['proxy/src', 'proxy/public', 'packages/protocol/src'];
  watchFolders(
    folders.map((folder) => join(root, folder)),
    async () => {
      const began = performance.now();
      try {
        await stack.restart('proxy');
        console.log(`  Proxy begun anew (${Math.round(performance.now() - began)} ms)`);
      } catch (error) {
        console.error(error instanceof StackError ? `\n${error.message}` : error);
      }
    },
  );
  console.log('  The proxy begins anew whenever its code changes.');
}

const known = ['--reset', '--simulated', '--watch'];

function readArguments(given: readonly string[]) {
  const unknown = given.find((argument) => !known.includes(argument));
  if (unknown !== undefined) {
    throw new StackError(`${unknown} is not known. There are ${known.join(', ')}.`);
  }
  const [reset = false, simulated = false, watch = false] = known.map((one) => given.includes(one));
  return { reset, simulated, watch };
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
