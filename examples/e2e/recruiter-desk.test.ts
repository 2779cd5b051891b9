import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { launchBrowser, newPerson } from './support/browser.ts';
import { play } from './support/simulator.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Signs in with what a local stack fills in. */
async function atTheDesk(page: Page): Promise<void> {
  await page.goto(inject('stack').recruiterUrl);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(inject('stack').recruiter.email).waitFor();
}

/** Makes a link and takes the invitation out of it. */
async function invite(page: Page, note: string): Promise<string> {
  await page.getByRole('combobox', { name: 'Interview' }).selectOption({ label: 'A short talk' });
  await page.getByLabel('Note for yourself').fill(note);
  await page.getByRole('button', { name: 'Create a link' }).click();
  const link = page.getByLabel('Candidate’s link');
  await link.waitFor();
  const token = new URL(await link.inputValue()).hash.replace('#interview=', '');
  await page.getByRole('button', { name: 'Done' }).click();
  expect(await link.inputValue()).toBe('');
  return token;
}

/** Takes the whole interview at the SDK's page. */
class SdkCandidate {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async enter(token: string): Promise<void> {
    const { page } = this;
    await page.goto(`${inject('stack').pagesUrl}/sdk/#interview=${token}`);
    await page.getByRole('checkbox', { name: /An AI will interview me/ }).check();
    await page.getByRole('button', { name: 'Check my microphone' }).click();
    await page.getByRole('heading', { name: 'Say a few words' }).waitFor();
    await this.speak(false);
    await page.getByRole('button', { name: 'Start the interview' }).click();
    await page.getByText('The interviewer is speaking.').waitFor({ timeout: 20_000 });
  }

  /** Waits for its turn and answers. */
  async answer(): Promise<void> {
    await this.page.getByText('Your turn: take your time.').waitFor({ timeout: 30_000 });
    await this.speak(true);
    await this.page.getByText('We are listening.').waitFor();
    await this.page.waitForTimeout(1800);
    await this.speak(false);
    await this.page.getByText('The interviewer is speaking.').waitFor({ timeout: 30_000 });
  }

  async speak(on: boolean): Promise<void> {
    await this.page.evaluate((open) => window.watchedMedia.speak(open), on);
  }
}

describe("a recruiter's desk", () => {
  it('invites, watches the talk grow at the SDK page, and reads the report', async () => {
    const words = [
      'Yes, I am ready.',
      'I draw maps for people who like to walk far.',
      'Of a map that brought a lost dog home again.',
      'No, thank you, that was all.',
    ];
    await play(...words);
    const { page: desk, problems } = await newPerson(browser);
    await atTheDesk(desk);
    const token = await invite(desk, 'For Amira');

    const { page, problems: candidateProblems } = await newPerson(browser);
    const candidate = new SdkCandidate(page);
    await candidate.enter(token);
    await desk.getByRole('link', { name: /For Amira/ }).click();
    await desk.getByRole('heading', { name: 'For Amira' }).waitFor();
    await desk.getByText('Talking now').first().waitFor();

    const transcript = desk.locator('#transcript');
    for (const said of words) {
      await candidate.answer();
      await transcript.getByText(said).waitFor();
    }
    await page.getByText('Thank you, that is everything.').waitFor({ timeout: 30_000 });
    expect(await page.evaluate(() => window.watchedMedia.tracks.map((t) => t.readyState))).toEqual([
      'ended',
    ]);

    const report = desk.getByRole('region', { name: 'Report' });
    await report.getByText('2 of 2').waitFor({ timeout: 30_000 });
    const shown = await transcript.locator('li p:not(.note)').allTextContents();
    expect(await page.locator('#transcript li').evaluateAll(textsWithoutNames)).toEqual(shown);
    expect([...problems, ...candidateProblems]).toEqual([]);
    expect(await axeFindings(desk)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('says what is wrong with a password', async () => {
    const { page } = await newPerson(browser);
    await page.goto(inject('stack').recruiterUrl);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page
      .getByRole('alert')
      .getByText(/invalid/i)
      .waitFor();
  });
});

/** Each line of the SDK page's transcript is a name and the words. */
function textsWithoutNames(items: Element[]): string[] {
  return items.map((item) => item.lastChild?.textContent ?? '');
}
