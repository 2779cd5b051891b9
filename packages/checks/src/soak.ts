import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, sources } from './imports.ts';

/**
 * What `npm run soak` runs: 500 seeded delivery schedules, 200 cycles of the leak test and 4,000 sockets at one proxy
 * once, then, as long as there is time, what draws new cases or meets new timings at each run: property tests and voice
 * interviews.
 * `--minutes N` (default 30, at most 60) says how long; `--seed N` repeats the schedules of an earlier run. Its last
 * line is `N passed, N failed`, counted in runs.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } },
});
const minutes = Math.min(60, Math.max(1, Number(values.minutes) || 30));
const seed = Number(values.seed ?? randomInt(1, 1_000_000));
const until = Date.now() + minutes * 60_000;

/** Tests whose cases fast-check draws. */
const drawn = ['packages', 'proxy/src', 'supabase']
  .flatMap(sources)
  .filter((path) => path.endsWith('.test.ts') && !path.endsWith('.browser.test.ts'))
  .filter((path) => readFileSync(join(root, path), 'utf8').includes(`from 'fast-check'`));
const inDatabase = (path: string): boolean => path.startsWith('supabase/tests/');

const once: readonly (readonly string[])[] = [
  ['test:sql', 'examples/e2e/delivery', '--mode', `soak-${seed}`],
  ['test:e2e', 'leaks', '--mode', 'soak'],
  ['soak:sockets'],
];
const again: readonly (readonly string[])[] = [
  ['test:unit', ...drawn.filter((path) => !inDatabase(path)), '--reporter=dot'],
  ['test:sql', ...drawn.filter(inDatabase), '--reporter=dot'],
  ['test:e2e', 'voice-interview', '--reporter=dot'],
];

/** True when the run passed. */
function run([script, ...args]: readonly string[]): Promise<boolean> {
  console.log(`\n── npm run ${script ?? ''} -- ${args.join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script ?? '', '--', ...args], {
      stdio: 'inherit',
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

const outcome = { passed: 0, failed: 0 };

async function runAll(runs: readonly (readonly string[])[]): Promise<void> {
  for (const one of runs) {
    if (await run(one)) outcome.passed += 1;
    else outcome.failed += 1;
  }
}

console.log(`${minutes} minutes; the seed is ${seed} (npm run soak -- --seed ${seed})`);
await runAll(once);
do await runAll(again);
while (Date.now() < until && outcome.failed === 0);
console.log(`\n${outcome.passed} passed, ${outcome.failed} failed`);
process.exit(outcome.failed === 0 ? 0 : 1);
