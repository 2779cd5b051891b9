import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Candidate } from './support/candidate.ts';
import { Recruiter } from './support/recruiter.ts';
import { play } from './support/simulator.ts';

const dist = fileURLToPath(new URL('../../packages/room/dist/', import.meta.url));

let browser: Browser;
let recruiter: Recruiter;

beforeAll(async () => {
  if (!existsSync(`${dist}ai-interview-room.js`)) throw new Error('Run npm run build first.');
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
});
afterAll(() => browser.close());

describe('the files that a site copies', () => {
  it('hold an interview from beginning to end, with what lies beside the first', async () => {
    const words = [
      'Yes, I am ready.',
      'I draw maps for people who like to walk far.',
      'Of a map that brought a lost dog home again.',
      'No, thank you, that was all.',
    ];
    await play(...words);
    const invitation = await recruiter.invite(inject('interviews').short);
    const { page, problems } = await newPerson(browser);
    const loaded = new Set<string>();
    await page.route('**/ai-interview-room*.js', async (route) => {
      const name = basename(new URL(route.request().url()).pathname);
      loaded.add(name);
      await route.fulfill({ path: dist + name });
    });

    const candidate = new Candidate(page);
    await candidate.open(invitation.token);
    await candidate.enter();
    await candidate.answerUntil(candidate.heading('Thank you, that is everything'));

    for (const name of ['', '.define-late', '.keep-call'])
      expect(loaded).toContain(`ai-interview-room${name}.js`);
    expect(problems).toEqual([]);
    const session = await recruiter.session(invitation.id);
    const rows = await recruiter.transcript(session?.id ?? '');
    expect(rows.filter(({ role }) => role === 'candidate').map(({ text }) => text)).toEqual(words);
    await page.context().close();
  });
});
