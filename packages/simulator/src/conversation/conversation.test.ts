import { afterEach, describe, expect, it } from 'vitest';
import { Harness } from '../testing/harness.ts';
import { wireProblems } from '../testing/wire-problems.ts';
import { toolCallsOf, utterancesOf } from './record.ts';

const heard = { audio: { input: { transcription: { model: 'gpt-transcribe' } } } };
const nextQuestion = { type: 'function', name: 'next_question', parameters: {} };
const long = 'one two three four five six seven eight nine ten eleven twelve';

let harness: Harness;
function begin(...parameters: ConstructorParameters<typeof Harness>): Harness {
  harness = new Harness(...parameters);
  return harness;
}
afterEach(() => {
  expect(harness.events.flatMap(wireProblems)).toEqual([]);
});

/** Consecutive deltas count as one. */
function story(types: readonly string[]): string[] {
  return types.filter((type, index) => !type.endsWith('.delta') || types[index - 1] !== type);
}

describe('a turn', () => {
  it('goes in the order of the provider, from the first sound to the last', () => {
    const { clock } = begin(heard, { transcription_delay_ms: 60_000 });
    harness.turn();
    clock.advance(10_000);
    expect(story(harness.types)).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'rate_limits.updated',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'output_audio_buffer.started',
      'response.output_audio_transcript.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
      'output_audio_buffer.stopped',
    ]);
  });

  it('keeps one item id from the first sound on and chains every item to the one before', () => {
    const { clock } = begin(heard);
    for (let turn = 0; turn < 3; turn += 1) {
      harness.turn();
      clock.advance(20_000);
    }
    const added = harness.events.filter((event) => event.type === 'conversation.item.added');
    const ids = harness.conversation.items.map((item) => item.id);
    expect(added.map((event) => event['previous_item_id'])).toEqual([null, ...ids.slice(0, -1)]);
    const of = (type: string): unknown[] =>
      harness.events.filter((event) => event.type === type).map((event) => event['item_id']);
    const reserved = of('input_audio_buffer.speech_started');
    expect(of('input_audio_buffer.committed')).toEqual(reserved);
    expect(ids.filter((_, index) => index % 2 === 0)).toEqual(reserved);
  });

  it('tells the words late and out of order when the scenario says so', () => {
    const turns = [
      { text: 'The first answer.', transcription_delay_ms: 30_000 },
      { text: 'The second answer.', transcription_delay_ms: 10 },
    ];
    const { clock, conversation } = begin(heard, { turns });
    harness.turn();
    clock.advance(15_000);
    harness.turn();
    clock.advance(60_000);
    const completed = harness.events.filter((event) =>
      event.type.endsWith('transcription.completed'),
    );
    expect(completed.map((event) => event['transcript'])).toEqual([
      'The second answer.\n',
      'The first answer.\n',
    ]);
    const spoken = utterancesOf(conversation.items).filter((one) => one.role === 'candidate');
    expect(spoken.map((one) => one.text)).toEqual(['The first answer.', 'The second answer.']);
  });

  it('sends deltas that add up to the transcript', () => {
    const text = 'I led the redesign of a booking page for two years.';
    begin(heard, { turns: [{ text }] });
    harness.turn();
    harness.until('conversation.item.input_audio_transcription.completed');
    const deltas = harness.events.filter((event) => event.type.endsWith('transcription.delta'));
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.map((event) => event['delta']).join('')).toBe(text);
  });

  it('tells of a transcription that failed, was empty, or never came', () => {
    const turns = (['failed', 'empty', 'never'] as const).map((transcription) => ({
      text: 'words',
      transcription,
    }));
    const { clock, conversation } = begin(heard, { turns });
    for (let turn = 0; turn < 3; turn += 1) {
      harness.turn();
      clock.advance(20_000);
    }
    const spoken = utterancesOf(conversation.items).filter((one) => one.role === 'candidate');
    expect(spoken.map((one) => one.status)).toEqual(['failed', 'inaudible', 'pending']);
  });

  it('is not transcribed unless the session asks for it', () => {
    const { clock } = begin();
    harness.turn();
    clock.advance(20_000);
    expect(harness.types.filter((type) => type.includes('transcription'))).toEqual([]);
  });

  it('is followed by no response when the session wants none', () => {
    const audio = { input: { turn_detection: { type: 'semantic_vad', create_response: false } } };
    const { clock } = begin({ audio });
    harness.turn();
    clock.advance(20_000);
    expect(harness.types).not.toContain('response.created');
  });
});

describe('turn detection that is turned off', () => {
  const detect = (turn_detection: unknown): void =>
    harness.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection } } },
    });

  it('hears nothing, not even the end of what was begun, until it is turned on again', () => {
    const { clock } = begin(heard);
    harness.conversation.speechStarted(0);
    detect(null);
    harness.send({ type: 'input_audio_buffer.clear' });
    const from = harness.events.length;
    harness.conversation.speechStopped(900);
    harness.turn();
    clock.advance(20_000);
    expect(harness.types.slice(from)).toEqual([]);
    harness.send({ type: 'input_audio_buffer.clear' });
    detect({ type: 'semantic_vad', eagerness: 'low' });
    harness.turn();
    harness.until('response.done');
    expect(utterancesOf(harness.conversation.items).map((one) => one.role)).toEqual([
      'candidate',
      'interviewer',
    ]);
  });
});

describe('an interruption', () => {
  const speak = (): string[] => {
    const from = harness.events.length;
    harness.conversation.speechStarted(harness.clock.now());
    harness.clock.advance(30_000);
    return harness.types.slice(from);
  };

  it('of speech that was generated whole ends it without another word about the response', () => {
    begin();
    harness.say(long);
    harness.until('response.done');
    harness.clock.advance(1000);
    expect(speak()).toEqual([
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
      'conversation.item.truncated',
    ]);
    const [utterance] = utterancesOf(harness.conversation.items);
    expect(utterance).toMatchObject({ text: long, status: 'interrupted' });
    expect(harness.last('conversation.item.truncated')['audio_end_ms']).toBe(utterance?.heard_ms);
  });

  it('in the middle of generating leaves an incomplete item and a cancelled response', () => {
    begin();
    harness.say(long);
    harness.until('output_audio_buffer.started');
    harness.clock.advance(20);
    expect(speak()).toEqual([
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
      'conversation.item.truncated',
    ]);
    expect(harness.last('response.done')).toMatchObject({
      response: {
        status: 'cancelled',
        status_details: { type: 'cancelled', reason: 'turn_detected' },
        output: [{ status: 'incomplete' }],
      },
    });
    expect(harness.last('response.output_audio_transcript.done')['transcript']).not.toBe(long);
  });

  it('between the end of the item and of the response cancels only the response', () => {
    begin();
    harness.say(long);
    harness.until('response.output_item.done');
    expect(speak()).toEqual([
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
      'response.done',
      'conversation.item.truncated',
    ]);
    expect(harness.last('response.done')).toMatchObject({
      response: { status: 'cancelled', output: [{ status: 'completed' }] },
    });
  });

  it('before anything was produced leaves an empty response', () => {
    begin();
    harness.say(long);
    harness.clock.advance(10);
    expect(speak()).toEqual(['input_audio_buffer.speech_started', 'response.done']);
    expect(harness.last('response.done')).toMatchObject({
      response: { status: 'cancelled', output: [] },
    });
  });

  it('before the first sound truncates at zero', () => {
    begin();
    harness.say(long);
    harness.until('response.output_audio_transcript.delta');
    expect(speak()).not.toContain('output_audio_buffer.cleared');
    expect(harness.last('conversation.item.truncated')['audio_end_ms']).toBe(0);
  });

  it('does not happen when the session forbids it', () => {
    const audio = { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } };
    begin({ audio });
    harness.say(long);
    harness.until('output_audio_buffer.started');
    expect(speak()).toContain('output_audio_buffer.stopped');
    expect(utterancesOf(harness.conversation.items)[0]?.status).toBe('final');
  });
});

describe('a response', () => {
  it('that calls a tool sends the arguments and makes no sound', () => {
    begin({ tools: [nextQuestion] });
    harness.turn();
    harness.until('response.done');
    expect(story(harness.types).slice(7)).toEqual([
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
    ]);
    const call = harness.last('response.function_call_arguments.done');
    harness.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call['call_id'], output: '{"ok":true}' },
    });
    expect(toolCallsOf(harness.conversation.items)).toEqual([
      {
        name: 'next_question',
        arguments: '{"from":"opening","reason":"answered"}',
        output: '{"ok":true}',
      },
    ]);
  });

  it('in text makes no sound either', () => {
    begin({ output_modalities: ['text'] });
    harness.say(long);
    harness.clock.advance(60_000);
    expect(harness.last('response.output_text.done')['text']).toBe(long);
    expect(harness.types.filter((type) => type.includes('audio'))).toEqual([]);
  });

  it('in text that a client cancels was delivered as far as it went, and none of it played', () => {
    begin({ output_modalities: ['text'] });
    harness.say(long);
    harness.until('response.output_text.delta');
    harness.until('response.output_text.delta');
    harness.send({ type: 'response.cancel' });
    expect(harness.last('response.done')).toMatchObject({
      response: { status: 'cancelled', output: [{ status: 'incomplete' }] },
    });
    const [utterance] = utterancesOf(harness.conversation.items);
    expect(utterance).toMatchObject({ text: 'one two', status: 'interrupted' });
    expect(utterance).not.toHaveProperty('heard_ms');
  });

  it('outside the conversation leaves no item in it', () => {
    begin();
    const instructions = `Say exactly: ${long}`;
    harness.send({ type: 'response.create', response: { instructions, conversation: 'none' } });
    harness.clock.advance(60_000);
    expect(harness.conversation.items).toEqual([]);
    expect(harness.types.filter((type) => type.startsWith('conversation.'))).toEqual([]);
    expect(harness.last('response.done')).toMatchObject({ response: { conversation_id: null } });
  });

  it('carries the metadata it was asked with', () => {
    begin();
    harness.send({ type: 'response.create', response: { metadata: { purpose: 'greeting' } } });
    for (const type of ['response.created', 'response.done']) {
      if (type === 'response.done') harness.until(type);
      expect(harness.last(type)).toMatchObject({ response: { metadata: { purpose: 'greeting' } } });
    }
  });

  it('that a client cancels plays on as far as it was generated', () => {
    begin();
    harness.say(long);
    harness.until('output_audio_buffer.started');
    harness.send({ type: 'response.cancel' });
    expect(harness.last('response.done')).toMatchObject({
      response: { status_details: { reason: 'client_cancelled' } },
    });
    harness.until('output_audio_buffer.stopped');
    const [utterance] = utterancesOf(harness.conversation.items);
    expect(utterance?.status).toBe('interrupted');
    expect(utterance?.heard_ms).toBeLessThan(long.length * 100);
  });

  it('is silenced by a clear of the output', () => {
    begin();
    harness.say(long);
    harness.until('response.done');
    harness.clock.advance(500);
    const from = harness.events.length;
    harness.send({ type: 'output_audio_buffer.clear' });
    harness.clock.advance(60_000);
    expect(harness.types.slice(from)).toEqual([
      'output_audio_buffer.cleared',
      'conversation.item.truncated',
    ]);
  });

  it('waits with its sound for the sound before it', () => {
    begin();
    harness.say('The first sentence is this one.');
    harness.until('response.done');
    harness.say('The second.');
    harness.clock.advance(60_000);
    const sounds = harness.types.filter((type) => type.startsWith('output_audio_buffer'));
    expect(sounds.map((type) => type.split('.')[1])).toEqual([
      'started',
      'stopped',
      'started',
      'stopped',
    ]);
  });

  it('for a turn waits until the one that a client asked for is done', () => {
    begin();
    harness.conversation.speechStarted(0);
    harness.say(long);
    harness.conversation.speechStopped(500);
    harness.clock.advance(60_000);
    const order = harness.types.filter((type) => /^response\.(created|done)$/.test(type));
    expect(order).toEqual([
      'response.created',
      'response.done',
      'response.created',
      'response.done',
    ]);
  });
});
