import { randomUUID } from 'node:crypto';
import { parseServerEvent, type RealtimeClientEvent, type SessionId } from '@interview/protocol';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Harness } from '../../../packages/simulator/src/testing/harness.ts';
import { utterancesOf } from '../../../packages/simulator/src/conversation/record.ts';
import { plan } from '../testing/interview.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { openAiSession } from '../upstream/openai-session.ts';
import type { SidebandHandlers, Upstream } from '../upstream/port.ts';
import { specOf } from '../sessions/call-spec.ts';
import { restoreInterview } from './interview-state.ts';
import { Supervisor } from './supervisor.ts';

// Hundreds of interviews, by a clock of their own.
vi.setConfig({ testTimeout: 120_000 });

const models = { model: 'gpt-realtime-2.1', transcriptionModel: 'gpt-transcribe', voice: 'marin' };
const STEP_MS = 50;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => vi.useRealTimers());

type Mark = { ivr?: string } | null;
/** What was said in a response, and how it was asked for. */
interface Said {
  text: string;
  wanted: 'answer' | 'words' | 'prompt' | undefined;
}

/** An interview with the simulated provider, over a line that breaks, by one clock for both. */
class Room {
  readonly storage = new MemoryStorage(randomUUID() as SessionId);
  readonly outcome: string[] = [];
  /** Calls of tools made while the line was gone, before a turn that ended while it was still gone. */
  readonly hidden = new Set<string>();
  supervisor!: Supervisor;
  provider!: Harness;
  #handlers: SidebandHandlers | null = null;
  #waiting: (() => void)[] = [];
  /** How far the provider had come when a button was pressed: what follows was asked for. */
  readonly #pressed = new Set<number>();
  /** What responses were to be, by their marks. */
  readonly #wanted = new Map<string | undefined, Said['wanted']>();
  #online = true;
  #told = 0;
  #speaking = false;

  async open(): Promise<void> {
    const { storage } = this;
    const call = await storage.openCall({
      session: storage.session,
      offerId: 'o',
      writer: `b_${'x'.repeat(20)}` as never,
      reason: 'start',
      provider: 'simulator',
    });
    const brief = await storage.sessionBrief(storage.session);
    if (!brief) throw new Error('no brief');
    const session = openAiSession(specOf(brief, { supervised: true, ownPage: true }), models);
    this.provider = new Harness({ ...session }, { response_delay_ms: 100 });
    this.supervisor = new Supervisor({
      call: { id: call.call_id, providerCallId: 'rtc_1', startedAt: Date.now() },
      brief,
      session,
      adopted: false,
      holder: 'me',
      storage,
      upstream: this.#upstream(),
      log: pino({ level: 'silent' }),
      tell: () => undefined,
      present: () => true,
      reached: () => undefined,
      left: (reason) => this.outcome.push(reason),
      lost: (why) => this.outcome.push(why),
      fenced: () => this.outcome.push('fenced'),
    });
    await this.supervisor.attach();
    this.supervisor.connected(Date.now() + 3_600_000);
    await this.pass(STEP_MS);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.provider.clock.advance(STEP_MS);
      await vi.advanceTimersByTimeAsync(STEP_MS);
      await this.#tell();
    }
  }

  start(): void {
    if (this.#speaking) return;
    this.#speaking = true;
    this.provider.conversation.speechStarted(this.provider.clock.now());
  }

  stop(): void {
    if (!this.#speaking) return;
    this.#speaking = false;
    this.provider.buffered = { bufferedMs: 6000, speechMs: 6000 };
    this.provider.conversation.speechStopped(this.provider.clock.now());
  }

  /** A button is about to be pressed. */
  press(): void {
    this.#pressed.add(this.provider.events.length);
  }

  /** What was said to its end, and then once more although nobody had spoken, pressed or called a tool in between. */
  get saidTwice(): string[] {
    let before: Said | null = null;
    return this.provider.events.flatMap(({ type, response, item }, at) => {
      const { role, type: kind } = (item ?? {}) as { role?: string; type?: string };
      const isInput = role === 'user' || kind === 'function_call_output';
      if (isInput || this.#pressed.has(at)) before = null;
      if (type !== 'response.created') return [];
      const last: Said | null = before;
      before = this.#said((response as { id: string }).id);
      if (!last || !before || before.wanted === 'prompt') return [];
      const again =
        last.text === before.text || (last.wanted === 'answer' && before.wanted === 'answer');
      return again ? [`${last.text} / ${before.text}`] : [];
    });
  }

  /** What was said in a response, if it was not cut off. */
  #said(responseId: string): Said | null {
    const done = this.provider.events
      .filter(({ type }) => type === 'response.done')
      .map(({ response }) => response as { id: string; metadata: Mark; output: { id: string }[] })
      .find(({ id }) => id === responseId);
    const { items } = this.provider.conversation;
    const reply = items.find((item) => item.id === done?.output[0]?.id);
    if (reply?.kind !== 'reply' || reply.status !== 'completed' || reply.truncated) return null;
    return { text: reply.text, wanted: this.#wanted.get(done?.metadata?.ivr) };
  }

  break(): void {
    if (!this.#online) return;
    this.#online = false;
    this.#handlers?.closed();
  }

  async restore(): Promise<void> {
    await this.#reach();
    await this.#tell();
  }

  /** The line is there just long enough for something to be sent, and for nothing to be told. */
  async flicker(): Promise<void> {
    await this.#reach();
    this.break();
  }

  async #reach(): Promise<void> {
    if (!this.#online) this.#hideCalls();
    this.#online = true;
    for (const go of this.#waiting.splice(0)) go();
    await vi.advanceTimersByTimeAsync(0);
  }

  /** The provider tells of no item but the last: who comes back to a later turn can't know of these. */
  #hideCalls(): void {
    const { items } = this.provider.conversation;
    const turn = items.findLastIndex((item) => item.kind === 'speech');
    for (const item of items.slice(0, turn)) if (item.kind === 'call') this.hidden.add(item.callId);
  }

  /** What happened while nobody was there is told to nobody. */
  async #tell(): Promise<void> {
    while (this.#told < this.provider.events.length) {
      const event = this.provider.events[this.#told];
      this.#told += 1;
      if (this.#online) this.#handlers?.event(parseServerEvent(event));
      await vi.advanceTimersByTimeAsync(0);
    }
  }

  #upstream(): Upstream {
    return {
      name: 'simulator',
      dialect: 'openai-realtime',
      session: (spec) => openAiSession(spec, models),
      openCall: () => Promise.reject(new Error('not asked here')),
      hangup: () => Promise.resolve(),
      attach: async (_id, handlers) => {
        if (!this.#online) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#handlers = handlers;
        this.#told = this.provider.events.length;
        const { session } = this.provider.conversation;
        handlers.event(parseServerEvent({ type: 'session.created', session }));
        return { send: (event) => this.#receive(event), close: () => undefined };
      },
    };
  }

  #receive(event: RealtimeClientEvent): boolean {
    if (event.type === 'response.create') {
      const instructions = event.response?.instructions;
      const words = instructions?.includes('Say exactly: ') === true ? 'words' : 'prompt';
      this.#wanted.set(event.event_id, instructions === undefined ? 'answer' : words);
    }
    if (this.#online) this.provider.send({ ...event });
    return this.#online;
  }
}

type Move =
  'start' | 'stop' | 'answer' | 'wait' | 'long' | 'break' | 'gap' | 'blink' | 'flap' | Button;
type Button = 'skip' | 'repeat' | 'done' | 'pause' | 'unpause' | 'think';
const calm: Move[] = ['start', 'stop', 'answer', 'answer', 'wait', 'wait', 'long'];
const buttons: Move[] = ['skip', 'repeat', 'done', 'pause', 'unpause', 'think'];
const breaks: Move[] = ['break', 'gap', 'gap', 'blink', 'blink', 'flap'];
/** With breaks of the line or without. */
const moves = fc
  .boolean()
  .chain((breaking) =>
    fc.array(fc.constantFrom(...calm, ...buttons, ...(breaking ? breaks : [])), { maxLength: 30 }),
  );

async function answer(room: Room): Promise<void> {
  room.start();
  await room.pass(600);
  room.stop();
  await room.pass(50);
}

async function make(room: Room, move: Move): Promise<void> {
  const { supervisor } = room;
  if (buttons.includes(move)) room.press();
  if (move === 'start') room.start();
  else if (move === 'stop') room.stop();
  else if (move === 'answer') await answer(room);
  else if (move === 'wait') await room.pass(100);
  else if (move === 'long') await room.pass(1_500);
  else if (move === 'break') room.break();
  else if (move === 'gap' || move === 'blink') {
    room.break();
    await room.pass(move === 'gap' ? 500 : 50);
    await room.restore();
  } else if (move === 'flap') {
    room.break();
    await room.pass(50);
    await room.flicker();
    await room.pass(50);
    await room.restore();
  }
  // Asks for a moment in writing: the model calls a tool, and says nothing.
  if (move === 'think') await supervisor.type('Let me think.').catch(() => undefined);
  else if (move === 'pause') await supervisor.pause().catch(() => undefined);
  else if (move === 'unpause') await supervisor.unpause().catch(() => undefined);
  else if (move === 'skip' || move === 'repeat' || move === 'done') await supervisor.act(move);
}

function isTurnDetected(event: Record<string, unknown>): boolean {
  return event['type'] === 'response.done' && JSON.stringify(event).includes('"turn_detected"');
}

/** What was said twice or lost once. */
const examples: [Move[]][] = [
  [['answer', 'wait', 'start']],
  [['answer', 'long', 'long', 'long', 'break', 'repeat', 'blink']],
  [['answer', 'long', 'long', 'long', 'repeat', 'blink']],
];

/** The candidate goes on to answer until it is over. */
async function finish(room: Room): Promise<void> {
  await room.restore();
  room.stop();
  if (restoreInterview(room.storage.reducer).paused_since !== null) room.press();
  await room.supervisor.unpause().catch(() => undefined);
  for (let turn = 0; turn < 25; turn += 1) {
    await room.pass(12_000);
    if (room.outcome.length > 0) return;
    await answer(room);
  }
}

it('in no order of turns, buttons, pauses and breaks of the line is a question lost, anything said twice, or a tool left without its one answer', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (order) => {
      const room = new Room();
      await room.open();
      for (const move of order) await make(room, move);
      await finish(room);
      expect(room.outcome).toEqual(['completed']);

      const { items } = room.provider.conversation;
      const outputs = items.flatMap((item) => (item.kind === 'output' ? [item.callId] : []));
      const calls = items.flatMap((item) =>
        item.kind === 'call' && item.status === 'completed' ? [item.callId] : [],
      );
      expect(outputs).toEqual([...new Set(outputs)]);
      expect(calls).toEqual(expect.arrayContaining(outputs));
      // The model calls again what it takes for lost.
      const open = calls.filter((call) => !outputs.includes(call) && !room.hidden.has(call));
      expect(open).toEqual([]);

      expect(room.saidTwice).toEqual([]);
      const said = utterancesOf(items).map((one) => one.text);
      const { outcomes } = restoreInterview(room.storage.reducer);
      expect(outcomes.map((one) => one.id)).toEqual(plan.questions.map((one) => one.id));
      // Whoever skips twice at once does not hear what lies between.
      const cut = room.provider.events.filter((event) => isTurnDetected(event)).length;
      const answered = plan.questions.filter((_, index) => outcomes[index]?.how !== 'skip');
      const firsts = answered.map(({ text }) => said.findIndex((one) => one.includes(text)));
      // Whoever talks over a question is asked it again; over that one too, and it is left.
      if (cut < 2) expect(firsts).not.toContain(-1);
      const heard = firsts.filter((at) => at !== -1);
      expect(heard.toSorted((a, b) => a - b)).toEqual(heard);
      const asked = items.flatMap((item) =>
        item.kind === 'output'
          ? (/"question":\{"id":"(\w+)"/.exec(item.output)?.slice(1) ?? [])
          : [],
      );
      expect(asked).toEqual([...new Set(asked)]);
      const texts = room.provider.events.map((event) => JSON.stringify(event));
      const conflicts = texts.filter((text) => text.includes('already_has_active_response'));
      // Only after a gap nobody knows what runs.
      if (!order.some((move) => breaks.includes(move))) expect(conflicts).toEqual([]);
      expect(room.storage.events).toEqual([]);
      const stopped = room.supervisor.stop();
      await vi.advanceTimersByTimeAsync(4_000);
      await stopped;
    }),
    { numRuns: 80, examples },
  );
});
