import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerEvent } from './parse.ts';

const known = (value: unknown) => {
  const parsed = parseServerEvent(value);
  if (parsed.kind !== 'known') throw new Error(`${parsed.kind}: ${JSON.stringify(parsed)}`);
  return parsed.event;
};

describe('parseServerEvent', () => {
  it('reads a committed turn', () => {
    const event = {
      type: 'input_audio_buffer.committed',
      previous_item_id: null,
      item_id: 'item_u',
    };
    expect(known(JSON.stringify(event))).toEqual({
      type: 'input_audio_buffer.committed',
      itemId: 'item_u',
      previousItemId: null,
    });
  });

  it('tells an item without a place from one at the head', () => {
    const item = { id: 'item_a', type: 'message', role: 'assistant', content: [] };
    expect(known({ type: 'conversation.item.added', item })).toMatchObject({
      previousItemId: undefined,
    });
    expect(known({ type: 'conversation.item.added', item, previous_item_id: null })).toMatchObject({
      previousItemId: null,
    });
  });

  it.each([
    'response.output_audio_transcript.delta',
    'response.audio_transcript.delta',
    'response.output_text.delta',
    'response.text.delta',
  ])('reads %s as one and the same', (type) => {
    const event = {
      type,
      response_id: 'r',
      item_id: 'i',
      output_index: 0,
      content_index: 0,
      delta: 'Hal',
    };
    expect(known(event)).toMatchObject({ type: 'response.text.delta', delta: 'Hal' });
  });

  it.each(['response.output_audio.done', 'response.audio.done'])(
    'reads %s as one and the same',
    (type) => {
      const place = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
      expect(known({ type, ...place })).toMatchObject({ type: 'response.output_audio.done' });
    },
  );

  it.each([
    [['de', 'en'], 'de'],
    [[{ code: 'de' }], 'de'],
    [[], null],
    [undefined, null],
  ])('reads the languages %j as %s', (languages, language) => {
    const type = 'conversation.item.input_audio_transcription.completed';
    expect(known({ type, item_id: 'i', transcript: 'Ja', languages })).toMatchObject({ language });
  });

  it.each(['audio', 'output_audio', 'input_audio'])('reads %s content as audio', (type) => {
    const item = { id: 'i', type: 'message', role: 'user', content: [{ type, transcript: 'Hi' }] };
    expect(known({ type: 'conversation.item.done', item })).toMatchObject({
      item: { content: [{ kind: 'audio', text: 'Hi' }] },
    });
  });

  it('says why a response was cancelled', () => {
    const response = {
      id: 'resp_1',
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [],
    };
    expect(known({ type: 'response.done', response })).toMatchObject({
      response: { status: 'cancelled', reason: 'turn_detected' },
    });
  });

  it('says why a response failed, and which limits are used up', () => {
    const error = { type: 'server_error', code: 'rate_limit_exceeded' };
    const status_details = { type: 'failed', error };
    const response = { id: 'resp_1', status: 'failed', status_details, output: [] };
    expect(known({ type: 'response.done', response })).toMatchObject({
      response: { status: 'failed', reason: 'rate_limit_exceeded' },
    });
    const limit = { name: 'tokens', limit: 40_000, remaining: 0, reset_seconds: 1.5 };
    expect(known({ type: 'rate_limits.updated', rate_limits: [limit, 'x'] })).toMatchObject({
      limits: [
        { remaining: 0, resetSeconds: 1.5 },
        { remaining: Infinity, resetSeconds: 0 },
      ],
    });
  });

  it('hands on what it does not know, with the raw event', () => {
    const raw = { type: 'response.juggling.started', balls: 3 };
    expect(parseServerEvent(raw)).toEqual({ kind: 'unknown', type: raw.type, raw });
  });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for an unknown type', (type) => {
    expect(parseServerEvent({ type }).kind).toBe('unknown');
  });

  it.each([
    ['not JSON', '{"type":'],
    ['a number', '7'],
    ['no type', '{}'],
    ['a known type without its id', '{"type":"input_audio_buffer.committed"}'],
  ])('calls %s malformed', (_name, text) => {
    expect(parseServerEvent(text).kind).toBe('malformed');
  });

  it('never throws, whatever comes', () => {
    const types = ['response.done', 'conversation.item.added', 'error', 'response.text.delta'];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue(), fc.string(), (type, value, key) => {
        parseServerEvent({ type, item: value, response: value, error: value, [key]: value });
        parseServerEvent(value);
      }),
    );
  });
});
