import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
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

/** The link that is shown, which is gone afterwards. */
async function takeLink(page: Page): Promise<string> {
  const link = page.getByLabel('Candidate’s link');
  await link.waitFor();
  const address = await link.inputValue();
  const email = await page.getByLabel('E-mail to send it with').inputValue();
  for (const words of ['AI interviewer', 'Who decides', 'What is kept', 'minutes', address]) {
    expect(email).toContain(words);
  }
  await page.getByRole('button', { name: 'Done' }).click();
  expect(await link.inputValue()).toBe('');
  return new URL(address).hash.replace('#interview=', '');
}

/** Makes a link and takes the invitation out of it. */
async function invite(page: Page, name: string, interview = 'A short talk'): Promise<string> {
  await page.getByRole('link', { name: 'Invitations', exact: true }).click();
  await page.getByRole('combobox', { name: 'Interview' }).selectOption({ label: interview });
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create a link' }).click();
  return takeLink(page);
}

/** Has the work that is due done now, as the project's clock does every so often. */
async function tick(): Promise<void> {
  const { supabaseUrl, secretKey } = inject('stack');
  const reply = await fetch(`${supabaseUrl}/functions/v1/transcript-processor`, {
    method: 'POST',
    headers: { apikey: secretKey, 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'tick' }),
  });
  expect(reply.status).toBe(200);
}

/** What is in the file that a button of the open session saves. */
async function download(page: Page, format: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Download as ${format}` }).click(),
  ]);
  await page.getByText(`${file.suggestedFilename()} was saved.`).waitFor();
  return readFileSync(await file.path(), 'utf8');
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
    const token = await invite(desk, 'Amira Haddad');
    await desk.getByRole('button', { name: 'Adjust: Amira Haddad' }).click();

    const { page, problems: candidateProblems } = await newPerson(browser);
    const candidate = new SdkCandidate(page);
    await candidate.enter(token);
    await desk.getByRole('button', { name: 'Decide', exact: true }).click();
    await desk.getByText('The interview has begun, so nothing was changed').waitFor();
    await desk.keyboard.press('Escape');
    await desk.getByRole('link', { name: 'Sessions', exact: true }).click();
    await desk.getByRole('link', { name: /Amira Haddad/ }).click();
    await desk.getByRole('heading', { name: 'Amira Haddad' }).waitFor();
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
    await report.getByText('(answered').first().waitFor();
    await desk.getByText(/^Connection: connected .* · 1 call/).waitFor();
    expect(await download(desk, 'CSV')).toContain(words[1]);
    expect(await download(desk, 'WebVTT')).toMatch(/^WEBVTT\n/);
    expect(JSON.parse(await download(desk, 'JSON'))).toMatchObject({ revision: 1 });
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

describe('its other places', () => {
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    ({ page, problems } = await newPerson(browser));
    await atTheDesk(page);
  });
  afterEach(() => {
    expect(problems).toEqual([]);
  });

  it('writes a plan in a form and as JSON, and tells what is wrong where it is', async () => {
    await page.getByRole('link', { name: 'Plans', exact: true }).click();
    await page.getByRole('link', { name: 'New plan' }).click();
    await page.getByRole('heading', { name: 'A new plan' }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 fields need a change').waitFor();
    const title = page.getByLabel('Title');
    expect(await title.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await title.getAttribute('aria-invalid')).toBe('true');
    expect(await axeFindings(page)).toEqual([]);
    await title.fill('Baker');
    const words = page.getByLabel('Question, spoken word for word');
    await words.fill('Why bread?');
    await page.getByRole('button', { name: 'Add a question' }).click();
    await words.nth(1).fill('Why not cake?');
    await page.getByRole('button', { name: 'Up: Question 2' }).click();

    await page.getByRole('tab', { name: 'JSON' }).click();
    const json = page.getByLabel('The whole plan, with its rubric');
    const written = JSON.parse(await json.inputValue()) as { plan: { questions: object[] } };
    expect(written.plan.questions).toEqual([
      { id: 'question_2', text: 'Why not cake?', max_probes: 2 },
      { id: 'question_1', text: 'Why bread?', max_probes: 2 },
    ]);
    await json.fill('{');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('This is not JSON.').waitFor();
    const craft = { id: 'craft', label: 'Craft', job_link: 'It is the job.' };
    const anchors = { 1: 'Knows no bread.', 3: 'Knows one.', 5: 'Knows many.' };
    const rubric = { competencies: [{ ...craft, question_ids: ['none'], anchors }] };
    await json.fill(JSON.stringify({ ...written, rubric }));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('There is no such question.').waitFor();
    await json.fill(JSON.stringify({ ...written, rubric }).replace('none', 'question_1'));
    await page.getByRole('tab', { name: 'Form' }).click();
    await page.getByText('Craft', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Candidates can be invited to it.').waitFor();

    await title.fill('Master baker');
    await page.getByRole('link', { name: 'All plans' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await title.inputValue()).toBe('Master baker');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'All plans' }).click();
    await page.getByRole('button', { name: 'Approve the rubric: Master baker' }).click();
    await page.getByText('rubric approved').waitFor();
  });

  it('sends a link again, which kills the former one, and takes one back', async () => {
    const former = await invite(page, 'Grace Moreau');
    await page.getByRole('button', { name: 'New link: Grace Moreau' }).click();
    await page.getByRole('button', { name: 'Make a new link' }).click();
    const link = await takeLink(page);
    expect(link).not.toBe(former);
    const look = async (token: string): Promise<number> => {
      const body = { step: 'look', invitation: token, device_key: 'x'.repeat(43) };
      const { supabaseUrl } = inject('stack');
      const reply = await fetch(`${supabaseUrl}/functions/v1/interview-start`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return reply.status;
    };
    expect([await look(former), await look(link)]).toEqual([404, 200]);
    const entry = page.getByRole('listitem').filter({ hasText: 'Grace Moreau' });
    await entry.getByText(/sent again/).waitFor();
    await page.getByRole('button', { name: 'Revoke: Grace Moreau' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await entry.getByText('Revoked').waitFor();
    expect(await look(link)).toBe(410);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('makes a key, with which a backend invites', async () => {
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByLabel('What it is for').fill('Applicant tracking');
    await page.getByLabel('Invite candidates').check();
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = page.getByRole('textbox', { name: 'API key' });
    await key.waitFor();
    const bearer = await key.inputValue();
    const people = [{ id: 'applicant-1', name: 'Ines Sato' }];
    const send = async () =>
      fetch(`${inject('stack').supabaseUrl}/functions/v1/invitations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ tenant_id: 'test-tenant', invitations: people }),
      });
    expect(await (await send()).json()).toMatchObject({ invitations: [{ status: 'created' }] });
    await page.getByRole('button', { name: 'Revoke: Applicant tracking' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    const entry = page.getByRole('listitem').filter({ hasText: 'Applicant tracking' });
    await entry.getByText('Revoked').waitFor();
    expect((await send()).status).toBe(401);
    await page.getByRole('link', { name: 'Invitations', exact: true }).click();
    await page.getByRole('heading', { name: 'Ines Sato' }).waitFor();
  });

  it('shows an owner what failed for good, and has it tried again', async () => {
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await page.getByText('Work that failed: 1').click();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: /^Try again: What is due to be deleted/ }).click();
    await page.getByText('Work that failed').waitFor({ state: 'hidden' });
  });

  it('adjusts an interview before it begins, and links to where people have an account', async () => {
    await page.getByRole('link', { name: 'Invitations', exact: true }).click();
    const interview = page.getByRole('combobox', { name: 'Interview' });
    await interview.selectOption({ label: 'A talk with an account' });
    await page.getByLabel('Name', { exact: true }).fill('Tomo Lindgren');
    await page.getByRole('button', { name: 'Create a link' }).click();
    const link = page.getByLabel('Candidate’s link');
    await link.waitFor();
    expect(new URL(await link.inputValue()).pathname).toBe('/account/');
    const adjust = page.getByRole('button', { name: 'Adjust: Tomo Lindgren' });
    await adjust.click();
    await page.getByRole('combobox', { name: 'Time' }).selectOption('2');
    await page.getByRole('combobox', { name: 'Way of answering' }).selectOption('text');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Decide', exact: true }).click();
    const entry = page.getByRole('listitem').filter({ hasText: 'Tomo Lindgren' });
    await entry.getByText('Decided: twice the time, in writing as well.').waitFor();
    expect(await adjust.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  it('tells a backend what happens, and sends again what did not arrive', async () => {
    const answers = [410, 204];
    const heard: string[] = [];
    const backend = createServer((request, response) => {
      heard.push(String(request.headers['webhook-id']));
      response.writeHead(answers.shift() ?? 500).end();
    });
    await once(backend.listen(0, '127.0.0.1'), 'listening');
    const address = backend.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`;
    try {
      await page.getByRole('link', { name: 'Webhooks' }).click();
      await page.getByText('There is no endpoint yet.').waitFor();
      const field = page.getByLabel('Address that events are sent to');
      await field.fill('ftp://example.test');
      await page.getByLabel('Reports').check();
      await page.getByRole('button', { name: 'Add it' }).click();
      await page.getByText('it must begin with https://').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await field.fill(url);
      await page.keyboard.press('Enter');
      const secret = page.getByLabel('Signing secret');
      await secret.waitFor();
      const first = await secret.inputValue();
      expect(first).toMatch(/^whsec_/);
      await page.getByRole('button', { name: `New secret: ${url}` }).click();
      await page.getByRole('button', { name: 'Make a new secret' }).click();
      await expect.poll(() => secret.inputValue()).not.toBe(first);
      await page.getByRole('button', { name: 'Done' }).click();
      expect(await secret.inputValue()).toBe('');
      await page.getByRole('button', { name: `Test: ${url}` }).click();
      await page.getByText('Waiting', { exact: true }).waitFor();
      await tick();
      await page.getByText('Off: it answered 410').waitFor();
      const dead = page.getByRole('region', { name: 'Given up' });
      await dead.getByText('answered 410').waitFor();
      await dead.getByRole('button', { name: /^Replay/ }).click();
      await dead.getByText('Switch it on first.').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('button', { name: `Switch on: ${url}` }).click();
      await page.getByRole('button', { name: `Test: ${url}` }).waitFor();
      await dead.getByRole('button', { name: /^Replay/ }).click();
      await dead.waitFor({ state: 'hidden' });
      await tick();
      const deliveries = page.getByRole('region', { name: 'Deliveries' });
      await deliveries.getByText('Delivered', { exact: true }).waitFor();
      expect(heard).toEqual([heard[0], heard[0]]);
      await page.getByRole('button', { name: `Delete: ${url}` }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('There is no endpoint yet.').waitFor();
    } finally {
      backend.close();
    }
  });
});

/** Each line of the SDK page's transcript is a name and the words. */
function textsWithoutNames(items: Element[]): string[] {
  return items.map((item) => item.lastChild?.textContent ?? '');
}
