import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './install-browser.ts';

/**
 * What `npm test` runs: lint, types, sizes, unit, media, browser, SQL and end-to-end tests. Its last line is
 * `N passed, N failed`; every step counts, and so does every test in it.
 */
interface Step {
  name: string;
  script: string;
  args?: readonly string[];
  count: 'step' | 'vitest' | 'wtr';
  /** Lets the other lane go first, where sound must not stutter. */
  yields?: true;
}

interface Outcome {
  passed: number;
  failed: number;
}

const reports = mkdtempSync(join(tmpdir(), 'interview-tests-'));

/** Phases run one after the other; the lanes of a phase run side by side, and a lane's steps in order. */
const phases: readonly (readonly (readonly Step[])[])[] = [
  // What the others need: the built files, and code that holds together.
  [
    [
      { name: 'Build', script: 'build', count: 'step' },
      { name: 'Sizes', script: 'size', count: 'step' },
    ],
    [{ name: 'Types', script: 'typecheck', count: 'step' }],
  ],
  [
    // People who talk take their time, and most of that is waiting, in which the rest is done.
    [vitest('End-to-end tests', 'test:e2e')],
    [
      vitest('Media tests', 'test:media'),
      { name: 'Lint', script: 'lint', count: 'step', yields: true },
    ],
    [
      { ...vitest('Unit tests', 'test:unit'), yields: true },
      { ...vitest('SQL and RLS tests', 'test:sql'), yields: true },
      { name: 'Browser tests', script: 'test:browser', count: 'wtr' },
    ],
  ],
];

function vitest(name: string, script: string): Step {
  const file = join(reports, `${script.replace(':', '-')}.json`);
  return {
    name,
    script,
    count: 'vitest',
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  };
}

function run(step: Step, quiet: boolean): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', step.script, '--', ...(step.args ?? [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (step.yields && child.pid !== undefined) {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    }
    let output = '';
    const keep = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
      output += chunk.toString();
      if (!quiet) stream.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    child.on('close', (code) => {
      // Lanes that ran side by side tell at their end, each in one piece.
      if (quiet) console.log(`\n── ${title(step)}\n${output}`);
      resolve({ code: code ?? 1, output });
    });
  });
}

function title(step: Step): string {
  return `${step.name} (npm run ${step.script})`;
}

function outcome(step: Step, code: number, output: string): Outcome {
  const counted =
    step.count === 'wtr' ? countWtr(output) : step.count === 'vitest' ? countVitest(step) : null;
  if (!counted)
    return code === 0 && step.count === 'step'
      ? { passed: 1, failed: 0 }
      : { passed: 0, failed: 1 };
  // A runner that fails without a failed test (a broken file, an unhandled error) still fails.
  if (code !== 0 && counted.failed === 0) return { ...counted, failed: 1 };
  return counted;
}

function countVitest(step: Step): Outcome | null {
  const file = step.args?.at(-1)?.split('=')[1] ?? '';
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return null;
  }
}

function countWtr(output: string): Outcome | null {
  const last = [...output.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  return last ? { passed: Number(last[1]), failed: Number(last[2]) } : null;
}

const total: Outcome = { passed: 0, failed: 0 };
const table: string[] = [];

async function take(step: Step, quiet: boolean, browser: boolean): Promise<void> {
  if (!browser && ['test:browser', 'test:e2e'].includes(step.script)) {
    console.error(`${title(step)}: no Chrome or Chromium. Install one, or name it in CHROME_PATH.`);
    total.failed += 1;
    return;
  }
  console.log(quiet ? `… ${title(step)}` : `\n── ${title(step)}`);
  const began = performance.now();
  const { code, output } = await run(step, quiet);
  const { passed, failed } = outcome(step, code, output);
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  table.push(`${step.name.padEnd(20)} ${passed} passed, ${failed} failed (${seconds} s)`);
}

async function main(): Promise<number> {
  const browser = ensureBrowser() !== undefined;
  for (const lanes of phases) {
    await Promise.all(
      lanes.map(async (steps) => {
        for (const step of steps) await take(step, lanes.length > 1, browser);
      }),
    );
  }
  rmSync(reports, { recursive: true, force: true });
  console.log(`\n${table.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exit(await main());
