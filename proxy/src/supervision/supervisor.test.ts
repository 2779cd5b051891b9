import { randomUUID } from 'node:crypto';
import {
  parseServerEvent,
  type CallId,
  type RealtimeClientEvent,
  type ServerMessage,
  type SessionId,
} from '@interview/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plan } from '../testing/interview.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import type { SidebandHandlers, Upstream } from '../upstream/port.ts';
import { Supervisor } from './supervisor.ts';

let storage: MemoryStorage;
let sent: RealtimeClientEvent[];
let told: ServerMessage[];
let outcome: string[];
let handlers: SidebandHandlers;
let present: boolean;
let supervisor: Supervisor;

const upstream: Upstream = {
  name: 'openai',
  dialect: 'openai-realtime',
  openCall: () => Promise.reject(new Error('not asked here')),
  hangup: () => Promise.resolve(),
  attach: (_id, given) => {
    handlers = given;
    return Promise.resolve({ send: (event) => sent.push(event), close: () => undefined });
  },
};

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  storage = new MemoryStorage(randomUUID() as SessionId);
  sent = [];
  told = [];
  outcome = [];
  present = true;
  const opened = await storage.openCall({
    session: storage.session,
    offerId: 'o',
    writer: `b_${'x'.repeat(20)}` as never,
    reason: 'start',
    provider: 'openai',
  });
  supervisor = await supervise(opened.call_id);
});
afterEach(async () => {
  const stopped = supervisor.stop();
  await vi.advanceTimersByTimeAsync(4_000);
  await stopped;
  vi.useRealTimers();
});

async function supervise(id: CallId): Promise<Supervisor> {
  const brief = await storage.sessionBrief(storage.session);
  if (!brief) throw new Error('no brief');
  return new Supervisor({
    call: { id, providerCallId: 'rtc_1', startedAt: Date.now() },
    brief,
    adopted: false,
    holder: 'me',
    storage,
    upstream,
    log: pino({ level: 'silent' }),
    tell: (message) => told.push(message),
    present: () => present,
    left: (reason) => outcome.push(`left ${reason}`),
    lost: (why) => outcome.push(`lost ${why}`),
    fenced: () => outcome.push('fenced'),
  });
}

async function begin(): Promise<void> {
  await supervisor.attach();
  supervisor.connected(Date.now() + 600_000);
  await vi.advanceTimersByTimeAsync(0);
}

const tell = async (event: object): Promise<void> => {
  handlers.event(parseServerEvent(event));
  await vi.advanceTimersByTimeAsync(0);
};
const said = (): string[] =>
  sent.flatMap((event) =>
    event.type === 'response.create' && event.response?.instructions
      ? [event.response.instructions.split('Say exactly: ')[1] ?? '']
      : [],
  );
const response = (id: string) => ({ id, conversation_id: 'c', output: [], metadata: null });

describe('Supervisor', () => {
  it('tells the time every five seconds', async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(10_000);
    const times = told.flatMap((message) => (message.type === 'time' ? [message.remaining_s] : []));
    expect(times).toEqual([600, 595, 590]);
  });

  it('ends by the clock: the time-up words, then it leaves once they were played', async () => {
    await begin();
    await tell({ type: 'response.created', response: response('r1') });
    await tell({ type: 'response.done', response: response('r1') });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(said()).toEqual([plan.greeting, plan.time_up_text]);
    expect(outcome).toEqual([]);
    await tell({ type: 'response.created', response: response('r2') });
    await tell({ type: 'response.done', response: response('r2') });
    await tell({ type: 'output_audio_buffer.started', response_id: 'r2' });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(outcome).toEqual([]);
    await tell({ type: 'output_audio_buffer.stopped', response_id: 'r2' });
    expect(outcome).toEqual(['left time_up']);
    expect(told.at(-1)).toEqual({ type: 'end', reason: 'time_up', close_in_ms: 10_000 });
  });

  it('waits for the last words no longer than fifteen seconds', async () => {
    await begin();
    await tell({ type: 'response.created', response: response('r1') });
    await tell({ type: 'response.done', response: response('r1') });
    await vi.advanceTimersByTimeAsync(600_000 + 14_000);
    expect(outcome).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outcome).toEqual(['left time_up']);
  });

  it('notices that the candidate is gone: no page and no speech for 45 s', async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(60_000);
    present = false;
    await vi.advanceTimersByTimeAsync(30_000);
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(outcome).toEqual([]);
    await tell({ type: 'input_audio_buffer.speech_stopped', item_id: 'u', audio_end_ms: 2 });
    await vi.advanceTimersByTimeAsync(44_000);
    expect(outcome).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(outcome[0]).toBe('lost absent');
  });

  it('lets go as soon as another holds the call', async () => {
    await begin();
    const [call] = storage.calls;
    if (call) call.lease = { holder: 'another', epoch: 9, until: Date.now() + 60_000 };
    await vi.advanceTimersByTimeAsync(3_000);
    expect(outcome).toEqual(['fenced']);
    const before = sent.length;
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    await supervisor.act('repeat');
    expect(sent).toHaveLength(before);
  });

  it('comes back to the call when its channel breaks', async () => {
    await begin();
    await tell({ type: 'response.created', response: response('r1') });
    await tell({ type: 'response.done', response: response('r1') });
    handlers.closed();
    await vi.advanceTimersByTimeAsync(0);
    await supervisor.act('repeat');
    expect(said()).toEqual([plan.greeting, plan.greeting]);
    expect(outcome).toEqual([]);
  });

  it('does nothing that it could not save, and does it once it can', async () => {
    await begin();
    await tell({ type: 'response.created', response: response('r1') });
    await tell({ type: 'response.done', response: response('r1') });
    storage.down = true;
    const acted = supervisor.act('skip');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said()).toEqual([plan.greeting]);
    storage.down = false;
    await vi.advanceTimersByTimeAsync(2_000);
    await acted;
    expect(said()).toEqual([plan.greeting, plan.questions[0]?.text]);
    expect(storage.phase).toBe('question');
  });

  it('hangs up an interview that goes on for three minutes after its end', async () => {
    await begin();
    storage.saveReducer = () => Promise.reject(new Error('never again'));
    await vi.advanceTimersByTimeAsync(600_000 + 180_000 + 1_000);
    expect(outcome).toEqual(['left time_up']);
  });
});
