import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Recruiter } from '../support/recruiter.ts';
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

describe('a page that goes away in the middle of an answer', () => {
  it('comes back after a reload and after a crash, and every word is there once', async () => {
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const talk = await Talk.open(context, token);
    await talk.enter();
    await talk.answer();
    await talk.beginAnswer();
    await talk.page.reload();
    await talk.enter();

    await talk.beginAnswer();
    await talk.crash();
    const back = await Talk.open(context, token);
    await back.enter();
    const lines = await back.page.evaluate(() => window.faultPage.lines().map(({ text }) => text));
    expect(lines).toContain('Yes, I am ready.');
    await back.answer();
    await back.end();
    const result = await storedAndTrue(recruiter, id);
    expect(result).toMatchObject({
      calls: 3,
      gaps: [],
      stored: result.told,
      delivered: result.told,
    });
    expect(await back.microphones()).toEqual(['ended']);
  });
});

describe('an interview that is opened in a second tab', () => {
  it('goes on there; the first tab is told and lets its microphone go', async () => {
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const older = await Talk.open(context, token);
    await older.enter();
    expect(await older.microphones()).toEqual(['live']);

    const newer = await Talk.open(context, token);
    await newer.enter();
    expect(await older.microphones()).toEqual(['ended']);
    expect(await older.connection()).toBe('closed');
    expect(await older.states()).toEqual(['connecting', 'live', 'failed']);
    expect(await older.page.evaluate(() => window.faultPage.errors)).toEqual(['taken_over']);

    await newer.answer();
    await newer.end();
    const result = await storedAndTrue(recruiter, id);
    expect(result).toMatchObject({
      calls: 2,
      gaps: [],
      stored: result.told,
      delivered: result.told,
    });
  });
});
