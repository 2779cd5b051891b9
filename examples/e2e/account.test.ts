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

/** The code in the `nth` message to an address, once it is there. */
function codeFor(email: string, nth = 1): Promise<string> {
  return vi.waitFor(() => {
    const lines = readFileSync(inject('mailbox'), 'utf8').split('\n').filter(Boolean);
    const mails = lines.map((line) => JSON.parse(line) as { to: string; text: string });
    const mail = mails.filter(({ to }) => to === email)[nth - 1];
    const [code] = /\d{6,}/.exec(mail?.text ?? '') ?? [];
    if (code === undefined) throw new Error(`No code came for ${email}.`);
    return code;
  });
}

async function open(page: Page, token: string): Promise<void> {
  await page.goto(`${inject('stack').pagesUrl}/account/#interview=${token}`);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

/** Takes a consent back as the account that is signed in on this page. */
function withdraw(page: Page, session: string): Promise<unknown> {
  const { supabaseUrl, publishableKey } = inject('stack');
  return page.evaluate(
    async ([url, key, id]) => {
      const kept = Object.keys(localStorage).find((name) => name.endsWith('-auth-token')) ?? '';
      const { access_token: token } = JSON.parse(localStorage.getItem(kept) ?? '{}') as {
        access_token: string;
      };
      const reply = await fetch(`${url}/rest/v1/rpc/withdraw_consent`, {
        method: 'POST',
        headers: {
          apikey: key,
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ p_session: id, p_purposes: ['processing'] }),
      });
      return (await reply.json()) as unknown;
    },
    [supabaseUrl, publishableKey, session] as const,
  );
}

describe('an interview that asks for an account', () => {
  it('is begun with a code, gone on with by the same account elsewhere, and ended by its word', async () => {
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
    await page.getByLabel('Code', { exact: true }).fill(await codeFor(email));
    await page.keyboard.press('Enter');
    const candidate = new Candidate(page);
    await candidate.enter();
    expect(await page.getByRole('button', { name: /Sign out/ }).isDisabled()).toBe(true);
    expect(problems).toEqual([]);

    const elsewhere = await newPerson(browser);
    await open(elsewhere.page, invitation.token);
    await elsewhere.page.getByText('begun on another device').waitFor();
    await elsewhere.page.getByLabel('E-mail address').fill(email);
    await press(elsewhere.page, 'Send me a code');
    await heading(elsewhere.page, 'Enter the code');
    const code = await codeFor(email, 2);
    await elsewhere.page.getByLabel('Code', { exact: true }).fill(code);
    await press(elsewhere.page, 'Sign in');
    await new Candidate(elsewhere.page).heading('Welcome back').waitFor();

    const sessions = await recruiter.read<{ id: string; candidates: { user_id: string | null } }>(
      `interview_sessions?invitation_id=eq.${invitation.id}&select=id,candidates(user_id)`,
    );
    expect(sessions).toMatchObject([{ candidates: { user_id: expect.any(String) as string } }]);
    const id = sessions[0]?.id ?? '';
    expect(await withdraw(elsewhere.page, id)).toMatchObject({ interview: 'ends' });
    await candidate.heading('You have withdrawn').waitFor();
    expect(await candidate.microphones()).toEqual(['ended']);
    const ended = await recruiter.session(invitation.id);
    expect(ended).toMatchObject({ end_reason: 'withdrawn' });
  });

  it('is begun with a password, and says what is wrong and what helps', async () => {
    const recruiter = await Recruiter.signIn();
    const { token } = await recruiter.invite(inject('interviews').account);
    const email = `${crypto.randomUUID()}@candidate.test`;
    const { page } = await newPerson(browser, { colorScheme: 'dark' });
    await open(page, token);
    await page.getByLabel('E-mail address').fill(email);
    await press(page, 'Use a password');
    await page.getByLabel('Password', { exact: true }).fill('not my password');
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
    await page.getByLabel('Code', { exact: true }).fill('000 000');
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
