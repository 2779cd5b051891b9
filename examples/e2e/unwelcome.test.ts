import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Candidate } from './support/candidate.ts';
import { Recruiter } from './support/recruiter.ts';
import { play } from './support/simulator.ts';

let browser: Browser;
let recruiter: Recruiter;

beforeAll(async () => {
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
});
afterAll(() => browser.close());

async function openedBy(token: string): Promise<Candidate> {
  const candidate = new Candidate((await newPerson(browser)).page);
  await candidate.open(token);
  return candidate;
}

describe('an invitation that does not hold', () => {
  it('is told apart by its holder: unknown, expired, revoked', async () => {
    const { short, expiredInvitation } = inject('interviews');
    const unknown = await openedBy(`inv_${'x'.repeat(43)}`);
    await unknown.heading('This link does not open an interview').waitFor();

    const expired = await openedBy(expiredInvitation);
    await expired.heading('This invitation has run out').waitFor();

    const { id, token } = await recruiter.invite(short);
    await recruiter.rpc('revoke_invitation', { p_invitation: id });
    const revoked = await openedBy(token);
    await revoked.heading('This invitation was withdrawn').waitFor();
  });

  it('says what to do where the link carries none', async () => {
    const { page } = await newPerson(browser);
    await page.goto(`${inject('stack').pagesUrl}/script-tag/`);
    await new Candidate(page).heading('Please open your invitation link').waitFor();
  });

  it('lets nobody else in once it is used, and nobody again once it is done', async () => {
    await play('Yes.', 'I would like to stop here.');
    const { id, token } = await recruiter.invite(inject('interviews').short);
    const first = await openedBy(token);
    await first.enter();
    await first.turn('Listening to you').waitFor();
    await first.answer();
    await first.turn('Interviewer is speaking').waitFor();

    const second = await openedBy(token);
    await second.heading('This interview was begun on another device').waitFor();

    await first.button('End').click();
    await first.button('End interview').click();
    await first.heading('Thank you for your time').waitFor();
    expect(new Set(await first.microphones())).toEqual(new Set(['ended']));
    const session = await recruiter.session(id);
    expect(session).toMatchObject({ status: 'completed', end_reason: 'candidate_ended' });

    await first.open(token);
    await first.page.reload();
    await first.heading('This interview is already finished').waitFor();
  });
});

describe('a microphone that stays closed', () => {
  it('is explained, and checked again when the candidate asks', async () => {
    const closed = await launchBrowser('denied');
    try {
      const { token } = await recruiter.invite(inject('interviews').short);
      const candidate = new Candidate((await newPerson(closed)).page);
      await candidate.open(token);
      await candidate.agreeAndCheck();
      await candidate.heading('Your browser keeps the microphone closed').waitFor();
      await candidate.button('Check again').click();
      await candidate.heading('Your browser keeps the microphone closed').waitFor();
    } finally {
      await closed.close();
    }
  });
});
