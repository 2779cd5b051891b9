import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundleScripts, type Scripts } from '../../packages/local-stack/src/bundle.ts';
import { axeFindings } from './support/axe.ts';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Recruiter } from './support/recruiter.ts';
import { calls, play, record } from './support/simulator.ts';

const spoken = ['Yes, I am ready.', 'I draw maps for people who like to walk far.'];
const spokenLater = 'No, thank you, that was all.';
const typed = 'Of a map that brought a lost dog home again.';

let browser: Browser;
let recruiter: Recruiter;
let development: Scripts;

beforeAll(async () => {
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
  development = await bundleScripts('development');
});
afterAll(() => browser.close());

/** A candidate at a page that was written in a framework; all of these pages use the same words. */
class FrameworkCandidate {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }

  /** A step is there, focus is on its heading, and axe has nothing to say. */
  async arriveAt(title: string): Promise<void> {
    const heading = this.page.getByRole('heading', { level: 1, name: title });
    await heading.and(this.page.locator(':focus')).waitFor({ timeout: 30_000 });
    expect(await axeFindings(this.page)).toEqual([]);
  }

  /** From the microphone to the interviewer's first word. */
  async begin(start: string): Promise<void> {
    await this.button('Check my microphone').click();
    await this.page.getByText('We hear you.').waitFor();
    await this.arriveAt('Say a few words');
    await this.speak(false);
    await this.button(start).click();
    await this.says('The interviewer is speaking.');
  }

  /** Waits for its turn and answers; the silence afterwards tells that it is done. */
  async answer(): Promise<void> {
    await this.says('Your turn: take your time.');
    await this.speak(true);
    await this.says('We are listening.');
    await this.page.waitForTimeout(900);
    await this.speak(false);
    await this.says('The interviewer is speaking.');
  }

  async type(text: string): Promise<void> {
    await this.says('Your turn: take your time.');
    await this.page.getByText('Type an answer').click();
    await this.page.getByLabel('Your answer').fill(text);
    await this.button('Send').click();
    await this.says('The interviewer is speaking.');
  }

  async says(turn: string): Promise<void> {
    await this.page.getByText(turn, { exact: true }).waitFor({ timeout: 30_000 });
  }

  async speak(on: boolean): Promise<void> {
    await this.page.evaluate((open) => window.watchedMedia.speak(open), on);
  }

  /** What the page shows of the talk. */
  shown(): Promise<{ role: string; text: string }[]> {
    return this.page.locator('[role=log] li').evaluateAll((items) =>
      items.map((item) => ({
        role: item.classList.contains('candidate') ? 'candidate' : 'interviewer',
        text: item.querySelector('p')?.textContent ?? '',
      })),
    );
  }

  /** State of every microphone track that this page load ever had. */
  microphones(): Promise<string[]> {
    return this.page.evaluate(() => window.watchedMedia.tracks.map((track) => track.readyState));
  }
}

/** Serves the frameworks' development builds, which check more and, in React, mount everything twice. */
async function developmentBuild(page: Page): Promise<void> {
  await page.route('**/*.js', (route) => {
    const script = development.get(new URL(route.request().url()).pathname);
    return route.fulfill({
      contentType: 'text/javascript; charset=utf-8',
      body: Buffer.from(script ?? []),
    });
  });
}

describe('a room of one’s own', () => {
  it.each(['react', 'vue'])('in %s goes from the link to the stored transcript', async (name) => {
    await play(...spoken);
    const before = (await calls()).length;
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const { page, problems } = await newPerson(browser);
    await developmentBuild(page);
    const candidate = new FrameworkCandidate(page);

    await page.goto(`${inject('stack').pagesUrl}/${name}/#interview=${token}`);
    await candidate.arriveAt('A short talk');
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('checkbox', { name: /An AI will interview me/ }).check();
    await candidate.begin('Start the interview');
    await candidate.arriveAt('A short talk');
    await candidate.answer();
    await candidate.answer();
    await candidate.type(typed);
    expect(await candidate.microphones()).toEqual(['live']);

    // The link is not in the address any more: the browser itself knows what is unfinished.
    await play(spokenLater);
    await page.reload();
    await candidate.arriveAt('Welcome back');
    await candidate.button('Go on with A short talk').click();
    await candidate.begin('Go on with the interview');
    await candidate.answer();
    await candidate.arriveAt('Thank you, that is everything');

    expect(await candidate.microphones()).toEqual(['ended']);
    expect(problems).toEqual([]);
    const sessions = await recruiter.read<{ id: string; status: string; gaps: unknown[] }>(
      `interview_sessions?invitation_id=eq.${id}`,
    );
    expect(sessions).toMatchObject([{ status: 'completed', gaps: [] }]);
    const rows = await recruiter.transcript(sessions[0]?.id ?? '');
    expect(rows.map(({ role, text }) => ({ role, text }))).toEqual(await candidate.shown());
    const records = await Promise.all((await calls()).slice(before).map(record));
    expect(rows.map(({ text }) => text)).toEqual(
      records.flatMap(({ utterances }) => utterances.map(({ text }) => text)),
    );
    expect(rows.filter(({ role }) => role === 'candidate').map(({ text }) => text)).toEqual([
      ...spoken,
      typed,
      spokenLater,
    ]);
  });

  it.each(['react', 'vue'])('in %s says what to do where the link carries none', async (name) => {
    const { page, problems } = await newPerson(browser);
    await page.goto(`${inject('stack').pagesUrl}/${name}/`);
    await new FrameworkCandidate(page).arriveAt('Please open your invitation link');
    expect(problems).toEqual([]);
  });
});
