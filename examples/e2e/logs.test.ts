import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { Candidate } from '../../packages/simulator/src/testing/candidate.ts';
import { toneFrames } from '../../packages/simulator/src/voice/tone.ts';
import { doorThrough } from '../../proxy/src/testing/door-through.ts';
import { TestPage } from '../../proxy/src/testing/proxy.ts';
import { agreement } from './support/agreement.ts';
import { canaries, leaksIn } from './support/leaks-in-logs.ts';
import { play } from './support/simulator.ts';

interface Started {
  token: string;
  proxy: { ws_url: string; http_url: string };
}

/** Asks interview-start, and everything else of the functions. */
function ask(name: string, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${inject('stack').supabaseUrl}/functions/v1/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

async function start(): Promise<Started> {
  const reply = await ask(
    'interview-start',
    JSON.stringify({
      session_id: 'canary-session',
      tenant_id: 'test-tenant',
      interview_id: 'short-talk',
      consents: await agreement('short-talk'),
      candidate: { id: 'canary', name: canaries.name, email: canaries.email },
    }),
    { authorization: `Bearer ${inject('stack').tenantApiKey}` },
  );
  expect(reply.status).toBe(200);
  return (await reply.json()) as Started;
}

/** A whole interview, with something to hide in every field. Returns passwords of its call. */
async function holdInterview({ token, proxy }: Started): Promise<string[]> {
  await play(...canaries.answers);
  const page = new TestPage(proxy.ws_url, token);
  await page.next('ready');
  const { url, server } = await doorThrough({ storage: { calls: [] } }, page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  const { call_id, sdp } = await page.next('answer');
  await page.ask({ type: 'connected', call_id });
  let from = 0;
  for (const index of canaries.answers.keys()) {
    const played = await candidate.events.next('output_audio_buffer.stopped', from);
    from = candidate.events.all.indexOf(played) + 1;
    candidate.speak(toneFrames(index === 1 || index === 2 ? 3.5 : 0.8));
    if (index === 0) await sayBeside(page);
  }
  await page.until((message) => message.type === 'end', 30_000);
  await page.ask({ type: 'feedback', rating: 5, text: canaries.feedback });
  await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
  candidate.leave();
  server.close();
  page.socket.close();
  return [...String(sdp).matchAll(/(?<=a=ice-pwd:)\S+/g)].map(String);
}

/** What a candidate says beside the interview, and rows that no honest page sends. */
async function sayBeside(page: TestPage): Promise<void> {
  await page.ask({ type: 'ask', kind: 'human', note: canaries.note });
  await page.ask({ type: 'correct', entry_id: 'canary.item_1', text: canaries.correction });
  page.send({ type: 'quality', rtt_ms: 20, warnings: [canaries.token] });
  const entries = [{ text: canaries.row, role: 'candidate' }];
  await page.ask({ type: 'transcript', writer_id: page.writer, entries });
  await page.ask({ type: 'action', kind: canaries.typed });
}

/** Requests that are refused, each with something to hide. */
async function askInVain({ token, proxy }: Started): Promise<void> {
  const { http_url: base } = proxy;
  const bad = `${token.slice(0, -4)}xxxx`;
  const offer = `v=0\r\na=ice-pwd:${canaries.token}\r\n`;
  const sdp = { 'content-type': 'application/sdp' };
  await Promise.all([
    fetch(`${base}/v1/calls?token=${token}`, { method: 'POST', headers: sdp, body: offer }),
    fetch(`${base}/v1/calls`, {
      method: 'POST',
      headers: { ...sdp, authorization: `Bearer ${token}` },
      body: offer,
    }),
    fetch(`${base}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bad}`, 'content-type': 'application/json' },
      body: `{"text":"${canaries.typed}"`,
    }),
    fetch(`${base}/nowhere?token=${token}`),
    fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${canaries.token}` } }),
    ask('interview-start', `{"candidate":{"name":"${canaries.name}"`, {}),
    ask('interview-start', JSON.stringify({ step: 'look', invitation: canaries.token }), {}),
    ask('interview-transcript', JSON.stringify({ entries: [canaries.row] }), { apikey: token }),
    ask('transcript-processor', '{"action":"tick"}', { apikey: canaries.token }),
  ]);
}

describe('the logs', () => {
  it('hold no token, password of a call, name, e-mail or word of a whole interview', async () => {
    const folder = inject('logs');
    const started = await start();
    const passwords = await holdInterview(started);
    await askInVain(started);
    expect(passwords).not.toEqual([]);
    expect(leaksIn(folder, passwords)).toEqual([]);
    const lines = readFileSync(join(folder, 'proxy.log'), 'utf8').trim().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    // The check is worth something where there is something to look through.
    expect(logged.filter(({ msg }) => msg === 'refused')).toContainEqual(
      expect.objectContaining({
        code: 'invalid_offer',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      }),
    );
  });
});
