import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Candidate } from './support/candidate.ts';
import { Recruiter } from './support/recruiter.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The code in the newest message to an address, once there is one. */
function codeFor(email: string): Promise<string> {
  return vi.waitFor(() => {
    const lines = readFileSync(inject('mailbox'), 'utf8').split('\n').filter(Boolean);
    const mails = lines.map((line) => JSON.parse(line) as { to: string; text: string });
    const newest = mails.findLast(({ to }) => to === email);
    const [code] = /\d{6,}/.exec(newest?.text ?? '') ?? [];
    if (code === undefined) throw new Error(`No code came for ${email}.`);
    return code;
  });
}

async function open(page: Page, token: string): Promise<void> {
  await page.goto(`${inject('stack').pagesUrl}/account/#interview=${token}`);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

describe('an interview that asks for an account', () => {
  it('is begun with a code, and gone on with by the same account on another device', async () => {
    const recruiter = await Recruiter.signIn();
    const invitation = await recruiter.invite(inject('interviews').account);
    const email = `${crypto.randomUUID()}@candidate.test`;
    const { page, problems } = await newPerson(browser);
    await open(page, invitation.token);
    await page.getByText('“A talk with an account”').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('E-mail address').fill(email);
    await page.keyboard.press('Enter');
    await heading(page, 'Enter the code');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Code').fill(await codeFor(email));
    await page.keyboard.press('Enter');
    const candidate = new Candidate(page);
    await candidate.enter();
    expect(await page.getByRole('button', { name: /Sign out/ }).isDisabled()).toBe(true);
    expect(problems).toEqual([]);

    const elsewhere = await newPerson(browser);
    await open(elsewhere.page, invitation.token);
    await elsewhere.page.getByLabel('E-mail address').fill(email);
    await press(elsewhere.page, 'Send me a code');
    await heading(elsewhere.page, 'Enter the code');
    const first = await codeFor(email);
    await elsewhere.page.getByLabel('Code').fill(first);
    await press(elsewhere.page, 'Sign in');
    await new Candidate(elsewhere.page).heading('Welcome back').waitFor();
    const [session] = await recruiter.read<{ candidates: { user_id: string | null } }>(
      `interview_sessions?invitation_id=eq.${invitation.id}&select=candidates(user_id)`,
    );
    expect(session?.candidates.user_id).toEqual(expect.any(String));
  });

  it('is begun with a password, and says what is wrong and what helps', async () => {
    const recruiter = await Recruiter.signIn();
    const { token } = await recruiter.invite(inject('interviews').account);
    const email = `${crypto.randomUUID()}@candidate.test`;
    const { page } = await newPerson(browser, { colorScheme: 'dark' });
    await open(page, token);
    await page.getByLabel('E-mail address').fill(email);
    await press(page, 'Use a password');
    await page.getByLabel('Password').fill('not my password');
    await press(page, 'Sign in');
    await page.getByRole('alert').getByText('do not fit together').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await press(page, 'Create an account');
    await page.getByLabel(/Choose a password/).fill('a long enough password');
    await press(page, 'Create my account');
    await page.getByText(email).waitFor();
    await new Candidate(page).heading(/Welcome/).waitFor();
    await press(page, 'Not you? Sign out');
    await heading(page, 'Sign in to your interview');
    await page.getByLabel('E-mail address').fill(email);
    await press(page, 'Send me a code');
    await page.getByLabel('Code').fill('000 000');
    await press(page, 'Sign in');
    await page.getByRole('alert').getByText('That code is not right').waitFor();
    await press(page, 'Change the address');
    await page.route('**/auth/v1/otp*', (route) => route.abort());
    await press(page, 'Send me a code');
    await page.getByRole('alert').getByText('Check your connection').waitFor();
  });

  it('lets whoever needs no account in at once', async () => {
    const { token } = await (await Recruiter.signIn()).invite(inject('interviews').short);
    const { page } = await newPerson(browser);
    await open(page, token);
    await new Candidate(page).heading(/Welcome/).waitFor();
    expect(await page.getByRole('button', { name: /Sign out/ }).isVisible()).toBe(false);
  });
});
