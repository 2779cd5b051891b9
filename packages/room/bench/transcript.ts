import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { browserFlags, findBrowser } from '../../checks/src/browser.ts';
import type { TalkPage } from './transcript-page.ts';

declare const talk: TalkPage;

/**
 * A room whose transcript holds 2,000 lines, none of them left out: `npm run bench -w packages/room`. Prints how long it
 * takes to show all of them at once, what one more costs in script and layout by the browser's own trace, and what the
 * heap holds after a line has changed many times. Fails beyond the marks.
 */
const LINES = 2_000;
const APPENDS = 60;
const CHANGES = 600;
const marks = { resumeMs: 200, appendMs: 8, heapGrowth: 0.02 };

/** Entries of a trace that are script or layout. They lie within each other. */
const work = new Set([
  'FunctionCall',
  'RunMicrotasks',
  'FireAnimationFrame',
  'TimerFire',
  'UpdateLayoutTree',
  'Layout',
  'PrePaint',
]);

/** Times in microseconds. */
interface Entry {
  name: string;
  ts: number;
  dur?: number;
  /** Of `dur`, what the thread itself ran. */
  tdur?: number;
  tid: number;
}

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('transcript-page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['source', 'browser'],
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function trace(devtools: CDPSession, run: () => Promise<void>): Promise<Entry[]> {
  const entries: Entry[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => entries.push(...(value as never[])));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'blink.user_timing'] },
  });
  await run();
  const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
  await devtools.send('Tracing.end');
  await complete;
  return entries.sort((one, other) => one.ts - other.ts);
}

/**
 * Milliseconds of script and layout between two moments on one thread, by its own clock, so that what else the machine
 * does is not counted. What lies within another entry counts once.
 */
function busy(entries: readonly Entry[], tid: number, from: number, to: number): number {
  let end = from;
  let sum = 0;
  for (const { name, ts, dur = 0, tdur = dur, tid: thread } of entries) {
    if (thread !== tid || ts + dur <= end || ts > to || !work.has(name)) continue;
    // What began before counts from there on.
    sum += ts < end ? ts + dur - end : tdur;
    end = ts + dur;
  }
  return sum / 1000;
}

async function heapBytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;

async function measure(page: Page): Promise<{ [Name in keyof typeof marks]: number }> {
  const devtools = await page.context().newCDPSession(page);
  const entries = await trace(devtools, async () => {
    await page.evaluate((lines) => talk.resume(lines), LINES);
    for (let times = 0; times < APPENDS; times += 1) await page.evaluate(() => talk.append());
  });
  const took = (what: string): number[] => {
    const ends = entries.filter(({ name }) => name === `${what} ends`);
    return entries
      .filter(({ name }) => name === `${what} begins`)
      .map(({ ts, tid }, at) => busy(entries, tid, ts, ends[at]?.ts ?? ts));
  };
  const [resumeMs = NaN] = took('resume');
  const appends = took('append');
  await page.evaluate((times) => talk.speak(times), CHANGES);
  const before = await heapBytes(devtools);
  await page.evaluate((times) => talk.speak(times), CHANGES);
  const heapGrowth = (await heapBytes(devtools)) / before - 1;
  return { resumeMs, appendMs: median(appends), heapGrowth };
}

const script = await bundlePage();
const server = createServer(({ url }, response) => {
  const isScript = url === '/page.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  const html =
    '<!doctype html><html lang="en"><title>Bench</title><script type="module" src="/page.js"></script>';
  response.end(isScript ? script : html);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const executablePath = findBrowser();
if (executablePath === undefined) {
  throw new Error('No Chrome or Chromium: install one, or name it in CHROME_PATH.');
}
const browser = await chromium.launch({ executablePath, args: [...browserFlags] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { resumeMs, appendMs, heapGrowth } = await measure(page);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  console.log(`transcript of ${LINES} lines in a room, Chromium ${browser.version()}`);
  console.log(
    `  all at once      ${resumeMs.toFixed(0)} ms script and layout (mark ${marks.resumeMs})`,
  );
  console.log(
    `  one more, median ${appendMs.toFixed(1)} ms script and layout (mark ${marks.appendMs})`,
  );
  console.log(
    `  heap after ${CHANGES} changes ${percent(heapGrowth)} (mark ${percent(marks.heapGrowth)})`,
  );
  const met =
    resumeMs <= marks.resumeMs && appendMs <= marks.appendMs && heapGrowth <= marks.heapGrowth;
  process.exitCode = met ? 0 : 1;
} finally {
  await browser.close();
  server.close();
}
