import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Candidate } from './support/candidate.ts';
import { Recruiter } from './support/recruiter.ts';
import { play } from './support/simulator.ts';

const dist = fileURLToPath(new URL('../../packages/room/dist/', import.meta.url));

/** What the room fetches while the first page is read, so that a talk needs none of it from the network. */
const late = ['define-late', 'check', 'help', 'live', 'after'].map(
  (name) => `ai-interview-room.${name}.js`,
);

/** Gives the page the built files; the set grows by what it takes. `fails` names those that are refused. */
async function serve(page: Page, fails = (_url: URL): boolean => false): Promise<Set<string>> {
  const loaded = new Set<string>();
  await page.route('**/ai-interview-room*.js*', async (route) => {
    const url = new URL(route.request().url());
    if (fails(url)) return route.abort();
    const name = basename(url.pathname);
    loaded.add(name);
    await route.fulfill({ path: dist + name });
  });
  return loaded;
}

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
    await page.addInitScript(() => {
      Object.assign(window, { before: Object.getOwnPropertyNames(window) });
    });
    const loaded = await serve(page);

    const candidate = new Candidate(page);
    await candidate.open(invitation.token);
    await candidate.button('Check my microphone').waitFor();
    await expect.poll(() => [...loaded]).toEqual(expect.arrayContaining(late));
    await candidate.enter();
    await candidate.answerUntil(candidate.heading('Thank you, that is everything'));

    expect(loaded).toContain('ai-interview-room.keep-call.js');
    expect(problems).toEqual([]);
    // Nothing of it is left in the page beside its elements, also not what Lit counts itself by.
    expect(
      await page.evaluate(() => {
        const { before } = window as unknown as { before: string[] };
        return Object.getOwnPropertyNames(window).filter((name) => !before.includes(name));
      }),
    ).toEqual(['before']);
    const session = await recruiter.session(invitation.id);
    const rows = await recruiter.transcript(session?.id ?? '');
    expect(rows.filter(({ role }) => role === 'candidate').map(({ text }) => text)).toEqual(words);
    await page.context().close();
  });

  it('are asked for again where the network failed, and the talk waits for its screens', async () => {
    const invitation = await recruiter.invite(inject('interviews').short);
    const { page } = await newPerson(browser);
    const asked: string[] = [];
    let offline = true;
    await serve(page, ({ pathname, search }) => {
      if (!pathname.endsWith('.live.js')) return false;
      asked.push(search);
      return offline;
    });
    const candidate = new Candidate(page);
    await candidate.open(invitation.token);
    await candidate.agreeAndCheck();
    await candidate.heading('Opening your invitation').waitFor();
    offline = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await candidate.button('Start the interview').waitFor();
    // The address itself fails for as long as the page is open, in most browsers.
    expect(asked.slice(0, 2)).toEqual(['', expect.stringMatching(/^\?./)]);
    await page.context().close();
  });
});
