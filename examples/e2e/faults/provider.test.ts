import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Recruiter } from '../support/recruiter.ts';
import { trafficOf } from './media-cut.ts';
import { hearAnswers, openContext, storedAndTrue, Talk } from './talk.ts';

/** From the opening of the first call's channel, milliseconds: the greeting is over by then. */
const SILENT_AFTER_MS = 6_000;

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  await hearAnswers(
    { faults: [{ kind: 'go_silent', nth: 1, after_ms: SILENT_AFTER_MS }] },
    'Yes, I am ready.',
  );
});
afterAll(() => browser.close());

describe('a provider that falls silent while everything stays connected', () => {
  it('is found out, and a new call goes on where the old one stood', async () => {
    const recruiter = await Recruiter.signIn();
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const talk = await Talk.open(await openContext(browser), token);
    // A person would wait for half a minute; the test moves the page's clock.
    await talk.page.clock.install();
    await talk.enter();
    await talk.page.waitForTimeout(SILENT_AFTER_MS);
    const events = (): Promise<number> => talk.page.evaluate(() => window.faultPage.events);
    const before = { events: await events(), ...(await trafficOf(talk)) };

    await talk.speak(true);
    await expect
      .poll(async () => (await trafficOf(talk)).answered, { timeout: 10_000 })
      .toBeGreaterThan(before.answered);
    await talk.speak(false);
    expect(await events()).toBe(before.events);
    expect(await talk.connection()).toBe('connected');
    expect(await talk.states()).toEqual(['connecting', 'live']);

    await talk.page.clock.fastForward(20_000);
    await talk.page.clock.fastForward(10_000);
    await talk.state('live', 3);
    expect(await talk.states()).toEqual(['connecting', 'live', 'reconnecting', 'live']);
    await talk.hear();
    await talk.answer();
    await talk.end();
    const result = await storedAndTrue(recruiter, id);
    expect(result).toMatchObject({
      calls: 2,
      gaps: [],
      stored: result.told,
      delivered: result.told,
    });
  });
});
