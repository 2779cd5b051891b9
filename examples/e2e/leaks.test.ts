import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import type { Outcome, TalkSettings } from './support/leak-page.ts';
import { Recruiter } from './support/recruiter.ts';
import { playWith } from './support/simulator.ts';
import { soak } from './support/soak.ts';
import type { Leftovers, Step } from './support/watch-leftovers.ts';

const cycles = soak ? 200 : 20;
/** What the heap may grow by from the second quarter of a run to the last, beside a tenth: engines learn as they go. */
const GROWTH_BYTES = 100_000;
/** The same for listeners of all objects in memory, some of which wait for the engine's own pace. */
const GROWTH_LISTENERS = 10;
/** Sessions that may be in memory at the end: nobody tells how soon the engine lets the last ones go. */
const LATEST = 2;
const steps: readonly (Step | 'at once')[] = ['at once', 'microphone', 'socket', 'peer', 'answer'];
const nothing: Leftovers = {
  microphones: 0,
  asked: 0,
  peers: 0,
  sockets: 0,
  audioContexts: 0,
  databases: 0,
  wakeLocks: 0,
  timers: [],
  listeners: [],
};

let browser: Browser;
let recruiter: Recruiter;

beforeAll(async () => {
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
  // Nobody answers, so the interviewer need not wait for words.
  await playWith({ response_delay_ms: 50 });
});
afterAll(() => browser.close());

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'support/leak-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['source', 'module', 'browser'],
  });
  return outputFiles[0]?.text ?? '';
}

interface Memory {
  bytes: number;
  /** Listeners of everything that the browser holds. */
  listeners: number;
  sessions: number;
}

/** One page that holds interviews one after the other. */
class BusyPage {
  readonly #page: Page;
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.#page = page;
    this.#cdp = cdp;
  }

  static async open(): Promise<BusyPage> {
    const context = await browser.newContext({ locale: 'en-US' });
    await context.addInitScript(await bundle());
    const page = await context.newPage();
    // A page of the stack that has no script of its own.
    await page.goto(inject('stack').pagesUrl);
    return new BusyPage(page, await context.newCDPSession(page));
  }

  complete(): Promise<Outcome> {
    return this.#talk((talk) => window.leakPage.complete(talk));
  }

  destroy(): Promise<Outcome> {
    return this.#talk((talk) => window.leakPage.destroy(talk));
  }

  async giveUp(step: Step | 'at once'): Promise<Outcome> {
    return this.#page.evaluate(([talk, at]) => window.leakPage.giveUp(talk, at), [
      await newTalk(),
      step,
    ] as const);
  }

  leftovers(): Promise<Leftovers> {
    return this.#page.evaluate(() => window.leakPage.leftovers());
  }

  /** What is in memory once the browser has thrown away all that nobody holds. */
  async memory(): Promise<Memory> {
    // What a first round gives up to finalizers goes with the second.
    for (let round = 0; round < 2; round += 1) await this.#cdp.send('HeapProfiler.collectGarbage');
    const { usedSize: bytes } = await this.#cdp.send('Runtime.getHeapUsage');
    const { jsEventListeners: listeners } = await this.#cdp.send('Memory.getDOMCounters');
    const sessions = await this.#page.evaluate(() => window.leakPage.sessionsInMemory());
    return { bytes, listeners, sessions };
  }

  async #talk(hold: (talk: TalkSettings) => Promise<Outcome>): Promise<Outcome> {
    return this.#page.evaluate(hold, await newTalk());
  }
}

/** One person's interview: a new invitation is a new session and a new device key. */
async function newTalk(): Promise<TalkSettings> {
  const { supabaseUrl, publishableKey } = inject('stack');
  const { token } = await recruiter.invite(inject('interviews').short);
  return {
    startUrl: `${supabaseUrl}/functions/v1/interview-start`,
    supabaseKey: publishableKey,
    invitation: token,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Medians of the four quarters of a run. */
function quarters(values: readonly number[]): number[] {
  const length = values.length / 4;
  return [0, 1, 2, 3].map((at) => median(values.slice(at * length, (at + 1) * length)));
}

/** A whole interview; in every other cycle also a start that is given up and a session that is destroyed. */
async function runCycle(page: BusyPage, cycle: number): Promise<void> {
  expect(await page.complete()).toEqual({
    states: ['preparing', 'ready', 'connecting', 'live', 'ending', 'completed'],
    microphones: 0,
  });
  if (cycle % 2 === 1) {
    const step = steps[((cycle - 1) / 2) % steps.length] ?? 'at once';
    expect(await page.giveUp(step)).toEqual({
      states: ['connecting', 'failed'],
      microphones: 0,
      code: 'aborted',
    });
    expect(await page.destroy()).toEqual({
      states: ['preparing', 'ready', 'connecting', 'live'],
      microphones: 0,
    });
  }
  // A microphone that is given to somebody who does not want it any more is freed too.
  await expect.poll(() => page.leftovers()).toMatchObject({ microphones: 0, asked: 0 });
}

describe('a page in which many interviews are held', () => {
  it(
    `keeps nothing of ${cycles} that were completed, given up and destroyed`,
    { timeout: cycles * 5_000 },
    async () => {
      const page = await BusyPage.open();
      const seen: Memory[] = [];
      const began = performance.now();
      for (let cycle = 0; cycle < cycles; cycle += 1) {
        await runCycle(page, cycle);
        seen.push(await page.memory());
      }
      const ms = performance.now() - began;
      await expect.poll(() => page.leftovers(), { timeout: 10_000 }).toEqual(nothing);

      const { sessions } = await page.memory();
      const [, heapThen = NaN, , heapNow] = quarters(seen.map(({ bytes }) => bytes));
      const [, listenersThen = NaN, , listenersNow] = quarters(seen.map((one) => one.listeners));
      console.log(
        `${cycles} cycles of ${Math.round(ms / cycles)} ms. From the second quarter to the last: heap ${heapThen} to ${heapNow} bytes, listeners ${listenersThen} to ${listenersNow}. Sessions in memory: ${sessions}.`,
      );
      expect(sessions).toBeLessThanOrEqual(LATEST);
      expect(heapNow).toBeLessThanOrEqual(heapThen * 1.1 + GROWTH_BYTES);
      expect(listenersNow).toBeLessThanOrEqual(listenersThen + GROWTH_LISTENERS);
    },
  );
});
