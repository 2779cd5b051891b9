import { Decoder } from '@evan/opus';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { loudness } from './hearing/hearing.ts';
import { startSimulator, type CallRecord, type Simulator } from './index.ts';
import { Candidate, EventLog } from './testing/candidate.ts';
import { wireProblems } from './testing/wire-problems.ts';
import { toneFrames } from './voice/tone.ts';

const session = {
  type: 'realtime',
  model: 'gpt-realtime-2.1',
  audio: {
    input: {
      transcription: { model: 'gpt-transcribe' },
      turn_detection: {
        type: 'semantic_vad',
        eagerness: 'low',
        create_response: true,
        interrupt_response: true,
      },
    },
  },
};

let simulator: Simulator;
let candidate: Candidate;

beforeAll(async () => {
  simulator = await startSimulator({
    scenario: { hangover_ms: 400, transcription_delay_ms: 50, response_delay_ms: 50 },
  });
});
afterEach(() => {
  candidate.leave();
  expect(candidate.events.all.flatMap(wireProblems)).toEqual([]);
});
afterAll(() => simulator.close());

async function join(more: Record<string, unknown> = {}): Promise<Candidate> {
  candidate = new Candidate();
  await candidate.join(simulator.url, { ...session, ...more });
  return candidate;
}

async function record(): Promise<CallRecord> {
  const response = await fetch(new URL(`/simulator/calls/${candidate.callId}`, simulator.url));
  return (await response.json()) as CallRecord;
}

describe('a call over WebRTC', () => {
  it('hears a turn, answers it aloud and keeps the record', async () => {
    const { events, heard } = await join();
    candidate.speak(toneFrames(1));
    const done = await events.next('response.done');
    await events.next('output_audio_buffer.stopped');

    const committed = await events.next('input_audio_buffer.committed');
    const started = await events.next('input_audio_buffer.speech_started');
    expect(committed['item_id']).toBe(started['item_id']);
    expect(done).toMatchObject({ response: { status: 'completed' } });
    expect(isAudible(heard)).toBe(true);
    const [turn, reply] = (await record()).utterances;
    expect(turn?.text).toMatch(/^\[Simulated transcript: (0\.9|1\.0|1\.1) seconds of speech\]$/);
    expect(reply).toMatchObject({ role: 'interviewer', status: 'final' });
  });

  it('is interrupted by the candidate while it plays what it has generated', async () => {
    const { events } = await join();
    const words = 'This sentence is long enough to be interrupted in the middle of it by anyone.';
    candidate.send({
      type: 'response.create',
      response: { instructions: `Say exactly: ${words}` },
    });
    await events.next('output_audio_buffer.started');
    await events.next('response.done');
    const from = events.all.length;
    candidate.speak(toneFrames(0.6));
    const truncated = await events.next('conversation.item.truncated');
    expect(events.types.slice(from).slice(0, 3)).toEqual([
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
      'conversation.item.truncated',
    ]);
    const [first] = (await record()).utterances;
    expect(first).toMatchObject({ text: words, status: 'interrupted' });
    expect(first?.heard_ms).toBe(truncated['audio_end_ms']);
    expect(first?.heard_ms).toBeGreaterThan(0);
  });

  it('lets a server join by the call id, see the same events and hang up', async () => {
    const { events } = await join();
    const sideband = new WebSocket(
      `${simulator.url.replace('http', 'ws')}/realtime?call_id=${candidate.callId}`,
      { headers: { authorization: 'Bearer test' } },
    );
    const seen = new EventLog();
    sideband.on('message', (data: Buffer) => seen.take(data.toString()));
    const closed = new Promise<number>((resolve) => sideband.on('close', resolve));
    await seen.next('session.created');
    sideband.send(
      JSON.stringify({
        type: 'session.update',
        session: { type: 'realtime', instructions: 'Be brief.' },
      }),
    );
    for (const log of [seen, events]) {
      const updated = await log.next('session.updated');
      expect(updated).toMatchObject({ session: { instructions: 'Be brief.' } });
    }
    const hangup = await fetch(`${simulator.url}/realtime/calls/${candidate.callId}/hangup`, {
      method: 'POST',
      headers: { authorization: 'Bearer test' },
    });
    expect(hangup.status).toBe(200);
    expect(await closed).toBe(1000);
    expect((await record()).ended_at).not.toBeNull();
  });

  it('talks in writing, and makes no sound', async () => {
    const audio = { input: { turn_detection: null } };
    const { events, heard } = await join({ output_modalities: ['text'], audio });
    const content = [{ type: 'input_text', text: 'I write.' }];
    const item = { id: 'ivr_t_1', type: 'message', role: 'user', content };
    candidate.send({ type: 'conversation.item.create', item });
    candidate.send({ type: 'response.create' });
    const done = await events.next('response.output_text.done');
    expect(done['text']).toMatch(/\w/);
    await events.next('response.done');
    await candidate.hears(heard.length + 10);
    expect(isAudible(heard)).toBe(false);
    expect(events.types.filter((type) => type.includes('audio'))).toEqual([]);
    expect((await record()).utterances).toMatchObject([
      { item_id: 'ivr_t_1', role: 'candidate', text: 'I write.' },
      { role: 'interviewer', text: done['text'], status: 'final' },
    ]);
  });

  it('tells when its session will end: in an hour', async () => {
    const { events } = await join();
    const created = (await events.next('session.created'))['session'] as { expires_at: number };
    expect(created.expires_at - Date.now() / 1000).toBeGreaterThan(3590);
    expect(created.expires_at - Date.now() / 1000).toBeLessThanOrEqual(3600);
  });

  it('ends when the candidate leaves', async () => {
    await join();
    const sideband = new WebSocket(
      `${simulator.url.replace('http', 'ws')}/realtime?call_id=${candidate.callId}`,
      ['realtime', 'openai-insecure-api-key.test'],
    );
    await new Promise((resolve) => sideband.once('message', resolve));
    const closed = new Promise((resolve) => sideband.once('close', resolve));
    candidate.leave();
    await closed;
    expect((await record()).ended_at).not.toBeNull();
  });
});

describe('a call under faults', () => {
  async function joinUnder(faults: unknown[]): Promise<Candidate> {
    const scenario = new URL('/simulator/scenario', simulator.url);
    await fetch(scenario, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults }),
    });
    try {
      return await join();
    } finally {
      await fetch(scenario, { method: 'DELETE' });
    }
  }

  it('loses its channel and keeps its sound', async () => {
    const { channelClosed, heard } = await joinUnder([{ kind: 'channel_drop', after_ms: 50 }]);
    await channelClosed;
    const before = heard.length;
    await candidate.hears(before + 10);
    expect((await record()).ended_at).toBeNull();
  });

  it('ends by the provider’s limit, which its session tells', async () => {
    const { channelClosed, events } = await joinUnder([{ kind: 'expire', after_s: 2 }]);
    const created = (await events.next('session.created'))['session'] as { expires_at: number };
    const sideband = new WebSocket(
      `${simulator.url.replace('http', 'ws')}/realtime?call_id=${candidate.callId}`,
      { headers: { authorization: 'Bearer test' } },
    );
    const seen = new EventLog();
    sideband.on('message', (data: Buffer) => seen.take(data.toString()));
    const closed = new Promise((resolve) => sideband.once('close', resolve));
    for (const log of [events, seen]) {
      expect((await log.next('error'))['error']).toMatchObject({ code: 'session_expired' });
    }
    expect(Date.now()).toBeGreaterThanOrEqual(created.expires_at * 1000);
    await Promise.all([channelClosed, closed]);
    expect((await record()).ended_at).not.toBeNull();
  });

  it('goes silent and stays connected', async () => {
    const { events, heard } = await joinUnder([{ kind: 'go_silent', after_ms: 200 }]);
    const sideband = new WebSocket(
      `${simulator.url.replace('http', 'ws')}/realtime?call_id=${candidate.callId}`,
      { headers: { authorization: 'Bearer test' } },
    );
    await new Promise((resolve) => sideband.once('open', resolve));
    await quiet(() => heard.length);
    const before = events.all.length;
    candidate.send({ type: 'response.create' });
    candidate.send({ type: 'conversation.item.retrieve', item_id: 'x' });
    // The record shows that it was received: only the answers are missing.
    await vi.waitFor(async () => expect((await record()).utterances).toHaveLength(1));
    expect(events.all).toHaveLength(before);
    expect((await record()).ended_at).toBeNull();
    expect(sideband.readyState).toBe(WebSocket.OPEN);
    sideband.close();
  });

  it('loses its peer and with it everything', async () => {
    const { channelClosed } = await joinUnder([{ kind: 'peer_drop', after_ms: 50 }]);
    await channelClosed;
    expect((await record()).ended_at).not.toBeNull();
  });
});

/** Waits until nothing was added for a while. */
async function quiet(count: () => number): Promise<void> {
  let last = -1;
  await vi.waitFor(
    () => {
      const now = count();
      const still = now === last;
      last = now;
      expect(still).toBe(true);
    },
    { timeout: 5_000, interval: 200 },
  );
}

function isAudible(frames: readonly Uint8Array[]): boolean {
  const decoder = new Decoder({ channels: 1, sample_rate: 16_000 });
  return frames.some((frame) => {
    const bytes = decoder.decode(frame);
    return loudness(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)) > 0.02;
  });
}
