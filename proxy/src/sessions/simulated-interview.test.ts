import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator, type CallRecord, type Simulator } from '@interview/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Candidate } from '../../../packages/simulator/src/testing/candidate.ts';
import { toneFrames } from '../../../packages/simulator/src/voice/tone.ts';
import { plan } from '../testing/interview.ts';
import { eventually } from '../testing/eventually.ts';
import { startProxy, TestPage, type TestProxy } from '../testing/proxy.ts';

const answers = [
  'Yes, I am ready.',
  'I led the redesign of the checkout and halved the errors of our customers.',
  'We disagreed about the search and tried both ways for a week.',
  'No, thank you.',
];

let simulator: Simulator;
let proxy: TestProxy;

beforeAll(async () => {
  simulator = await startSimulator({
    scenario: {
      turns: answers.map((text) => ({ text })),
      speech: 'tone',
      tone_chars_per_s: 120,
      hangover_ms: 400,
      transcription_delay_ms: 50,
      response_delay_ms: 200,
    },
  });
  proxy = await startProxy({ SIMULATION_MODE: 'true', SIMULATOR_URL: simulator.url });
  proxy.storage.interviewPlan = { ...plan, questions: plan.questions.slice(0, 2) };
});
afterAll(async () => {
  await proxy.close();
  await simulator.close();
});

/** Lets a peer that only knows the provider's door make its call through the proxy's socket. */
async function doorThrough(page: TestPage): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = await new Response(Buffer.concat(chunks), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData();
      const sdp = await (form.get('sdp') as File).text();
      const offer = { type: 'offer', writer_id: page.writer, sdp, reason: 'start' };
      const answer = await page.ask(offer);
      const providerCallId = proxy.storage.calls[0]?.provider_call_id ?? '';
      response.writeHead(201, { location: `/v1/realtime/calls/${providerCallId}` });
      response.end(String(answer['sdp']));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

it('holds a whole interview over real media, and keeps every word in order', async () => {
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });

  let from = 0;
  for (const [index] of answers.entries()) {
    const played = await candidate.events.next('output_audio_buffer.stopped', from);
    from = candidate.events.all.indexOf(played) + 1;
    candidate.speak(toneFrames(index === 1 || index === 2 ? 3.5 : 0.8));
  }
  const end = await page.until((message) => message.type === 'end', 15_000);
  expect(end).toMatchObject({ reason: 'completed' });
  const done = await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
  expect(done).toMatchObject({ type: 'completed' });
  expect(page.received.filter((message) => message.type === 'error')).toEqual([]);

  const id = proxy.storage.calls[0]?.provider_call_id ?? '';
  const truth = async (): Promise<CallRecord> =>
    (await (await fetch(new URL(`/simulator/calls/${id}`, simulator.url))).json()) as CallRecord;
  await eventually(async () => (await truth()).ended_at).not.toBeNull();
  const { utterances } = await truth();
  const rows = proxy.storage.serverRows();
  expect(rows.map(({ item_id, role, text, status }) => ({ item_id, role, text, status }))).toEqual(
    utterances.map(({ item_id, role, text, status }) => ({ item_id, role, text, status })),
  );
  const spoken = rows.filter((row) => row.role === 'candidate').map((row) => row.text);
  expect(spoken).toEqual(answers);
  expect(rows.at(-1)?.text).toBe(plan.closing_text);
  candidate.leave();
  server.close();
}, 60_000);
