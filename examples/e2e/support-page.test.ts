import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Recruiter } from './support/recruiter.ts';
import { play } from './support/simulator.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('the support page', () => {
  it('connects by an invitation from where the pages lead to it, and lets go again', async () => {
    await play();
    const { pagesUrl, proxyUrl, supabaseUrl } = inject('stack');
    const recruiter = await Recruiter.signIn();
    const { token } = await recruiter.invite(inject('interviews').short);
    const { page, problems } = await newPerson(browser);
    await page.goto(`${pagesUrl}/simple-webrtc-test`);
    expect(await page.getByLabel('Server').inputValue()).toBe(
      `${proxyUrl.replace(/^http/, 'ws')}/ws`,
    );
    await page.getByLabel('Start address').fill(`${supabaseUrl}/functions/v1/interview-start`);
    await page.getByLabel('Invitation', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('checkbox', { name: /An AI will interview me/ }).check();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.locator('#media').getByText('connected', { exact: true }).waitFor();
    await page.locator('#channel').getByText('open', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page
      .locator('#socket')
      .getByText(/^closed/)
      .waitFor();
    const left = await page.evaluate(() => window.watchedMedia.tracks.map((t) => t.readyState));
    expect(left).toEqual(['ended']);
    expect(problems).toEqual([]);
  });
});
