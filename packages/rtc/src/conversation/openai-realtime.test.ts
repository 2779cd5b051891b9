import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EarlierTurn } from './decoder.ts';
import { openAiRealtime } from './openai-realtime.ts';
import { openAiWords } from './openai-words.ts';

const changesOf = (event: object): unknown[] => {
  const { changes, problem } = openAiRealtime.decode(JSON.stringify(event));
  expect(problem).toBeNull();
  return changes;
};

const message = (role: string, content: unknown, more: object = {}): object => ({
  id: 'i',
  type: 'message',
  role,
  status: 'completed',
  content,
  ...more,
});

describe('openAiRealtime.decode', () => {
  it('tells when the provider ends the session, or that it does not tell', () => {
    const created = { type: 'session.created', session: { expires_at: 1_795_000_000 } };
    expect(changesOf(created)).toEqual([{ kind: 'session', endsAtS: 1_795_000_000 }]);
    for (const session of [{}, null, { expires_at: null }])
      expect(changesOf({ type: 'session.updated', session })).toEqual([
        { kind: 'session', endsAtS: null },
      ]);
  });

  it('reports what the provider objects to, but not the answer to its own probe', () => {
    const error = { code: 'unknown_parameter', message: 'What is this?' };
    expect(changesOf({ type: 'error', error })).toEqual([{ kind: 'trouble', ...error }]);
    const answer = { code: 'item_retrieve_invalid_item_id', message: 'There is no such item.' };
    expect(changesOf({ type: 'error', error: answer })).toEqual([]);
    expect(changesOf({ type: 'error' })).toEqual([{ kind: 'trouble', code: null, message: '' }]);
  });

  it('tells the head from no place', () => {
    const item = message('user', [{ type: 'input_audio', transcript: null }]);
    const placed = { kind: 'placed', utterance: 'i', role: 'candidate', open: true };
    const type = 'conversation.item.added';
    expect(changesOf({ type, item, previous_item_id: null })).toEqual([{ ...placed, after: null }]);
    expect(changesOf({ type, item })).toEqual([{ ...placed, after: undefined }]);
    const committed = { type: 'input_audio_buffer.committed', item_id: 'i' };
    expect(changesOf({ ...committed, previous_item_id: 'h' })).toEqual([{ ...placed, after: 'h' }]);
  });

  it.each([
    ['audio', { type: 'audio', transcript: 'Hi' }],
    ['output_audio', { type: 'output_audio', transcript: 'Hi' }],
    ['output_text', { type: 'output_text', text: 'Hi' }],
  ])('reads %s content', (_type, part) => {
    const event = { type: 'response.output_item.done', item: message('assistant', [part]) };
    expect(changesOf(event)).toMatchObject([
      { kind: 'text', role: 'interviewer', text: 'Hi', final: true },
      { kind: 'utterance_ended', whole: true },
    ]);
  });

  it('takes nobody for the speaker of tools and instructions', () => {
    const items = [message('system', []), { id: 'i', type: 'function_call', content: null }];
    for (const item of items)
      expect(changesOf({ type: 'conversation.item.done', item })).toMatchObject([
        { kind: 'placed', role: null },
      ]);
  });

  it.each([
    [['de'], 'de'],
    [[{ code: 'de' }, { code: 'en' }], 'de'],
    [[{ language: 'de' }], 'de'],
    [[{ language: 7 }], null],
    [[null], null],
    [[], null],
    [null, null],
    [undefined, null],
  ])('reads the languages %j as %s', (languages, language) => {
    const type = 'conversation.item.input_audio_transcription.completed';
    expect(changesOf({ type, item_id: 'i', transcript: 'Ja', languages })).toMatchObject([
      { kind: 'text', part: 0, text: 'Ja', final: true, language },
    ]);
  });

  it('hands on what it does not know, and says nothing about it', () => {
    const event = { type: 'response.juggling.started', balls: 3 };
    expect(openAiRealtime.decode(JSON.stringify(event))).toEqual({
      changes: [],
      raw: event,
      problem: null,
    });
    for (const type of ['constructor', '__proto__', 'toString'])
      expect(changesOf({ type })).toEqual([]);
  });

  it('says what it cannot read, but not what was said in it', () => {
    expect(openAiRealtime.decode('{"transcript":"My name is')).toMatchObject({
      changes: [],
      problem: 'not JSON',
    });
    const stopped = { type: 'output_audio_buffer.stopped' };
    expect(openAiRealtime.decode(stopped)).toMatchObject({ changes: [], raw: stopped });
    expect(openAiRealtime.decode(stopped).problem).toMatch(/stopped.*response_id/);
  });

  it('never throws, whatever comes', () => {
    const types = ['response.done', 'conversation.item.done', 'error', 'response.text.delta'];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue(), fc.string(), (type, value, key) => {
        for (const data of [
          value,
          { type, item: value, response: value, error: value, [key]: value },
        ])
          expect(openAiRealtime.decode(data).changes).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('what openAiRealtime says', () => {
  it('probes with an item that nobody has', () => {
    expect(openAiRealtime.probe).toEqual({
      type: 'conversation.item.retrieve',
      item_id: 'ivr_s_probe',
    });
  });

  it('hands on a typed line under a name that makes it a row, within the provider’s 32 characters', () => {
    expect(openAiWords.typed('I draw maps.', 'AbCdEfGhIjKl')).toEqual({
      type: 'conversation.item.create',
      item: {
        id: 'ivr_t_AbCdEfGhIjKl',
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'I draw maps.' }],
      },
    });
  });

  it('replays what was said, in order, without what was not heard, not understood or not finished', () => {
    const turns: EarlierTurn[] = [
      { role: 'interviewer', text: 'Hello.', status: 'final', heardMs: null },
      { role: 'candidate', text: 'Hi.' },
      { role: 'interviewer', text: 'What do you', status: 'interrupted', heardMs: 900 },
      { role: 'interviewer', text: 'Never heard.', status: 'interrupted', heardMs: 0 },
      { role: 'candidate', text: '  ', status: 'inaudible' },
      { role: 'candidate', text: 'I dr', status: 'partial' },
      { role: 'candidate', text: 'I dr', status: 'failed' },
    ];
    const said = (id: string, role: string, type: string, text: string): object => ({
      type: 'conversation.item.create',
      item: { id, type: 'message', role, content: [{ type, text }] },
    });
    expect(openAiWords.replay(turns)).toEqual([
      said('ivr_r_0', 'assistant', 'output_text', 'Hello.'),
      said('ivr_r_1', 'user', 'input_text', 'Hi.'),
      said('ivr_r_2', 'assistant', 'output_text', 'What do you …'),
    ]);
  });
});
