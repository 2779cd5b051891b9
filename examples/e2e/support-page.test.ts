import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { agreement } from './support/agreement.ts';
import { axeFindings } from './support/axe.ts';
import { launchBrowser, newPerson, type WatchedPage } from './support/browser.ts';
import { Recruiter } from './support/recruiter.ts';
import { play } from './support/simulator.ts';

let browser: Browser;
let person: WatchedPage;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  await play('Yes, I am ready.');
  person = await newPerson(browser);
  page = person.page;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write', 'microphone']);
});

const state = (id: string, text: string | RegExp): Promise<void> =>
  page
    .locator(`#${id}`)
    .getByText(text, { exact: typeof text === 'string' })
    .first()
    .waitFor();
const patience = { timeout: 20_000, interval: 50 };
const level = (name: string): Promise<number> =>
  page.getByLabel(name, { exact: true }).evaluate((meter) => (meter as HTMLMeterElement).value);

describe('the support page', () => {
  it('goes the whole way by an invitation, from where the pages lead to it, and lets go again', async () => {
    const { pagesUrl, proxyUrl, supabaseUrl } = inject('stack');
    const recruiter = await Recruiter.signIn();
    const { token } = await recruiter.invite(inject('interviews').short);
    await page.goto(`${pagesUrl}/simple-webrtc-test`);
    expect(await page.getByLabel('Server').inputValue()).toBe(
      `${proxyUrl.replace(/^http/, 'ws')}/ws`,
    );
    await page.getByLabel('Start address').fill(`${supabaseUrl}/functions/v1/interview-start`);
    await page.getByLabel('Invitation', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('checkbox', { name: /An AI will interview me/ }).check();
    await page.evaluate(() => window.watchedMedia.speak(false));
    await page.getByRole('button', { name: 'Connect', exact: true }).click();

    await state('microphone', /Fake/);
    await state('socket', 'open');
    await state('media', 'connected');
    await state('channel', 'open');
    await state('answered', /^\d+ ms$/);
    await state('connected', /^\d+ ms$/);
    await expect.poll(() => level('Interviewer’s level'), patience).toBeGreaterThan(0);
    await state('log', /\* output_audio_buffer\.stopped/);
    await page.evaluate(() => window.watchedMedia.speak(true));
    await expect.poll(() => level('Your level'), patience).toBeGreaterThan(0);
    await state('log', /\* input_audio_buffer\.speech_started/);
    await page.evaluate(() => window.watchedMedia.speak(false));
    await state('progress', '1 of 2');

    for (const [summary, id] of [
      ['Offer (SDP)', 'offer'],
      ['Answer (SDP)', 'answer'],
    ] as const) {
      await page.getByText(summary).click();
      const sdp = await page.locator(`#${id}`).innerText();
      expect(sdp).toMatch(/^m=audio .*$/m);
      expect(sdp).toContain('a=ice-pwd:(hidden)');
    }
    await page.evaluate(() => history.replaceState(null, '', '#interview=inv_abcdefghijklmnop'));
    await page.getByRole('button', { name: 'Copy the log' }).click();
    await state('copied', /^Copied/);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('channel: open');
    expect(copied).toContain('#interview=(key)');
    expect(copied).not.toMatch(/eyJ|inv_|a=ice-pwd:(?!\(hidden\))/);
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('button', { name: 'Disconnect' }).click();
    await state('socket', /^closed/);
    await state('microphone', 'closed');
    expect(await page.evaluate(() => window.watchedMedia.tracks.map((t) => t.readyState))).toEqual([
      'ended',
    ]);
    expect(person.problems).toEqual([]);
  });

  it('connects by a token to the simulated interviewer, and says what is wrong with a bad one', async () => {
    const { proxyUrl, supabaseUrl, tenantApiKey } = inject('stack');
    const started = await fetch(`${supabaseUrl}/functions/v1/interview-start`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenantApiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        session_id: 'support-page',
        tenant_id: 'test-tenant',
        interview_id: 'short-talk',
        consents: await agreement('short-talk'),
        origins: [proxyUrl],
      }),
    });
    const { token } = (await started.json()) as { token: string };
    await page.goto(`${proxyUrl}/realtime-test.html`);
    await page.getByLabel('Session token').fill(`${token}x`);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await state('log', /A refusal before the upgrade/);
    await state('socket', /^closed/);

    await page.getByLabel('Session token').fill(token);
    await page.getByRole('checkbox', { name: /Simulated interviewer/ }).check();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await state('media', 'connected');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await state('socket', /^closed/);
  });
});

describe('the status page', () => {
  it('is read as it stands, on a phone and in the dark', async () => {
    const { statusUrl } = inject('stack');
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(statusUrl);
    await page.getByText('Ready for interviews').waitFor();
    expect(await page.getByRole('definition').count()).toBe(9);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(320);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Test a connection' }).click();
    await page.getByRole('heading', { name: 'Test a connection' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      320,
    );
    expect(await axeFindings(page)).toEqual([]);
    expect(person.problems).toEqual([]);
  });
});
