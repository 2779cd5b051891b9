import { parseServerEvent } from '@interview/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Observer } from './observer.ts';

let step: string;
let observer: Observer;

beforeEach(() => {
  step = 'project';
  observer = new Observer(() => step, 0);
});

function see(event: object, now = 0) {
  const parsed = parseServerEvent(event);
  if (parsed.kind !== 'known') throw new Error('not an event');
  return observer.handle(parsed.event, now);
}

const started = { type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1000 };
const stopped = { type: 'input_audio_buffer.speech_stopped', item_id: 'u', audio_end_ms: 5000 };
const committed = { type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null };
const transcribed = (transcript: string) => ({
  type: 'conversation.item.input_audio_transcription.completed',
  item_id: 'u',
  content_index: 0,
  transcript,
});

describe('what the candidate said', () => {
  it('belongs to the step in which it began, whenever its text comes', () => {
    see(started);
    step = 'conflict';
    expect(see(stopped)).toEqual([{ now: 0, type: 'spoke', step: 'project', ms: 4000, words: 10 }]);
    expect(see(committed)).toEqual([]);
    expect(see(transcribed('Only three words.'))).toEqual([
      { now: 0, type: 'spoke', step: 'project', ms: 0, words: -7 },
    ]);
    expect(see(transcribed('Only three words.'))).toEqual([]);
  });

  it('counts its words once where the text comes first', () => {
    see(started);
    expect(see(transcribed('Only three words.'))).toMatchObject([{ words: 3 }]);
    expect(see(stopped)).toMatchObject([{ ms: 4000, words: 0 }]);
  });

  it('is measured by the clock where it was committed by hand', () => {
    see(started, 100);
    expect(observer.speaking).toBe(true);
    expect(see(committed, 900)).toMatchObject([{ ms: 800 }]);
    expect(observer.speaking).toBe(false);
    expect(observer.lastSpeech).toBe(900);
  });

  it('is over when events may have been missed, and counts when its end is told after all', () => {
    see(started);
    observer.back(700);
    expect(observer.speaking).toBe(false);
    expect(observer.lastSpeech).toBe(700);
    expect(see(stopped)).toMatchObject([{ ms: 4000 }]);
  });

  it('is over when what was heard is forgotten', () => {
    see(started);
    see({ type: 'input_audio_buffer.cleared' });
    expect(observer.speaking).toBe(false);
  });
});

describe('a turn whose beginning nobody saw', () => {
  it('counts for the step that is current, so that an answer over a restart is one', () => {
    expect(see(stopped)).toEqual([{ now: 0, type: 'spoke', step: 'project', ms: 1, words: 0 }]);
    expect(see(committed)).toEqual([]);
    expect(see(transcribed('Only three words.'))).toMatchObject([{ words: 3 }]);
  });
});

describe('a turn whose end nobody saw', () => {
  const retrieved = (transcript: string | null, role = 'user') => ({
    type: 'conversation.item.retrieved',
    item: {
      id: 'u',
      type: 'message',
      role,
      status: 'completed',
      content: [{ type: 'input_audio', transcript }],
    },
  });

  it('counts by its words when it is asked for, for the step in which it began, and once', () => {
    see(started);
    step = 'conflict';
    expect(see(retrieved('Only three words.'))).toEqual([
      { now: 0, type: 'spoke', step: 'project', ms: 1200, words: 3 },
    ]);
    expect(see(retrieved('Only three words.'))).toEqual([]);
    expect(see(transcribed('Only three words.'))).toEqual([]);
  });

  it('counts as speech without words, and gets them when they come', () => {
    expect(see(retrieved(null))).toEqual([
      { now: 0, type: 'spoke', step: 'project', ms: 1, words: 0 },
    ]);
    expect(see(transcribed('Only three words.'))).toMatchObject([{ words: 3 }]);
  });

  it('is not the model’s, and not one that was seen to its end', () => {
    expect(see(retrieved('Hello.', 'assistant'))).toEqual([]);
    see(started);
    see(stopped);
    expect(see(retrieved('Only three words.'))).toEqual([]);
  });
});

describe('tool calls', () => {
  const item = (more: object = {}) => ({
    id: 'i',
    type: 'function_call',
    status: 'completed',
    call_id: 'c1',
    name: 'next_question',
    arguments: '{"from":"opening","reason":"answered"}',
    ...more,
  });
  const done = (more: object = {}) => ({
    type: 'response.output_item.done',
    response_id: 'r',
    output_index: 0,
    item: item(more),
  });

  it('are told once, in whichever event they come', () => {
    expect(see(done())).toEqual([
      { now: 0, type: 'next_question', toolCall: 'c1', from: 'opening', reason: 'answered' },
    ]);
    const response = { id: 'r', status: 'completed', output: [item()] };
    expect(see({ type: 'response.done', response })).toEqual([]);
  });

  it('that are still being written are told when they are done', () => {
    const begun = {
      id: 'i',
      kind: 'function_call',
      toolCallId: 'c1',
      name: 'next_question',
    } as const;
    const rest = { role: null, content: [], arguments: '' };
    expect(observer.take({ ...begun, ...rest, status: 'in_progress' }, 0)).toEqual([]);
    expect(see(done())).toMatchObject([{ type: 'next_question', toolCall: 'c1' }]);
  });

  it('that tell no status are whole', () => {
    expect(see(done({ status: undefined }))).toMatchObject([{ type: 'next_question' }]);
  });

  it('that were cut off are none', () => {
    expect(see(done({ status: 'incomplete' }))).toEqual([]);
    const response = { id: 'r', status: 'cancelled', output: [item()] };
    expect(see({ type: 'response.done', response })).toEqual([]);
  });

  it('that make no sense are told as such', () => {
    expect(see(done({ arguments: '{' }))).toEqual([{ now: 0, toolCall: 'c1', type: 'invalid' }]);
  });
});

describe('what was heard', () => {
  const line = (status: 'final' | 'interrupted', heardMs: number | null, written = false) => {
    const rest = { itemId: 'a', previousItemId: null, position: 1, startedMs: null, endedMs: null };
    const text = 'x'.repeat(100);
    return observer.heard(
      { ...rest, role: 'interviewer', text, status, heardMs, language: null, written },
      0,
    );
  };

  it('of a line in writing is as much as was delivered', () => {
    expect(line('interrupted', null, true)).toMatchObject([{ text: 'x'.repeat(100) }]);
  });

  it.each([
    ['final', null, 100],
    ['interrupted', null, 0],
    ['interrupted', 650, 10],
    ['interrupted', 99_999, 100],
  ] as const)('of a line that is %s with %s ms is %i characters', (status, ms, characters) => {
    expect(line(status, ms)).toMatchObject([{ type: 'heard', text: 'x'.repeat(characters) }]);
  });
});
