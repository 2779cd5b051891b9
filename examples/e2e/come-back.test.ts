import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Candidate } from './support/candidate.ts';
import { Recruiter } from './support/recruiter.ts';
import { calls, play, record } from './support/simulator.ts';

let browser: Browser;
let recruiter: Recruiter;

beforeAll(async () => {
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
});
afterAll(() => browser.close());

describe('a page that is loaded again in the middle', () => {
  it('goes on with the same question, and the transcript has no seam', async () => {
    await play('Yes, I am ready.', 'I draw maps for people who like to walk far.');
    const before = (await calls()).length;
    const invitation = await recruiter.invite(inject('interviews').short);
    const { page, problems } = await newPerson(browser);
    const candidate = new Candidate(page);
    await candidate.open(invitation.token);
    await candidate.enter();
    await candidate.turn('Listening to you').waitFor();
    await candidate.answer();
    await candidate.room.getByText('What do you work on?').first().waitFor();
    await candidate.turn('Listening to you').waitFor({ timeout: 20_000 });

    await play(
      'I draw maps for people who like to walk far.',
      'Of one that brought a lost dog home.',
    );
    await page.reload();
    await candidate.goOn();
    await candidate.answerUntil(candidate.heading('Thank you, that is everything'));

    expect(problems).toEqual([]);
    const session = await recruiter.session(invitation.id);
    expect(session).toMatchObject({ status: 'completed', end_reason: 'completed', gaps: [] });
    const rows = await recruiter.transcript(session?.id ?? '');
    const records = await Promise.all((await calls()).slice(before).map(record));
    expect(records).toHaveLength(2);
    expect(rows.map(({ role, text, status }) => ({ role, text, status }))).toEqual(
      records.flatMap(({ utterances }) =>
        utterances.map(({ role, text, status }) => ({ role, text, status })),
      ),
    );
    expect(rows.filter(({ text }) => text.startsWith('Hello, I am an AI'))).toHaveLength(1);
  });
});
