import { afterEach, describe, expect, it } from 'vitest';
import { Harness } from '../testing/harness.ts';
import { wireProblems } from '../testing/wire-problems.ts';
import { utterancesOf } from './record.ts';

let harness: Harness;
function begin(session: Record<string, unknown> = {}): Harness {
  harness = new Harness(session);
  return harness;
}
afterEach(() => {
  expect(harness.events.flatMap(wireProblems)).toEqual([]);
});

function message(text: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }], ...more },
  };
}

describe('session.update', () => {
  it('changes what it names and nothing else', () => {
    begin({
      instructions: 'Be kind.',
      audio: { input: { noise_reduction: { type: 'near_field' } } },
    });
    harness.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null } } },
    });
    expect(harness.last('session.updated')).toMatchObject({
      session: {
        instructions: 'Be kind.',
        audio: { input: { turn_detection: null, noise_reduction: { type: 'near_field' } } },
      },
    });
  });

  it.each([
    [
      { type: 'realtime', instructions: 'x', temperature: 1 },
      'unknown_parameter',
      'session.temperature',
    ],
    [
      { type: 'realtime', audio: { input: { vad: 1 } } },
      'unknown_parameter',
      'session.audio.input.vad',
    ],
    [{ instructions: 'x' }, 'missing_required_parameter', 'session.type'],
    [
      { type: 'realtime', output_modalities: ['audio', 'text'] },
      'invalid_value',
      'session.output_modalities',
    ],
    [{ type: 'realtime', model: 'another' }, 'invalid_value', 'session.model'],
    [
      { type: 'realtime', tools: [{ type: 'function', name: 'x', strict: true }] },
      'unknown_parameter',
      'session.tools.0.strict',
    ],
  ])('%j is refused whole', (session, code, param) => {
    begin({ instructions: 'Be kind.' });
    harness.send({ type: 'session.update', session, event_id: 'mine' });
    expect(harness.last('error')['error']).toMatchObject({ code, param, event_id: 'mine' });
    expect(harness.conversation.session.instructions).toBe('Be kind.');
  });

  it('can not change the voice once it was heard', () => {
    begin();
    harness.say('Hello there.');
    harness.until('output_audio_buffer.started');
    harness.send({
      type: 'session.update',
      session: { type: 'realtime', instructions: 'x', audio: { output: { voice: 'cedar' } } },
    });
    expect(harness.last('error')['error']).toMatchObject({ code: 'cannot_update_voice' });
    expect(harness.conversation.session.instructions).toBe('');
  });
});

describe('an item', () => {
  it('is appended, put first, or put after another', () => {
    begin();
    harness.send(message('b', { id: 'b' }));
    harness.send({ ...message('a', { id: 'a' }), previous_item_id: 'root' });
    harness.send({ ...message('ab', { id: 'ab' }), previous_item_id: 'a' });
    expect(harness.conversation.items.map((item) => item.id)).toEqual(['a', 'ab', 'b']);
    const added = harness.events.filter((event) => event.type === 'conversation.item.added');
    expect(added.map((event) => event['previous_item_id'])).toEqual([null, null, 'a']);
  });

  it('counts as said unless it was replayed, steers, or was deleted', () => {
    begin();
    harness.send(message('typed', { id: 'ivr_t_1' }));
    harness.send(message('replayed', { id: 'ivr_r_1' }));
    harness.send(message('steering', { id: 'ivr_s_1', role: 'system' }));
    harness.send(message('gone', { id: 'x' }));
    harness.send({ type: 'conversation.item.delete', item_id: 'x' });
    expect(utterancesOf(harness.conversation.items)).toEqual([
      { item_id: 'ivr_t_1', role: 'candidate', text: 'typed', status: 'final' },
    ]);
    expect(harness.last('conversation.item.deleted')['item_id']).toBe('x');
  });

  it('loses its text at the provider when it is truncated', () => {
    begin();
    harness.say('Hello there, and welcome.');
    harness.until('output_audio_buffer.stopped');
    const id = harness.conversation.items[0]?.id;
    const cut = { type: 'conversation.item.truncate', item_id: id, content_index: 0 };
    harness.send({ ...cut, audio_end_ms: 400 });
    harness.send({ type: 'conversation.item.retrieve', item_id: id });
    expect(harness.last('conversation.item.retrieved')).toMatchObject({
      item: { content: [{ type: 'output_audio', transcript: '' }] },
    });
    harness.send({ ...cut, audio_end_ms: 4_000_000 });
    expect(harness.last('error')['error']).toMatchObject({ param: 'audio_end_ms' });
  });
});

describe('the input buffer', () => {
  it('is committed under the id that was reserved when speech began', () => {
    begin();
    harness.conversation.speechStarted(0);
    const reserved = harness.last('input_audio_buffer.speech_started')['item_id'];
    harness.buffered = { bufferedMs: 900, speechMs: 900 };
    harness.send({ type: 'input_audio_buffer.commit' });
    expect(harness.last('input_audio_buffer.committed')['item_id']).toBe(reserved);
    harness.conversation.speechStopped(900);
    expect(harness.types.filter((type) => type === 'input_audio_buffer.committed')).toHaveLength(1);
    expect(harness.types).not.toContain('response.created');
  });

  it('forgets an item that was reserved and cleared', () => {
    begin();
    harness.conversation.speechStarted(0);
    harness.send({ type: 'input_audio_buffer.clear' });
    harness.conversation.speechStopped(900);
    expect(harness.types.slice(1)).toEqual(['input_audio_buffer.cleared']);
  });

  it('takes any audio as a turn while turns are not detected', () => {
    begin({ audio: { input: { turn_detection: null } } });
    harness.conversation.speechStarted(0);
    harness.buffered = { bufferedMs: 3000, speechMs: 0 };
    harness.send({ type: 'input_audio_buffer.commit' });
    expect(harness.types[0]).toBe('input_audio_buffer.committed');
    expect(harness.conversation.items).toHaveLength(1);
  });
});

describe('a mistake', () => {
  it.each([
    [{ type: 'response.cancel' }, 'response_cancel_not_active'],
    [{ type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty'],
    [{ type: 'conversation.item.retrieve', item_id: 'x' }, 'item_retrieve_invalid_item_id'],
    [{ type: 'conversation.item.delete', item_id: 'x' }, 'item_delete_invalid_item_id'],
    [
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1 },
      'item_truncate_invalid_item_id',
    ],
    [{ ...message('x'), previous_item_id: 'x' }, 'item_create_invalid_previous_item_id'],
    [message('x', { id: 'x'.repeat(33) }), 'string_above_max_length'],
    [message('x', { content: [{ type: 'text', text: 'beta' }] }), 'invalid_value'],
    [{ type: 'conversation.item.create' }, 'missing_required_parameter'],
    [{ type: 'no.such.event' }, 'invalid_value'],
    [{}, 'missing_required_parameter'],
  ])('%j is answered and changes nothing', (event, code) => {
    begin();
    harness.send({ ...event, event_id: 'mine' });
    expect(harness.events).toHaveLength(1);
    expect(harness.last('error')['error']).toMatchObject({ code, event_id: 'mine' });
    expect(harness.conversation.items).toEqual([]);
  });

  it('is a second response while one is active, an id that is taken, an output without a call', () => {
    begin();
    harness.say('Hello.');
    harness.say('Hello again.');
    expect(harness.last('error')['error']).toMatchObject({
      code: 'conversation_already_has_active_response',
    });
    harness.send(message('a', { id: 'a' }));
    harness.send(message('a', { id: 'a' }));
    expect(harness.last('error')['error']).toMatchObject({ param: 'item.id' });
    const output = { type: 'function_call_output', call_id: 'call_x', output: '{}' };
    harness.send({ type: 'conversation.item.create', item: output });
    expect(harness.last('error')['error']).toMatchObject({ code: 'invalid_tool_call_id' });
  });

  it.each([[null], ['text'], [[1]]])('%j is no event', (value) => {
    begin();
    harness.conversation.receive(value);
    expect(harness.last('error')['error']).toMatchObject({ code: 'invalid_event' });
  });
});
