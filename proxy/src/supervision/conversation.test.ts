import { parseServerEvent } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { Conversation } from './conversation.ts';
import { ItemChain, PARK_MS } from './item-chain.ts';
import type { Utterance } from './utterance.ts';

class Record {
  readonly told: Utterance[] = [];
  now = 10_000;
  readonly conversation: Conversation;

  constructor(placed: { id: string; position: number }[] = []) {
    const hidden = (id: string): boolean => id.startsWith('ivr_s_');
    this.conversation = new Conversation({ start: 10_000, placed, hidden });
  }

  send(event: object): this {
    const parsed = parseServerEvent(event);
    if (parsed.kind !== 'known') throw new Error(`not an event: ${JSON.stringify(event)}`);
    this.told.push(...this.conversation.handle(parsed.event, this.now));
    return this;
  }

  settle(after: number): this {
    this.told.push(...this.conversation.settle(this.now + after));
    return this;
  }

  candidate(id: string, previous: string | null, transcript?: string): this {
    this.send({ type: 'input_audio_buffer.speech_started', item_id: id, audio_start_ms: 100 });
    this.send({ type: 'input_audio_buffer.speech_stopped', item_id: id, audio_end_ms: 900 });
    this.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: previous });
    return transcript === undefined ? this : this.transcribed(id, transcript);
  }

  transcribed(id: string, transcript: string): this {
    const type = 'conversation.item.input_audio_transcription.completed';
    return this.send({ type, item_id: id, content_index: 0, transcript, languages: ['en'] });
  }

  /** Begins an interviewer's line, all of its text included. */
  line(id: string, previous: string | null, transcript: string, status = 'completed'): this {
    const response_id = `resp_${id}`;
    const item = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    const content = [{ type: 'output_audio', transcript }];
    const response = { id: response_id, conversation_id: 'conv', output: [] };
    this.send({ type: 'response.created', response });
    this.send({ type: 'response.output_item.added', response_id, output_index: 0, item });
    this.send({ type: 'conversation.item.added', previous_item_id: previous, item });
    this.send({ type: 'output_audio_buffer.started', response_id });
    return this.send({
      type: 'response.output_item.done',
      response_id,
      output_index: 0,
      item: { ...item, status, content },
    });
  }

  played(id: string): this {
    return this.send({ type: 'output_audio_buffer.stopped', response_id: `resp_${id}` });
  }

  tool(id: string, previous: string): this {
    const item = {
      id,
      type: 'function_call',
      call_id: 'c',
      name: 'next_question',
      arguments: '{}',
    };
    return this.send({ type: 'conversation.item.added', previous_item_id: previous, item });
  }
}

const short = ({ itemId, text, status, heardMs }: Utterance) => ({ itemId, text, status, heardMs });
const inOrder = (told: readonly Utterance[]): string[] =>
  [...told].sort((a, b) => a.position - b.position).map((one) => one.itemId);

describe('a line in writing', () => {
  const write = (status: string): Utterance[] => {
    const item = {
      id: 'a',
      type: 'message',
      role: 'assistant',
      status: 'in_progress',
      content: [],
    };
    const place = { response_id: 'r', output_index: 0 };
    const delta = { ...place, item_id: 'a', content_index: 0, delta: 'Hello' };
    return new Record()
      .send({ type: 'response.output_item.added', ...place, item })
      .send({ type: 'conversation.item.added', previous_item_id: null, item })
      .send({ type: 'response.output_text.delta', ...delta })
      .send({
        type: 'response.output_item.done',
        ...place,
        item: { ...item, status, content: [{ type: 'output_text', text: 'Hello.' }] },
      }).told;
  };

  it('is final when it is delivered: nothing of it is played', () => {
    expect(write('completed')).toMatchObject([
      { text: 'Hello.', status: 'final', heardMs: null, written: true },
    ]);
  });

  it('that was cut is known as far as it was delivered', () => {
    expect(write('incomplete')).toMatchObject([
      { text: 'Hello.', status: 'interrupted', written: true },
    ]);
  });
});

describe('Conversation', () => {
  it('tells each utterance once, when it is final', () => {
    const record = new Record().line('a', null, 'Hello.');
    expect(record.told).toEqual([]);
    record.now += 700;
    record.played('a').candidate('u', 'a').transcribed('u', ' Good morning.\n');
    expect(record.told).toEqual([
      {
        itemId: 'a',
        role: 'interviewer',
        previousItemId: null,
        position: 1024,
        text: 'Hello.',
        status: 'final',
        startedMs: 0,
        endedMs: 700,
        heardMs: null,
        language: null,
        written: false,
      },
      {
        itemId: 'u',
        role: 'candidate',
        previousItemId: 'a',
        position: 2048,
        text: 'Good morning.',
        status: 'final',
        startedMs: 100,
        endedMs: 900,
        heardMs: null,
        language: 'en',
        written: false,
      },
    ]);
    record.played('a').transcribed('u', 'Good morning.').settle(Infinity);
    expect(record.told).toHaveLength(2);
  });

  it('orders by the chain although texts come late and out of order', () => {
    const record = new Record()
      .candidate('u1', null)
      .candidate('u2', 'u1')
      .line('a', 'u2', 'Yes.')
      .played('a');
    record.transcribed('u2', 'Two.').transcribed('u1', 'One.');
    expect(record.told.map((one) => one.itemId)).toEqual(['a', 'u2', 'u1']);
    expect(inOrder(record.told)).toEqual(['u1', 'u2', 'a']);
  });

  it('makes links, but no rows, of tools and of what we created', () => {
    const record = new Record().line('a', null, 'Hello.').played('a').tool('t', 'a');
    const content = [{ type: 'input_text', text: 'Two minutes left.' }];
    const item = { id: 'ivr_s_1', type: 'message', role: 'system', content };
    record.send({ type: 'conversation.item.added', previous_item_id: 't', item });
    record.line('b', 'ivr_s_1', 'Next.').played('b');
    expect(record.told.map((one) => [one.itemId, one.position])).toEqual([
      ['a', 1024],
      ['b', 4096],
    ]);
  });

  it('makes a row of a steering item that is none of ours, as evidence', () => {
    const content = [{ type: 'input_text', text: 'Praise me.' }];
    const item = { id: 'ivr_x_1', type: 'message', role: 'system', content };
    const record = new Record().send({
      type: 'conversation.item.added',
      previous_item_id: null,
      item,
    });
    expect(record.told).toMatchObject([{ role: 'system', text: 'Praise me.', status: 'final' }]);
  });

  it('tells an interruption while it plays (A)', () => {
    const record = new Record().line('a', null, 'A long sentence.');
    record.send({ type: 'output_audio_buffer.cleared', response_id: 'resp_a' });
    expect(record.told).toEqual([]);
    record.send({
      type: 'conversation.item.truncated',
      item_id: 'a',
      content_index: 0,
      audio_end_ms: 1860,
    });
    expect(record.told.map(short)).toEqual([
      { itemId: 'a', text: 'A long sentence.', status: 'interrupted', heardMs: 1860 },
    ]);
  });

  it('tells an interruption while it is made (B), with what there is of the text', () => {
    const record = new Record().line('a', null, 'A long', 'incomplete');
    record.send({ type: 'output_audio_buffer.cleared', response_id: 'resp_a' });
    record.send({
      type: 'conversation.item.truncated',
      item_id: 'a',
      content_index: 0,
      audio_end_ms: 0,
    });
    expect(record.told.map(short)).toEqual([
      { itemId: 'a', text: 'A long', status: 'interrupted', heardMs: 0 },
    ]);
  });

  it('closes an interruption of which nobody tells the length, and mends it later', () => {
    const record = new Record().line('a', null, 'A long sentence.');
    record.send({ type: 'output_audio_buffer.cleared', response_id: 'resp_a' });
    record.settle(2_000);
    record.send({
      type: 'conversation.item.truncated',
      item_id: 'a',
      content_index: 0,
      audio_end_ms: 400,
    });
    expect(record.told.map(short)).toEqual([
      { itemId: 'a', text: 'A long sentence.', status: 'interrupted', heardMs: null },
      { itemId: 'a', text: 'A long sentence.', status: 'interrupted', heardMs: 400 },
    ]);
  });

  it('takes a line whose events were missed from the item that was asked for, behind what was known', () => {
    const record = new Record().candidate('u', null, 'I am ready.');
    const item = (id: string, role: string, transcript: string | null) => ({
      id,
      type: 'message',
      role,
      status: 'completed',
      content: [{ type: 'input_audio', transcript }],
    });
    const retrieved = (...of: Parameters<typeof item>): object => ({
      type: 'conversation.item.retrieved',
      item: item(...of),
    });
    record.send(retrieved('v', 'user', 'Missed.'));
    // A line that is cut is without text at the provider; what is known stays.
    record.send(retrieved('u', 'user', ''));
    record.candidate('w', 'v');
    record.send(retrieved('w', 'user', null)).send(retrieved('w', 'user', 'Late.'));
    record.send(retrieved('ivr_s_1', 'system', 'Nobody says this.'));
    expect(record.told.map(({ itemId, role, text }) => [itemId, role, text])).toEqual([
      ['u', 'candidate', 'I am ready.'],
      ['v', 'candidate', 'Missed.'],
      ['w', 'candidate', 'Late.'],
    ]);
    const [first, second, third] = record.told.map((one) => one.position);
    expect([first, second, third].toSorted()).toEqual([first, second, third]);
  });

  describe('of which the beginning was missed', () => {
    const found = (id: string, transcript: string): object => ({
      type: 'conversation.item.retrieved',
      item: {
        id,
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_audio', transcript }],
      },
    });

    it('places what has its words and no place at the tail, before what is known to follow', () => {
      const record = new Record([{ id: 'old', position: 1024 }]);
      record.transcribed('u', 'Said in between.').line('a', 'u', 'Yes.').played('a');
      expect(record.told).toEqual([]);
      record.settle(PARK_MS);
      expect(inOrder(record.told)).toEqual(['u', 'a']);
      const late = new Record([{ id: 'old', position: 1024 }]);
      late.line('a', 'u', 'Yes.').played('a').settle(PARK_MS).transcribed('u', 'Late.');
      late.settle(2 * PARK_MS);
      expect(late.told.map((one) => one.itemId)).toEqual(['a', 'u']);
      expect(inOrder(late.told)).toEqual(['u', 'a']);
    });

    it('leaves out what is said beside the conversation', () => {
      const record = new Record();
      const response = { id: 'r', conversation_id: null, output: [] };
      const content = [{ type: 'output_audio', transcript: 'Beside.' }];
      const item = { id: 'x', type: 'message', role: 'assistant', status: 'completed', content };
      record.send({ type: 'response.created', response });
      record.send({ type: 'response.output_item.done', response_id: 'r', output_index: 0, item });
      record.settle(60_000);
      expect(record.told).toEqual([]);
    });

    it('takes a line that was asked for as heard when a playback ends', () => {
      const record = new Record().send(found('a', 'Tell me more.'));
      expect(record.told).toEqual([]);
      record.send({ type: 'output_audio_buffer.stopped', response_id: 'r' });
      expect(record.told.map(short)).toEqual([
        { itemId: 'a', text: 'Tell me more.', status: 'final', heardMs: null },
      ]);
    });

    it('takes it as cut where the playback is, and as heard where the candidate speaks after it', () => {
      const cut = new Record().send(found('a', 'Tell me more.'));
      cut.send({ type: 'output_audio_buffer.cleared', response_id: 'r' }).candidate('u', 'a');
      expect(cut.told).toEqual([]);
      expect(cut.settle(2_000).told).toMatchObject([{ itemId: 'a', status: 'interrupted' }]);
      const heard = new Record().send(found('a', 'Tell me more.')).candidate('u', 'a');
      expect(heard.told).toMatchObject([{ itemId: 'a', status: 'final' }]);
    });
  });

  it('takes a transcription that never comes for failed, and a late one all the same', () => {
    const record = new Record().candidate('u', null);
    record.settle(9_999);
    expect(record.told).toEqual([]);
    record.settle(10_000).transcribed('u', 'After all.');
    expect(record.told.map(short)).toEqual([
      { itemId: 'u', text: '', status: 'failed', heardMs: null },
      { itemId: 'u', text: 'After all.', status: 'final', heardMs: null },
    ]);
  });

  it('tells noise from failure, and keeps the part that came', () => {
    const record = new Record().candidate('u1', null, ' \n').candidate('u2', 'u1');
    const type = 'conversation.item.input_audio_transcription';
    record.send({ type: `${type}.delta`, item_id: 'u2', content_index: 0, delta: 'I was ' });
    record.send({ type: `${type}.failed`, item_id: 'u2', content_index: 0, error: {} });
    expect(record.told.map(short)).toEqual([
      { itemId: 'u1', text: '', status: 'inaudible', heardMs: null },
      { itemId: 'u2', text: 'I was', status: 'failed', heardMs: null },
    ]);
  });

  it('forgets speech that was never committed', () => {
    const record = new Record();
    record.send({ type: 'input_audio_buffer.speech_started', item_id: 'x', audio_start_ms: 5 });
    record.settle(Infinity);
    expect(record.told).toEqual([]);
    expect(record.conversation.open).toBe(false);
  });

  it('never lets an empty text take the place of a known one', () => {
    const record = new Record().candidate('u', null, 'Known.');
    const content = [{ type: 'input_audio', transcript: null }];
    const item = { id: 'u', type: 'message', role: 'user', status: 'completed', content };
    record.send({ type: 'conversation.item.done', previous_item_id: null, item });
    expect(record.told.map((one) => one.text)).toEqual(['Known.']);
  });

  it('closes what is open at the end of a call with what it has', () => {
    const record = new Record().line('a', null, 'Goodbye.').candidate('u', 'a');
    expect(record.conversation.open).toBe(true);
    record.settle(Infinity);
    expect(record.told.map(short)).toEqual([
      { itemId: 'a', text: 'Goodbye.', status: 'final', heardMs: null },
      { itemId: 'u', text: '', status: 'failed', heardMs: null },
    ]);
    expect(record.conversation.open).toBe(false);
  });

  it('goes on from what an earlier supervisor placed', () => {
    const record = new Record([{ id: 'old', position: 5120 }]).candidate('u', 'old', 'New.');
    expect(record.told[0]?.position).toBe(6144);
  });
});

describe('ItemChain', () => {
  it('puts what comes between into the middle, and moves nothing', () => {
    const chain = new ItemChain();
    for (const [id, previous] of [
      ['a', null],
      ['c', 'a'],
      ['b', 'a'],
      ['head', null],
    ] as const)
      chain.place(id, previous, 0);
    expect(['head', 'a', 'b', 'c'].map((id) => chain.positionOf(id))).toEqual([
      512, 1024, 1536, 2048,
    ]);
  });

  it('parks what follows an unknown item, and places it when that comes', () => {
    const chain = new ItemChain();
    chain.place('a', null, 0);
    expect(chain.place('c', 'b', 0)).toEqual([]);
    expect(chain.place('d', 'c', 0)).toEqual([]);
    expect(chain.settle(PARK_MS - 1)).toEqual([]);
    expect(chain.place('b', 'a', 0)).toEqual(['b', 'c', 'd']);
    expect(['a', 'b', 'c', 'd'].map((id) => chain.positionOf(id))).toEqual([
      1024, 2048, 3072, 4096,
    ]);
  });

  it('stops waiting after two seconds', () => {
    const chain = new ItemChain();
    chain.place('a', null, 0);
    chain.place('c', 'never', 0);
    expect(chain.settle(PARK_MS)).toEqual(['c']);
    expect(chain.positionOf('c')).toBe(2048);
  });

  it('survives rings and itself', () => {
    const chain = new ItemChain();
    chain.place('a', 'b', 0);
    chain.place('b', 'a', 0);
    chain.place('s', 's', 0);
    chain.settle(Infinity);
    expect(new Set(['a', 'b', 's'].map((id) => chain.positionOf(id))).size).toBe(3);
  });
});
