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
import { specOf } from '../sessions/call-spec.ts';
import { openAiSession } from '../upstream/openai-session.ts';
import type { SidebandHandlers, Upstream } from '../upstream/port.ts';
import { answerOf, OwnItems } from './own-items.ts';
import { Supervisor } from './supervisor.ts';
import { turnDetectionOf } from './turn-detection.ts';

let storage: MemoryStorage;
let sent: RealtimeClientEvent[];
let told: ServerMessage[];
let outcome: string[];
let handlers: SidebandHandlers;
let present: boolean;
/** What the provider says to whoever attaches. */
let greeting: object | null;
let supervisor: Supervisor;

const upstream: Upstream = {
  name: 'openai',
  dialect: 'openai-realtime',
  openCall: () => Promise.reject(new Error('not asked here')),
  hangup: () => Promise.resolve(),
  attach: (_id, given) => {
    handlers = given;
    if (greeting) given.event(parseServerEvent(greeting));
    const send = (event: RealtimeClientEvent) => sent.push(event) > 0;
    return Promise.resolve({ send, close: () => undefined });
  },
};

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  storage = new MemoryStorage(randomUUID() as SessionId);
  sent = [];
  told = [];
  outcome = [];
  present = true;
  greeting = null;
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

async function supervise(
  id: CallId,
  adopted: 'when_free' | 'by_force' | false = false,
): Promise<Supervisor> {
  const brief = await storage.sessionBrief(storage.session);
  if (!brief) throw new Error('no brief');
  return new Supervisor({
    call: { id, providerCallId: 'rtc_1', startedAt: Date.now() },
    brief,
    session: openAiSession(specOf(brief, { supervised: true, ownPage: true }), {
      model: 'm',
      transcriptionModel: 't',
      voice: 'v',
    }),
    adopted,
    holder: 'me',
    storage,
    upstream,
    log: pino({ level: 'silent' }),
    tell: (message) => told.push(message),
    present: () => present,
    reached: () => undefined,
    left: (reason) => outcome.push(`left ${reason}`),
    lost: (why) => outcome.push(`lost ${why}`),
    fenced: () => outcome.push('fenced'),
  });
}

/** The provider tells first how the session is. */
async function attachTo(session: object): Promise<void> {
  greeting = { type: 'session.created', session };
  await supervisor.attach();
  await vi.advanceTimersByTimeAsync(0);
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
const turnDetection = (): unknown[] =>
  sent.flatMap((event) =>
    event.type === 'session.update' ? [event.session.audio?.input?.turn_detection] : [],
  );
const times = (): unknown[] =>
  told.flatMap((one) => (one.type === 'time' ? [[one.remaining_s, one.paused]] : []));
/** What was asked for is said. */
const respond = async (id: string): Promise<void> => {
  await tell({ type: 'response.created', response: response(id) });
  await tell({ type: 'response.done', response: response(id) });
};
const response = (id: string) => ({ id, conversation_id: 'c', output: [], metadata: null });

/** The model calls `wait`: the candidate wants a minute. */
const askForAMoment = (): Promise<void> =>
  tell({
    type: 'response.output_item.done',
    response_id: 'rw',
    output_index: 0,
    item: {
      id: 'fw',
      type: 'function_call',
      status: 'completed',
      call_id: 'w',
      name: 'wait',
      arguments: '{"why":"thinking","hold_s":60}',
    },
  });

describe('Supervisor', () => {
  it('tells the time every five seconds', async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(times()).toEqual([
      [600, false],
      [595, false],
      [590, false],
    ]);
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

  it('notices it also when the end of the last speech was lost with the channel', async () => {
    await begin();
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    present = false;
    handlers.closed();
    await vi.advanceTimersByTimeAsync(44_000);
    expect(outcome).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(outcome[0]).toBe('lost absent');
  });

  it('notices it also where the media went in the middle of a word, whose end nobody ever tells', async () => {
    await begin();
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    present = false;
    await vi.advanceTimersByTimeAsync(299_000);
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
    await expect(supervisor.act('repeat')).rejects.toMatchObject({ code: 'not_connected' });
    await expect(supervisor.pause()).rejects.toMatchObject({ code: 'not_connected' });
    expect(sent).toHaveLength(before);
  });

  it('confirms no typed line that was lost with the call', async () => {
    await begin();
    await respond('r1');
    await supervisor.pause();
    storage.saveReducer = () => Promise.resolve(false);
    const before = sent.length;
    await expect(supervisor.type('I am here.')).rejects.toMatchObject({ code: 'not_connected' });
    expect(sent).toHaveLength(before);
  });

  it('leaves nothing running where the call was lost before anybody could tell to whom', async () => {
    await begin();
    await respond('r1');
    storage.saveReducer = () => Promise.resolve(false);
    storage.renewLease = () => Promise.reject(new Error('away'));
    storage.recordEvent = () => Promise.reject(new Error('away'));
    const foreign = { id: 'x', type: 'message', role: 'system', content: [] };
    await tell({ type: 'conversation.item.added', previous_item_id: null, item: foreign });
    await supervisor.act('repeat');
    await supervisor.stop();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(outcome).toEqual([]);
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

  it('leaves one question for a button that is pressed again while nothing can be saved', async () => {
    await begin();
    await respond('r1');
    storage.down = true;
    const pressed = [supervisor.act('skip'), supervisor.act('skip'), supervisor.act('skip')];
    await vi.advanceTimersByTimeAsync(1_000);
    storage.down = false;
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all(pressed);
    expect(said()).toEqual([plan.greeting, plan.questions[0]?.text]);
    await supervisor.act('skip');
    await respond('r2');
    expect(said().at(-1)).toBe(plan.questions[1]?.text);
  });

  it('keeps a line that is typed after the end, and answers it not', async () => {
    await begin();
    await respond('r1');
    await supervisor.act('end');
    const before = sent.length;
    await supervisor.type('Bye.');
    expect(sent.slice(before).map((event) => event.type)).toEqual(['conversation.item.create']);
  });

  it('hangs up an interview that goes on for three minutes after its end', async () => {
    await begin();
    storage.saveReducer = () => Promise.reject(new Error('never again'));
    await vi.advanceTimersByTimeAsync(600_000 + 180_000 + 1_000);
    expect(outcome).toEqual(['left time_up']);
  });
});

describe('a turn', () => {
  const created = (): RealtimeClientEvent[] =>
    sent.filter((event) => event.type === 'response.create');
  const speech = (id: string) =>
    tell({ type: 'input_audio_buffer.speech_started', item_id: id, audio_start_ms: 1 });
  const committed = (id: string) =>
    tell({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: null });

  beforeEach(async () => {
    await begin();
    await respond('r1');
  });

  it('is answered when it is committed: the provider does nothing by itself', async () => {
    await speech('u');
    await committed('u');
    expect(created()).toHaveLength(2);
    expect(sent.at(-1)).toMatchObject({
      response: { metadata: { ivr: expect.any(String) as unknown } },
    });
  });

  it('that the candidate says is over is committed, and answered once', async () => {
    await speech('u');
    await supervisor.act('done');
    expect(sent.at(-1)).toMatchObject({ type: 'input_audio_buffer.commit' });
    expect(created()).toHaveLength(1);
    await committed('u');
    expect(created()).toHaveLength(2);
  });

  it('of which nothing is left to commit is answered all the same, once', async () => {
    await speech('u');
    await supervisor.act('done');
    const id = sent.at(-1)?.event_id;
    const refused = {
      type: 'error',
      error: { code: 'input_audio_buffer_commit_empty', message: '', event_id: id },
    };
    await tell(refused);
    expect(created()).toHaveLength(2);
    await tell(refused);
    await respond('r2');
    expect(created()).toHaveLength(2);
  });

  it('after the end is answered no more', async () => {
    await supervisor.act('end');
    await committed('u');
    expect(created()).toHaveLength(1);
  });
});

describe('a question', () => {
  it('whose playback nobody sees to its end counts as heard once it is closed', async () => {
    await begin();
    await respond('r1');
    await supervisor.act('skip');
    const content = [{ type: 'output_audio', transcript: plan.questions[0]?.text }];
    const item = { id: 'q', type: 'message', role: 'assistant', status: 'completed', content };
    await tell({ type: 'response.output_item.added', response_id: 'r', output_index: 0, item });
    await tell({ type: 'conversation.item.added', previous_item_id: null, item });
    await tell({ type: 'response.output_item.done', response_id: 'r', output_index: 0, item });
    expect(storage.reducer).toMatchObject({ delivered: false });
    await vi.advanceTimersByTimeAsync(21_000);
    expect(storage.reducer).toMatchObject({ delivered: true });
  });
});

describe('what somebody else does to the call', () => {
  const foreign = { id: 'x', type: 'message', role: 'system', content: [] };
  const strike = () =>
    tell({ type: 'conversation.item.added', previous_item_id: null, item: foreign });

  it('is left alone by whoever has lost the call meanwhile: it may be the next supervisor’s', async () => {
    await begin();
    const [call] = storage.calls;
    if (call) call.lease = { holder: 'another', epoch: 9, until: Date.now() + 60_000 };
    const before = sent.length;
    await strike();
    expect(sent).toHaveLength(before);
    expect(outcome).toEqual(['fenced']);
    expect(storage.events).toEqual([]);
  });

  it('before we listen is found where it stands before the first item, and taken back', async () => {
    await begin();
    const item = { id: 'u', type: 'message', role: 'user', content: [] };
    await tell({ type: 'conversation.item.added', previous_item_id: 'x', item });
    expect(sent.at(-1)).toEqual({ type: 'conversation.item.retrieve', item_id: 'x' });
    await tell({ type: 'conversation.item.retrieved', item: foreign });
    expect(sent.at(-1)).toEqual({ type: 'conversation.item.delete', item_id: 'x' });
    expect(storage.events).toMatchObject([{ detail: { what: 'item', at: 'attach' } }]);
  });

  it('is undone also while the database is away, and recorded once it is back', async () => {
    await begin();
    storage.down = true;
    await strike();
    expect(sent.at(-1)).toEqual({ type: 'conversation.item.delete', item_id: 'x' });
    expect(storage.events).toEqual([]);
    storage.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(storage.events).toMatchObject([{ kind: 'session_tampered' }]);
  });
});

describe('another supervisor of the call', () => {
  /** An item with the call's mark. */
  const show = (): Promise<void> => {
    const own = new OwnItems();
    own.signWith(String(storage.calls[0]?.id));
    const item = { id: own.newId(), type: 'message', role: 'system', content: [] };
    return tell({ type: 'conversation.item.added', previous_item_id: null, item });
  };

  it('that shows itself while the database is away has the call: whoever can’t tell stands down', async () => {
    await begin();
    storage.down = true;
    await show();
    expect(outcome).toEqual(['fenced']);
    const before = sent.length;
    await tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
    expect(sent).toHaveLength(before);
  });

  it('that shows itself while the database says that the call is ours is none', async () => {
    await begin();
    await show();
    expect(outcome).toEqual([]);
  });

  it('may have the call once our lease has lapsed: nothing of what it does is undone', async () => {
    await begin();
    storage.down = true;
    await vi.advanceTimersByTimeAsync(10_000);
    const before = sent.length;
    for (const id of ['r7', 'r8', 'r9']) {
      const theirs = { ...response(id), metadata: { ivr: 'theirs' } };
      await tell({ type: 'response.created', response: theirs });
    }
    expect(sent).toHaveLength(before);
    expect(outcome).toEqual([]);
    expect(supervisor.lapsed).toBe(true);
  });
});

describe('whoever loses the call', () => {
  const line = async (id: string, text: string | null): Promise<void> => {
    const begun = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    const place = { response_id: `r_${id}`, output_index: 0 };
    await tell({ type: 'response.output_item.added', ...place, item: begun });
    await tell({ type: 'conversation.item.added', previous_item_id: 'u', item: begun });
    if (text === null) return;
    const content = [{ type: 'output_audio', transcript: text }];
    const item = { ...begun, status: 'completed', content };
    await tell({ type: 'response.output_item.done', ...place, item });
  };

  it('stores what it heard, the rows that wait and what is whole, and leaves the rest to the next', async () => {
    await begin();
    await tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
    const type = 'conversation.item.input_audio_transcription.completed';
    storage.down = true;
    await tell({ type, item_id: 'u', content_index: 0, transcript: 'I am here.' });
    await line('a', 'Good.');
    await line('b', null);
    storage.down = false;
    const [call] = storage.calls;
    if (call) call.lease = { holder: 'another', epoch: 9, until: Date.now() + 60_000 };
    await supervisor.act('repeat');
    expect(outcome).toEqual(['fenced']);
    const stopped = supervisor.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    expect(storage.serverRows().map(({ text }) => text)).toEqual(['I am here.', 'Good.']);
  });
});

describe('whoever takes over an interview that has ended', () => {
  const takeOver = async (): Promise<void> => {
    await supervisor.stop();
    const [call] = storage.calls;
    if (!call) throw new Error('no call');
    sent = [];
    outcome = [];
    supervisor = await supervise(call.id, 'when_free');
    supervisor.connected(Date.now());
    await supervisor.attach();
  };

  it('says the last words again, and leaves once they were played', async () => {
    await begin();
    await respond('r1');
    await vi.advanceTimersByTimeAsync(600_000);
    await takeOver();
    expect(said()).toEqual([plan.time_up_text]);
    await respond('r2');
    await tell({ type: 'output_audio_buffer.stopped', response_id: 'r2' });
    expect(outcome).toEqual(['left time_up']);
  });

  it('leaves at once where nothing was left to be said', async () => {
    await begin();
    await respond('r1');
    await supervisor.act('end');
    await takeOver();
    expect(said()).toEqual([]);
    expect(outcome).toEqual(['left candidate_ended']);
  });
});

describe('whoever takes over a call looks what stands last in it', () => {
  const item = { id: 'last', status: 'completed', content: [] };
  const call = {
    ...item,
    type: 'function_call',
    call_id: 'c1',
    name: 'next_question',
    arguments: '{"from":"opening","reason":"dont_know"}',
  };

  const takeOver = async (
    last: { id: string; [field: string]: unknown },
    before = async (): Promise<void> => undefined,
  ) => {
    await begin();
    await respond('r1');
    await tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
    await before();
    await supervisor.stop();
    const [stored] = storage.calls;
    if (!stored) throw new Error('no call');
    sent = [];
    supervisor = await supervise(stored.id, 'when_free');
    supervisor.connected(Date.now());
    await supervisor.attach();
    const [note] = sent.flatMap((event) =>
      event.type === 'conversation.item.create' ? [event.item] : [],
    );
    const added = { type: 'message', role: 'system', content: [], id: note?.id };
    await tell({ type: 'conversation.item.added', previous_item_id: last.id, item: added });
    expect(sent.slice(1)).toEqual([
      { type: 'conversation.item.delete', item_id: note?.id },
      { type: 'conversation.item.retrieve', item_id: last.id },
    ]);
    sent = [];
    await tell({ type: 'conversation.item.retrieved', item: last });
  };

  it('and answers a call of a tool', async () => {
    await takeOver(call);
    const [output, response] = sent;
    expect(output).toMatchObject({ item: { type: 'function_call_output', call_id: 'c1' } });
    expect(JSON.stringify(output)).toContain(plan.questions[0]?.id);
    expect(response).toMatchObject({ type: 'response.create' });
    await tell({ type: 'conversation.item.retrieved', item: call });
    expect(sent).toHaveLength(2);
  });

  it('and answers a turn that nobody answered', async () => {
    await takeOver({ ...item, type: 'message', role: 'user' });
    // A response that was asked for before may still show itself.
    await vi.advanceTimersByTimeAsync(2_500);
    expect(sent.map((event) => event.type)).toEqual(['response.create']);
  });

  /** As a supervisor of this call made it. */
  const answered = () => {
    const own = new OwnItems();
    own.signWith(String(storage.calls[0]?.id));
    return { ...item, id: answerOf(own.newKey()), type: 'function_call_output', call_id: 'c1' };
  };

  it('and lets the model speak of what a tool answered', async () => {
    await takeOver(answered());
    await vi.advanceTimersByTimeAsync(2_500);
    expect(sent.map((event) => event.type)).toEqual(['response.create']);
  });

  it('and keeps silent where the candidate was given a moment', async () => {
    await takeOver(answered(), askForAMoment);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(sent).toEqual([]);
  });

  it('and lets a word of the interviewer stand', async () => {
    await takeOver({ ...item, type: 'message', role: 'assistant' });
    expect(sent).toEqual([]);
  });

  it('and waits for a call of a tool that is still being written', async () => {
    await takeOver({ ...call, status: 'in_progress', arguments: '' });
    expect(sent).toEqual([]);
    await tell({
      type: 'response.output_item.done',
      response_id: 'r',
      output_index: 0,
      item: call,
    });
    expect(JSON.stringify(sent[0])).toContain(plan.questions[0]?.id);
  });

  it('and asks once more for one of which it hears nothing', async () => {
    await takeOver({ ...call, status: 'in_progress', arguments: '' });
    await vi.advanceTimersByTimeAsync(2_500);
    expect(sent).toMatchObject([{ type: 'conversation.item.retrieve', item_id: 'last' }]);
    await tell({ type: 'conversation.item.retrieved', item: call });
    expect(JSON.stringify(sent[1])).toContain(plan.questions[0]?.id);
  });

  it('and answers where a call of a tool was cut off', async () => {
    await takeOver({ ...call, status: 'incomplete' });
    await vi.advanceTimersByTimeAsync(2_500);
    expect(sent.map((event) => event.type)).toEqual(['response.create']);
  });
});

describe('after a gap in its events the supervisor', () => {
  const call = {
    id: 'last',
    type: 'function_call',
    call_id: 'c1',
    name: 'next_question',
    arguments: '{"from":"opening","reason":"dont_know"}',
    content: [],
  };
  const comeBackTo = async (last: object): Promise<void> => {
    greeting = { type: 'session.created', session: {} };
    await begin();
    await respond('r1');
    await tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
    await respond('r2');
    sent = [];
    handlers.closed();
    await vi.advanceTimersByTimeAsync(0);
    const [note] = sent.flatMap((event) =>
      event.type === 'conversation.item.create' ? [event.item] : [],
    );
    const added = { type: 'message', role: 'system', content: [], id: note?.id };
    await tell({ type: 'conversation.item.added', previous_item_id: 'last', item: added });
    sent = [];
    await tell({ type: 'conversation.item.retrieved', item: last });
  };

  it.each([
    ['whole', { ...call, status: 'completed' }],
    ['told without a status', call],
  ])('answers a call of a tool that is %s', async (_is, last) => {
    await comeBackTo(last);
    expect(sent.map((event) => event.type)).toEqual([
      'conversation.item.create',
      'response.create',
    ]);
    expect(JSON.stringify(sent[0])).toContain(plan.questions[0]?.id);
  });

  it('answers where a call of a tool was cut off', async () => {
    await comeBackTo({ ...call, status: 'incomplete' });
    expect(sent.map((event) => event.type)).toEqual(['response.create']);
  });

  it('waits for a call of a tool that is still being written', async () => {
    await comeBackTo({ ...call, status: 'in_progress', arguments: '' });
    expect(sent).toEqual([]);
  });
});

describe('whoever takes over a call from one that lives', () => {
  const asked = (): (string | undefined)[] =>
    sent.flatMap((event) => (event.type === 'response.create' ? [event.event_id] : []));

  it('answers no turn a second time that ended as it came', async () => {
    await begin();
    await respond('r1');
    const { takeLease } = storage;
    let answer = (): void => undefined;
    storage.takeLease = async (...args) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return takeLease(...args);
    };
    const [call] = storage.calls;
    if (!call) throw new Error('no call');
    sent = [];
    supervisor = await supervise(call.id, 'by_force');
    supervisor.connected(Date.now());
    const attached = supervisor.attach();
    await vi.advanceTimersByTimeAsync(0);
    // Still answered by the former one.
    await tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
    answer();
    await attached;
    const theirs = { ...response('r2'), metadata: { ivr: 'theirs' } };
    await tell({ type: 'response.created', response: theirs });
    const code = 'conversation_already_has_active_response';
    for (const event_id of asked())
      await tell({ type: 'error', error: { code, message: '', event_id } });
    const before = asked().length;
    await tell({ type: 'response.done', response: theirs });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked()).toHaveLength(before);
    expect(storage.events).toEqual([]);
  });
});

describe('whoever takes over after words were decided on, and perhaps not said,', () => {
  /** The first question was heard; then `act` was the last of the former supervisor. */
  const takeOver = async (act: () => Promise<void>): Promise<void> => {
    await begin();
    await respond('r1');
    await supervisor.act('skip');
    await respond('r2');
    const content = [{ type: 'output_text', text: plan.questions[0]?.text }];
    const item = { id: 'q', type: 'message', role: 'assistant', status: 'completed', content };
    await tell({ type: 'conversation.item.added', previous_item_id: null, item });
    await tell({ type: 'response.output_item.done', response_id: 'r2', output_index: 0, item });
    expect(storage.reducer).toMatchObject({ delivered: true });
    await act();
    await supervisor.stop();
    const [stored] = storage.calls;
    if (!stored) throw new Error('no call');
    sent = [];
    supervisor = await supervise(stored.id, 'when_free');
    supervisor.connected(Date.now());
    await supervisor.attach();
  };
  const hint = (): string => {
    const [first] = sent;
    if (first?.type !== 'conversation.item.retrieve') throw new Error('nothing asked for');
    return first.item_id;
  };
  /** What was asked for is there, and last in the conversation. */
  const isLast = async (): Promise<void> => {
    const item = { id: hint(), type: 'message', role: 'system', content: [] };
    await tell({ type: 'conversation.item.retrieved', item });
    const note = sent.at(-1);
    const id = note?.type === 'conversation.item.create' ? note.item.id : '';
    const added = { type: 'message', role: 'system', content: [], id };
    await tell({ type: 'conversation.item.added', previous_item_id: item.id, item: added });
    await tell({ type: 'conversation.item.retrieved', item });
    await vi.advanceTimersByTimeAsync(2_500);
  };

  it('says them where nothing of the decision came to the provider', async () => {
    await takeOver(() => supervisor.act('repeat'));
    const code = 'item_retrieve_invalid_item_id';
    await tell({ type: 'error', error: { code, message: '', event_id: hint() } });
    expect(said()).toEqual([plan.questions[0]?.text]);
  });

  it('says them where nothing follows the hint that goes before them', async () => {
    await takeOver(() => supervisor.act('repeat'));
    await isLast();
    expect(said()).toEqual([plan.questions[0]?.text]);
  });

  it('says nothing again that was heard, where the hint was about something else', async () => {
    await takeOver(() => vi.advanceTimersByTimeAsync(481_000).then(() => undefined));
    await isLast();
    expect(said()).toEqual([]);
  });
});

describe('a pause', () => {
  const listens = turnDetectionOf('voice');

  it('stops voice, ear and clock, and gives all three back', async () => {
    await begin();
    await respond('r1');
    await vi.advanceTimersByTimeAsync(2_000);
    const before = sent.length;
    await supervisor.pause();
    expect(sent.slice(before).map((event) => event.type)).toEqual([
      'response.cancel',
      'output_audio_buffer.clear',
      'session.update',
      'input_audio_buffer.clear',
    ]);
    expect(turnDetection()).toEqual([null]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times().at(-1)).toEqual([598, true]);
    const paused = sent.length;
    await supervisor.unpause();
    expect(sent.slice(paused).map((event) => event.type)).toEqual([
      'input_audio_buffer.clear',
      'session.update',
      'conversation.item.create',
      'response.create',
    ]);
    expect(turnDetection()).toEqual([null, listens]);
    expect(said()).toEqual([plan.greeting, 'Are you ready?']);
    expect(times().at(-1)).toEqual([598, false]);
  });

  it('keeps what the candidate was saying when it began', async () => {
    await begin();
    await respond('r1');
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    await supervisor.pause();
    const order = sent.map((event) => event.type);
    expect(order.indexOf('input_audio_buffer.commit')).toBeGreaterThan(0);
    expect(order.indexOf('input_audio_buffer.commit')).toBeLessThan(
      order.indexOf('input_audio_buffer.clear'),
    );
    await tell({ type: 'input_audio_buffer.cleared' });
    present = false;
    await vi.advanceTimersByTimeAsync(46_000);
    expect(outcome[0]).toBe('lost absent');
  });

  it('silences what the provider begins by itself', async () => {
    await begin();
    await respond('r1');
    await supervisor.pause();
    const before = sent.length;
    await tell({ type: 'response.created', response: response('vad') });
    expect(sent.slice(before)).toContainEqual({ type: 'response.cancel' });
  });

  it('moves the deadline in the database: to the latest while it lasts, to the true one after it', async () => {
    await begin();
    storage.deadline = Date.now() + 600_000;
    const planned = storage.deadline;
    await supervisor.pause();
    expect(storage.deadline).toBe(planned + 600_000);
    await vi.advanceTimersByTimeAsync(60_000);
    await supervisor.unpause();
    expect(storage.deadline).toBe(planned + 60_000);
  });

  it('ends when the candidate types, with an answer and without the words again', async () => {
    await begin();
    await respond('r1');
    await supervisor.pause();
    await supervisor.type('I am back.');
    expect(turnDetection()).toEqual([null, listens]);
    expect(said()).toEqual([plan.greeting]);
    expect(sent.at(-1)).toMatchObject({ type: 'response.create' });
  });

  it('is kept by whoever takes the call over, and so is its end', async () => {
    await begin();
    await respond('r1');
    await supervisor.pause();
    await supervisor.stop();
    const [call] = storage.calls;
    if (!call) throw new Error('no call');
    sent = [];
    supervisor = await supervise(call.id, 'when_free');
    supervisor.connected(Date.now());
    await supervisor.attach();
    expect(turnDetection()).toEqual([null]);
    expect(times().at(-1)).toEqual([600, true]);
    await supervisor.unpause();
    expect(turnDetection()).toEqual([null, listens]);
    expect(said()).toEqual(['Are you ready?']);
    await supervisor.stop();
    sent = [];
    supervisor = await supervise(call.id, 'when_free');
    supervisor.connected(Date.now());
    await supervisor.attach();
    expect(turnDetection()).toEqual([listens]);
    expect(said()).toEqual([]);
    // What the candidate is saying is kept.
    expect(sent.map(({ type }) => type)).not.toContain('input_audio_buffer.clear');
  });

  it.each([
    ['is deaf already', null],
    ['still listens, as where the former one died between saving and doing', listens],
  ])(
    'that is the first is no tampering for whoever takes over, where the call %s',
    async (_, at) => {
      await begin();
      await respond('r1');
      await supervisor.pause();
      await supervisor.stop();
      const [call] = storage.calls;
      if (!call) throw new Error('no call');
      sent = [];
      supervisor = await supervise(call.id, 'when_free');
      supervisor.connected(Date.now());
      await attachTo({ audio: { input: { turn_detection: at } } });
      await vi.advanceTimersByTimeAsync(0);
      expect(turnDetection()).toEqual(turnDetection().map(() => null));
      expect(storage.events).toEqual([]);
    },
  );

  it('stays deaf where something else is put right as it is taken over', async () => {
    await begin();
    await respond('r1');
    await supervisor.pause();
    await supervisor.stop();
    const [call] = storage.calls;
    if (!call) throw new Error('no call');
    sent = [];
    supervisor = await supervise(call.id, 'when_free');
    supervisor.connected(Date.now());
    await attachTo({ audio: { input: { turn_detection: { type: 'server_vad' } } } });
    await vi.advanceTimersByTimeAsync(0);
    expect(turnDetection().at(-1)).toBeNull();
    expect(storage.events).toMatchObject([{ kind: 'session_tampered' }]);
  });

  it('that begins before something is put right is not ended by that', async () => {
    await begin();
    await respond('r1');
    const turns = (turn_detection: object | null): object => ({
      audio: { input: { turn_detection } },
    });
    await tell({ type: 'session.created', session: turns(listens) });
    const { renewLease } = storage;
    let answer = (): void => undefined;
    storage.renewLease = async (...args) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return renewLease(...args);
    };
    await tell({ type: 'session.updated', session: turns({ type: 'server_vad' }) });
    await supervisor.pause();
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(turnDetection()).toEqual([null, null]);
  });

  it('needs a talk that goes on', async () => {
    await expect(supervisor.pause()).rejects.toMatchObject({ code: 'not_connected' });
    await begin();
    await supervisor.act('end');
    await expect(supervisor.pause()).rejects.toMatchObject({ code: 'session_ended' });
    await expect(supervisor.unpause()).rejects.toMatchObject({ code: 'session_ended' });
  });
});

describe('a moment to think', () => {
  const prompts = (): number =>
    sent.filter((event) => JSON.stringify(event).includes('has said nothing')).length;

  beforeEach(async () => {
    await begin();
    await respond('r1');
    await tell({ type: 'output_audio_buffer.stopped', response_id: 'r1' });
  });

  it('is answered without a word, and only after it a silence is minded', async () => {
    const before = sent.length;
    await askForAMoment();
    expect(sent.slice(before)).toMatchObject([
      { item: { type: 'function_call_output', call_id: 'w', output: '{}' } },
    ]);
    await vi.advanceTimersByTimeAsync(79_000);
    expect(prompts()).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(prompts()).toBe(1);
  });

  it('is no silence while the candidate speaks, however long', async () => {
    await askForAMoment();
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    await vi.advanceTimersByTimeAsync(299_000);
    expect(prompts()).toBe(0);
    expect(turnDetection()).toEqual([]);
  });
});

describe('trouble', () => {
  it('stops the clock from when the media went until the page is connected again', async () => {
    await begin();
    await respond('r1');
    await vi.advanceTimersByTimeAsync(10_000);
    await supervisor.trouble(6_000);
    expect(times().at(-1)).toEqual([596, true]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(times().at(-1)).toEqual([596, true]);
    supervisor.connected(Date.now());
    await vi.advanceTimersByTimeAsync(0);
    expect(times().at(-1)).toEqual([596, false]);
    expect(said()).toEqual([plan.greeting]);
  });

  it('is over when the candidate is heard, and began not before they last were', async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(10_000);
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
    await vi.advanceTimersByTimeAsync(2_000);
    await supervisor.trouble(60_000);
    expect(times().at(-1)).toEqual([590, true]);
    await tell({ type: 'input_audio_buffer.speech_started', item_id: 'v', audio_start_ms: 9 });
    expect(times().at(-1)).toEqual([590, false]);
  });
});

describe('an interview in writing', () => {
  const write = async (id: string, text: string): Promise<void> => {
    const item = {
      id,
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text }],
    };
    const output = { response_id: `r_${id}`, output_index: 0, item };
    await tell({ type: 'response.created', response: response(`r_${id}`) });
    await tell({ type: 'conversation.item.added', previous_item_id: null, item });
    await tell({ type: 'response.output_item.done', ...output });
    await tell({ type: 'response.done', response: { ...response(`r_${id}`), output: [item] } });
  };

  beforeEach(async () => {
    storage.mode = 'text';
    const [call] = storage.calls;
    if (call) supervisor = await supervise(call.id);
    await begin();
  });

  it('takes what was delivered as heard, and what is typed as said', async () => {
    await write('a0', plan.greeting);
    await supervisor.type('Yes.');
    await tell({
      type: 'response.output_item.done',
      response_id: 'r',
      output_index: 0,
      item: {
        id: 'f',
        type: 'function_call',
        status: 'completed',
        call_id: 'c',
        name: 'next_question',
        arguments: '{"from":"opening","reason":"answered"}',
      },
    });
    await write('a1', plan.questions[0]?.text ?? '');
    expect(storage.reducer).toMatchObject({ index: 0, delivered: true });
    expect(storage.serverRows().map((row) => [row.role, row.status])).toEqual([
      ['interviewer', 'final'],
      ['interviewer', 'final'],
    ]);
  });

  it('asks for no ear, also in a pause', async () => {
    await write('a0', plan.greeting);
    await supervisor.pause();
    await supervisor.unpause();
    expect(turnDetection()).toEqual([]);
    expect(said()).toEqual([plan.greeting, 'Are you ready?']);
  });

  it('leaves whoever may be typing their time, and the last words a moment to be read', async () => {
    await write('a0', plan.greeting);
    await vi.advanceTimersByTimeAsync(600_000 + 89_000);
    expect(said()).toEqual([plan.greeting]);
    await supervisor.type('This is my answer.');
    await vi.advanceTimersByTimeAsync(1_000);
    await write('a1', 'Thank you.');
    expect(said()).toEqual([plan.greeting, plan.time_up_text]);
    await write('a2', plan.time_up_text);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(outcome).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outcome).toEqual(['left time_up']);
  });
});
