import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { agreement } from './support/agreement.ts';
import { launchBrowser, newPerson } from './support/browser.ts';
import { play } from './support/simulator.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A page of somebody who took OpenAI's own client and nothing of ours. */
async function bundleClient(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { OpenAIRealtimeWebRTC } from '@openai/agents-realtime';
        window.callInterviewer = async (baseUrl, apiKey) => {
          const transport = new OpenAIRealtimeWebRTC({ baseUrl, useInsecureApiKey: true });
          const said = new Promise((resolve) => {
            transport.on('*', ({ type, transcript }) => {
              if (type === 'response.output_audio_transcript.done') resolve(transcript);
            });
          });
          await transport.connect({ apiKey });
          const heard = await said;
          const { status, callId } = transport;
          transport.close();
          return { status, callId, heard };
        };`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function newToken(): Promise<string> {
  const { supabaseUrl, tenantApiKey } = inject('stack');
  const reply = await fetch(`${supabaseUrl}/functions/v1/interview-start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenantApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      session_id: 'openai-client',
      tenant_id: 'test-tenant',
      interview_id: 'short-talk',
      consents: await agreement('short-talk'),
    }),
  });
  return ((await reply.json()) as { token: string }).token;
}

describe('OpenAI’s own client in Chromium', () => {
  it('calls the interviewer through the proxy, from another origin, and is greeted', async () => {
    await play();
    const { pagesUrl, proxyUrl } = inject('stack');
    const { page, problems } = await newPerson(browser, { bypassCSP: true });
    await page.goto(pagesUrl);
    await page.addScriptTag({ content: await bundleClient(), type: 'module' });
    await page.waitForFunction(() => 'callInterviewer' in window);
    // The voice that tests speak with would never let the interviewer begin.
    await page.evaluate(() => window.watchedMedia.speak(false));
    const called = await page.evaluate(([url, token]) => window.callInterviewer(url, token), [
      `${proxyUrl}/v1/calls`,
      await newToken(),
    ] as const);
    expect(called.status).toBe('connected');
    // It stands in `Location`, which a page may read only where the proxy says so.
    expect(called.callId).toMatch(/^[0-9a-f-]{36}$/);
    expect(called.heard).toContain('AI');
    expect(problems).toEqual([]);
  });
});

declare global {
  interface Window {
    callInterviewer: (
      url: string,
      token: string,
    ) => Promise<{ status: string; callId: string; heard: string }>;
  }
}
