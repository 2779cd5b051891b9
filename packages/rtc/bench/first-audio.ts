import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startStack, type Stack } from '@interview/local-stack';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { browserFlags, findBrowser } from '../../checks/src/browser.ts';
import type { Client, Timing, Trial } from './first-audio-page.ts';

/**
 * Click to the interviewer's first audible sound: our SDK beside OpenAI's own and beside a page written by hand, in
 * turn, in the same run. Everybody fetches a session token from the same function and talks to the same proxy.
 * `--runs N`, default 20 of each.
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' } } });
const runs = Math.max(1, Number(values.runs) || 20);
const clients: readonly Client[] = ['@interview/rtc', '@openai/agents-realtime', 'by hand'];

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('first-audio-page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['source', 'browser'],
    alias: { 'openai-client': '@openai/agents-realtime' },
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** One invitation for all: each browser takes a use of it. */
async function invite({ info, sql }: Stack): Promise<Omit<Trial, 'client' | 'prepared'>> {
  const signIn = await fetch(`${info.supabaseUrl}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: info.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify(info.recruiter),
  });
  const { access_token: token } = (await signIn.json()) as { access_token: string };
  const [interview] = await sql<{ id: string; consents: Record<string, string>[] }>(
    "select id, consents from public.interviews where external_id = 'product-designer'",
  );
  const reply = await fetch(`${info.supabaseUrl}/rest/v1/rpc/create_invitation`, {
    method: 'POST',
    headers: {
      apikey: info.publishableKey,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ p_interview: interview?.id, p_max_uses: 1000 }),
  });
  const { token: invitation } = (await reply.json()) as { token: string };
  const consents = (interview?.consents ?? []).map(({ purpose = '', version = '', text = '' }) => ({
    purpose,
    version,
    text,
    granted: true,
  }));
  return {
    invitation,
    consents,
    startUrl: `${info.supabaseUrl}/functions/v1/interview-start`,
    supabaseKey: info.publishableKey,
    callsUrl: `${info.proxyUrl}/v1/calls`,
  };
}

/** One fresh browser profile, one click. */
async function run(
  browser: Browser,
  pagesUrl: string,
  script: string,
  trial: Trial,
): Promise<Timing> {
  const context = await browser.newContext({ permissions: ['microphone'], bypassCSP: true });
  try {
    const page = await context.newPage();
    // The pages' own origin is the one that the tenant allows; of the page itself nothing is needed.
    await page.goto(pagesUrl);
    await page.addScriptTag({ content: script, type: 'module' });
    await page.waitForFunction(() => 'ready' in window);
    await page.evaluate((given) => window.ready(given), trial);
    await page.mouse.click(1, 1);
    return await page.evaluate(() => window.timing);
  } finally {
    await context.close();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

async function measure(
  browser: Browser,
  stack: Stack,
  script: string,
  prepared: boolean,
): Promise<void> {
  const given = await invite(stack);
  const timings = new Map<Client, Timing[]>(clients.map((client) => [client, []]));
  for (let round = -1; round < runs; round += 1) {
    // Each round begins with another client, so that none is always first.
    for (const [place] of clients.entries()) {
      const client = clients[(place + round + clients.length) % clients.length] ?? 'by hand';
      const timing = await run(browser, stack.info.pagesUrl, script, {
        ...given,
        client,
        prepared,
      });
      // The first round warms everybody up.
      if (round >= 0) timings.get(client)?.push(timing);
    }
  }
  const audio = (client: Client): number =>
    median((timings.get(client) ?? []).map(({ firstAudio }) => firstAudio));
  const best = Math.min(audio('@openai/agents-realtime'), audio('by hand'));
  console.log(
    `\n${prepared ? 'Microphone opened before the click' : 'Nothing opened before the click'}, ${runs} runs each, medians`,
  );
  for (const client of clients) {
    const connected = median((timings.get(client) ?? []).map((one) => one.connected));
    const ratio = (audio(client) / best).toFixed(2);
    console.log(
      `  ${client.padEnd(24)} first audio ${audio(client).toFixed(0).padStart(5)} ms (${ratio} × the better of the others), start resolved ${connected.toFixed(0).padStart(5)} ms`,
    );
  }
}

const executablePath = findBrowser();
if (executablePath === undefined) throw new Error('No Chrome or Chromium: name it in CHROME_PATH.');
const script = await bundlePage();
const stack = await startStack();
const browser = await chromium.launch({ executablePath, args: [...browserFlags] });
try {
  await measure(browser, stack, script, false);
  await measure(browser, stack, script, true);
} finally {
  await browser.close();
  await stack.stop();
}
process.exit(0);
