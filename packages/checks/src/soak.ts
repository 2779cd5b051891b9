import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * What `npm run soak` runs: the same tests again and again, since property tests draw new cases and real calls meet
 * new timings each time. `--minutes N` (default 30, at most 60) says how long.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Math.min(60, Math.max(1, Number(values.minutes) || 30));
const until = Date.now() + minutes * 60_000;

const rounds: readonly (readonly string[])[] = [
  [
    'run',
    '--silent',
    'test:unit',
    '--',
    'assembler',
    'interview',
    'conversation',
    '--reporter=dot',
  ],
  ['run', '--silent', 'test:e2e', '--', 'voice-interview', '--reporter=dot'],
];

function npm(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    spawn('npm', args, { stdio: 'inherit' }).on('close', (code) => resolve(code ?? 1));
  });
}

let passed = 0;
let failed = 0;
while (Date.now() < until && failed === 0) {
  for (const args of rounds) {
    if ((await npm(args)) === 0) passed += 1;
    else failed += 1;
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
