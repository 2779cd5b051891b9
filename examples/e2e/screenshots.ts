import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startStack } from '@interview/local-stack';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser, newPerson } from './support/browser.ts';

/** Takes a picture of every screen, wide and narrow, light and dark, into `.local/screenshots/`. */

const folder = fileURLToPath(new URL('../../.local/screenshots/', import.meta.url));
const looks = [
  { name: 'wide', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'wide-dark', width: 1280, height: 800, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
] as const;

async function shoot(page: Page, name: string): Promise<void> {
  for (const { name: look, width, height, colorScheme } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${folder}${name}-${look}.png`, animations: 'disabled' });
  }
  const [{ width, height, colorScheme }] = looks;
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height });
}

/** The browser refuses to play, as without a gesture or after a telephone call, until what is returned is called. */
async function blockSound(page: Page): Promise<() => Promise<void>> {
  const play = await page.evaluateHandle(() => {
    const media = HTMLMediaElement.prototype;
    const own = Object.getOwnPropertyDescriptor(media, 'play') ?? {};
    media.play = () => Promise.reject(new DOMException('Click first.', 'NotAllowedError'));
    return { again: () => Object.defineProperty(media, 'play', own) };
  });
  return () => play.evaluate(({ again }) => void again());
}

/** Goes through the room from an empty link to the thank-you. */
async function room(page: Page, candidateUrl: string): Promise<void> {
  const element = page.locator('ai-interview-room');
  const button = (name: string): Locator => element.getByRole('button', { name });
  await page.goto(new URL('#', candidateUrl).href);
  await element.getByRole('heading', { name: 'Please open your invitation link' }).waitFor();
  await shoot(page, 'room-0-no-invitation');
  await page.goto('about:blank');
  await page.goto(candidateUrl);
  const consent = element.getByRole('checkbox', { name: /An AI will interview me/ });
  await consent.waitFor();
  await shoot(page, 'room-1-welcome');
  await consent.check();
  await button('Check my microphone').click();
  await element.getByText('We hear you.').waitFor();
  await shoot(page, 'room-2-check');
  await page.evaluate(() => window.watchedMedia.speak(false));
  const allowSound = await blockSound(page);
  await button('Start the interview').click();
  await button('Turn on the sound').waitFor();
  await shoot(page, 'room-2-sound-blocked');
  await allowSound();
  await button('Turn on the sound').click();
  await element.getByText('Interviewer is speaking').waitFor();
  await shoot(page, 'room-3-interviewer-speaks');
  await element.getByText('Listening to you').waitFor({ timeout: 60_000 });
  await page.evaluate(() => window.watchedMedia.speak(true));
  await element.getByText('You are speaking').waitFor();
  await shoot(page, 'room-4-candidate-speaks');
  await page.evaluate(() => window.watchedMedia.speak(false));
  await element.getByText('Interviewer is speaking').waitFor({ timeout: 30_000 });
  await button('End').click();
  await shoot(page, 'room-5-end-asked');
  await button('End interview').click();
  await element.getByRole('heading', { name: 'Thank you' }).waitFor({ timeout: 30_000 });
  await shoot(page, 'room-6-done');
}

/** The same journey through a room that was written in a framework. */
async function framework(page: Page, name: string, link: string): Promise<void> {
  const button = (label: string): Locator => page.getByRole('button', { name: label, exact: true });
  await page.goto(new URL(`/${name}/`, link).href);
  await page.getByRole('heading', { name: 'Please open your invitation link' }).waitFor();
  await shoot(page, `${name}-0-no-invitation`);
  await page.goto(new URL(`/${name}/${new URL(link).hash}`, link).href);
  const consent = page.getByRole('checkbox', { name: /An AI will interview me/ });
  await consent.waitFor();
  await shoot(page, `${name}-1-welcome`);
  await consent.check();
  await button('Check my microphone').click();
  await page.getByText('We hear you.').waitFor();
  await shoot(page, `${name}-2-check`);
  await page.evaluate(() => window.watchedMedia.speak(false));
  await button('Start the interview').click();
  await page.getByText('Your turn').waitFor({ timeout: 60_000 });
  await shoot(page, `${name}-3-talk`);
  await page.reload();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await shoot(page, `${name}-4-welcome-back`);
  await button('Go on with Product designer').click();
  await button('Check my microphone').click();
  await page.getByText('We hear you.').waitFor();
  await page.evaluate(() => window.watchedMedia.speak(false));
  await button('Go on with the interview').click();
  await button('End').click();
  await shoot(page, `${name}-5-end-asked`);
  await button('End the interview').click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor({ timeout: 30_000 });
  await shoot(page, `${name}-6-done`);
}

/** Shows the recruiter's desk; gives back two of its links to candidates. */
async function desk(page: Page, recruiterUrl: string): Promise<[string, string]> {
  const link = page.getByLabel('Candidate’s link');
  await page.goto(recruiterUrl);
  await page.getByText('This is a local stack').waitFor();
  await shoot(page, 'desk-1-sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Invitations' }).click();
  await page.getByRole('button', { name: 'Create a link' }).click();
  await link.waitFor();
  await shoot(page, 'desk-2-link');
  const first = await link.inputValue();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Amira Haddad');
  await page.getByRole('button', { name: 'Create a link' }).click();
  await link.waitFor();
  const second = await link.inputValue();
  await page.getByRole('button', { name: 'Done' }).click();
  await shoot(page, 'desk-4-invitations');
  await page.getByRole('button', { name: 'Revoke: Amira Haddad' }).click();
  await shoot(page, 'desk-5-sure');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Adjust: Amira Haddad' }).click();
  await shoot(page, 'desk-5-adjust');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Plans', exact: true }).click();
  await page.getByRole('link', { name: 'Product designer' }).waitFor();
  await shoot(page, 'desk-6-plans');
  await page.getByRole('link', { name: 'Product designer' }).click();
  await page.getByLabel('Title').waitFor();
  await shoot(page, 'desk-7-plan');
  await page.getByRole('tab', { name: 'JSON' }).click();
  await shoot(page, 'desk-8-plan-json');
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('heading', { name: 'Local demonstration' }).waitFor();
  await shoot(page, 'desk-9-keys');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByText('There is no endpoint yet.').waitFor();
  await shoot(page, 'desk-10-no-webhooks');
  // A port where nobody listens.
  await page.getByLabel('Address that events are sent to').fill('http://127.0.0.1:9/hook');
  await page.getByLabel('Reports').check();
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.getByLabel('Signing secret').waitFor();
  await shoot(page, 'desk-11-secret');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: /^Test/ }).click();
  await page.getByText('Waiting', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Switch off/ }).click();
  await page.getByRole('button', { name: 'Switch off', exact: true }).click();
  await page.getByRole('heading', { name: 'Given up' }).waitFor();
  await shoot(page, 'desk-12-webhooks');
  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  await page.getByRole('link', { name: /Completed/ }).click();
  await page.getByRole('heading', { name: 'Report' }).waitFor({ timeout: 30_000 });
  await shoot(page, 'desk-3-session');
  return [first, second];
}

async function pages(browser: Browser): Promise<void> {
  const { info, stop } = await startStack();
  try {
    await room((await newPerson(browser)).page, info.candidateUrl);
    const links = await desk((await newPerson(browser)).page, info.recruiterUrl);
    await framework((await newPerson(browser)).page, 'react', links[0]);
    await framework((await newPerson(browser)).page, 'vue', links[1]);
    const { page } = await newPerson(browser);
    for (const [name, url] of Object.entries({
      root: info.pagesUrl,
      account: new URL('/account/', info.pagesUrl).href,
      'sdk-no-invitation': new URL('#', info.sdkUrl).href,
      'test-page': info.testUrl,
      'proxy-status': info.statusUrl,
    })) {
      await page.goto(url, { waitUntil: 'networkidle' });
      await shoot(page, name);
    }
  } finally {
    await stop();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
try {
  await pages(browser);
  console.log(`Pictures of every screen: ${folder}`);
} finally {
  await browser.close();
}
