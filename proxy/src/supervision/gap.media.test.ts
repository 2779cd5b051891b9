import type { Server } from 'node:http';
import { startSimulator, type CallRecord, type Simulator } from '@interview/simulator';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  Candidate,
  type ReceivedEvent,
} from '../../../packages/simulator/src/testing/candidate.ts';
import { toneFrames } from '../../../packages/simulator/src/voice/tone.ts';
import { doorThrough } from '../testing/door-through.ts';
import { eventually } from '../testing/eventually.ts';
import { heardOut } from '../testing/heard-out.ts';
import { plan } from '../testing/interview.ts';
import { startProxy, TestPage, type TestProxy } from '../testing/proxy.ts';
import { Relay } from '../testing/relay.ts';

// A candidate who speaks over real media takes their time, and so does a dead connection.
vi.setConfig({ testTimeout: 40_000 });

let simulator: Simulator;
let relay: Relay;
let proxy: TestProxy;
let candidate: Candidate;
let door: Server;

beforeEach(async () => {
  simulator = await startSimulator({
    scenario: {
      turns: [{ text: 'Yes, I am ready.' }],
      speech: 'tone',
      tone_chars_per_s: 120,
      hangover_ms: 300,
      transcription_delay_ms: 50,
      response_delay_ms: 300,
    },
  });
  relay = new Relay(simulator.url);
  proxy = await startProxy({ SIMULATION_MODE: 'true', SIMULATOR_URL: await relay.listen() });
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, page);
  door = server;
  candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });
  await heardOut(candidate.events);
  await eventually(() => proxy.storage.serverRows().length).toBe(1);
});
afterEach(async () => {
  candidate.leave();
  door.close();
  await proxy.close();
  relay.close();
  await simulator.close();
});

async function truth(): Promise<CallRecord> {
  const id = proxy.storage.calls[0]?.provider_call_id ?? '';
  const reply = await fetch(new URL(`/simulator/calls/${id}`, simulator.url));
  return (await reply.json()) as CallRecord;
}

/** The first question is asked, once, and the tool call was answered once. */
async function goesOn(): Promise<void> {
  // The channel is back: the supervisor looks what stands last. To notice a dead one takes up to ten seconds.
  const isNote = ({ item }: ReceivedEvent): boolean =>
    (item as { role?: string }).role === 'system';
  await candidate.events.next('conversation.item.added', 0, isNote);
  const question = plan.questions[0]?.text ?? '';
  const isAsked = ({ transcript }: ReceivedEvent): boolean => String(transcript).includes(question);
  const asked = await candidate.events.next('response.output_audio_transcript.done', 0, isAsked);
  await heardOut(candidate.events, candidate.events.all.indexOf(asked));
  const { utterances, tool_calls: calls } = await truth();
  const said = [plan.greeting, 'Yes, I am ready.', `Thank you. ${question}`];
  expect(utterances.map((one) => one.text)).toEqual(said);
  expect(calls.map((call) => call.name)).toEqual(['next_question']);
  expect(calls[0]?.output).toContain('"ok":true');
  const outputs = candidate.events.all.filter(
    ({ type, item }) =>
      type === 'conversation.item.added' &&
      (item as { type: string }).type === 'function_call_output',
  );
  expect(outputs).toHaveLength(1);
  expect(proxy.storage.events).toEqual([]);
  await eventually(() => proxy.storage.serverRows().map((row) => row.text)).toEqual(said);
}

it('answers a tool call that was made while the channel was gone', async () => {
  candidate.speak(toneFrames(0.8));
  const from = candidate.events.all.length;
  await candidate.events.next('response.created', from);
  relay.cut();
  await candidate.events.next('response.done', from);
  relay.restore();
  await goesOn();
});

it('answers a turn that ended while the channel was gone', async () => {
  const from = candidate.events.all.length;
  candidate.speak(toneFrames(0.8));
  await candidate.events.next('input_audio_buffer.speech_started', from);
  relay.cut();
  await candidate.events.next('input_audio_buffer.committed', from);
  relay.restore();
  await goesOn();
});

it('notices a channel that died without being closed, and answers what was missed', async () => {
  const from = candidate.events.all.length;
  candidate.speak(toneFrames(0.8));
  await candidate.events.next('input_audio_buffer.speech_started', from);
  relay.freeze();
  await goesOn();
});

it('says nothing twice after a gap in which nothing happened', async () => {
  relay.cut();
  relay.restore();
  candidate.speak(toneFrames(0.8));
  await goesOn();
});
