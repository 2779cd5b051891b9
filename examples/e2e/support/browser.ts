import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { browserFlags, findBrowser } from '../../../packages/checks/src/browser.ts';
import { writeVoice } from './microphone.ts';
import { watchMedia } from './watch-media.ts';

/** Starts a browser whose microphone plays a voice; `microphone: 'denied'` gives it to nobody. */
export function launchBrowser(microphone: 'granted' | 'denied' = 'granted'): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error('No Chrome or Chromium: install one, or name it in CHROME_PATH.');
  }
  const flags = browserFlags.filter(
    (flag) => microphone === 'granted' || flag !== '--use-fake-ui-for-media-stream',
  );
  return chromium.launch({
    executablePath,
    args: [...flags, `--use-file-for-fake-audio-capture=${writeVoice()}`],
  });
}

/** A page, and everything that it should not have done. */
export interface WatchedPage {
  page: Page;
  /** Console errors, uncaught errors and violations of the page's policy. */
  problems: string[];
  /** Every origin that was asked for anything. */
  origins: Set<string>;
}

/** Opens an empty page for one person: nothing is shared with other pages, not even storage. */
export async function newPerson(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const origins = new Set<string>();
  await page.addInitScript(watchMedia);
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => note(origins, request.url()));
  page.on('websocket', (socket) => note(origins, socket.url()));
  return { page, problems, origins };
}

function note(origins: Set<string>, address: string): void {
  const { origin, protocol } = new URL(address);
  if (protocol !== 'data:' && protocol !== 'blob:') origins.add(origin);
}
