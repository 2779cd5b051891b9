import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser } from './browser.ts';

/**
 * Path of a browser; installs Debian's Chromium where there is none and the user may. Undefined, with one line that
 * says what to install, where that can't be done.
 */
export function ensureBrowser(): string | undefined {
  const found = findBrowser();
  if (found !== undefined) return found;
  const debianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!debianRoot) {
    console.error('Install Chrome or Chromium, or name it in CHROME_PATH: browser tests need it.');
    return undefined;
  }
  console.log('Installing Chromium from Debian (once) …');
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', 'chromium'],
  ]) {
    const { status } = spawnSync('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) {
      console.error(
        `apt-get ${args.join(' ')} failed: install Chromium, or name it in CHROME_PATH.`,
      );
      return undefined;
    }
  }
  return findBrowser();
}
