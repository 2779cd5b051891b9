import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Recruiter } from '../support/recruiter.ts';
import { MediaCut } from './media-cut.ts';
import { ProxyCut } from './proxy-cut.ts';
import { hearAnswers, openContext, storedAndTrue, Talk } from './talk.ts';

let browser: Browser;
let recruiter: Recruiter;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
});
afterAll(() => browser.close());
beforeEach(async () => {
  context = await openContext(browser);
  await hearAnswers('Yes, I am ready.', 'I draw maps for people who like to walk far.');
});
afterEach(() => context.close());

describe('a network that goes away', () => {
  it('takes the call with it in mid-answer, and a new call goes on where it stood', async () => {
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const talk = await Talk.open(context, token);
    const cut = await MediaCut.prepare(talk);
    await talk.enter();
    await talk.beginAnswer();

    await cut.begin();
    await cut.prove();
    await talk.speak(false);
    await talk.state('reconnecting');
    expect(await talk.states()).toEqual(['connecting', 'live', 'reconnecting']);
    expect(talk.sent.filter((type) => type === 'trouble')).toHaveLength(1);
    const back = await cut.end();
    await talk.state('live', 3);
    expect(performance.now() - back).toBeLessThan(10_000);
    expect(await talk.microphones()).toEqual(['live']);

    await talk.answer();
    await talk.end();
    const result = await storedAndTrue(recruiter, id);
    // What was said while it was away only the server could hear.
    expect(result).toMatchObject({ calls: 2, gaps: [], stored: result.told });
    expect(await talk.microphones()).toEqual(['ended']);
  });

  it('goes unnoticed by the talk where only the proxy is cut off, and rows come afterwards', async () => {
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const talk = await Talk.open(context, token);
    const cut = await ProxyCut.prepare(talk);
    await talk.enter();
    await talk.beginAnswer();
    const session = await recruiter.session(id);
    const stored = (): Promise<unknown[]> => recruiter.transcriptOf(session?.id ?? '', 'browser');
    const pending = (): Promise<number | undefined> =>
      talk.page.evaluate(() => window.faultPage.session?.delivery.pending);
    await expect.poll(pending).toBe(0);

    expect(cut.begin()).toBe(1);
    const begun = performance.now();
    const before = await stored();
    await talk.speak(false);
    await talk.hear();
    await talk.answer();
    await talk.page.waitForTimeout(Math.max(0, 10_000 - (performance.now() - begun)));
    expect(cut.refused).toBeGreaterThan(0);
    expect(await pending()).toBeGreaterThanOrEqual(4);
    expect(await stored()).toEqual(before);
    cut.end();
    await expect.poll(pending, { timeout: 20_000 }).toBe(0);

    expect(await talk.states()).toEqual(['connecting', 'live']);
    await talk.end();
    const result = await storedAndTrue(recruiter, id);
    expect(result).toMatchObject({
      calls: 1,
      gaps: [],
      stored: result.told,
      delivered: result.told,
    });
    expect(await stored()).toHaveLength(result.told.length);
  });
});
