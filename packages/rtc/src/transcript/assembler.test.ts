import { describe, expect, it } from 'vitest';
import { Assembler, PARKED_MS, TRANSCRIPTION_MS } from './assembler.ts';
import {
  callId,
  play,
  replyBegins,
  replyEnds,
  settled,
  speech,
  toolCall,
  transcription,
  type Wire,
} from '../testing/conversation-events.ts';

const reply = (name: string, id: string, after: string | null, text: string): Wire[] => [
  ...replyBegins(name, id, after, text),
  ...replyEnds(name, id, after, text),
];

/** Greeting, answer, tool, question, answer: the words of a usual talk. */
const greeting = reply('r1', 'a1', null, 'Hello. Are you ready?');
const ready = speech('u1', 'a1');
const question = [...toolCall('f1', 'u1'), ...reply('r2', 'a2', 'f1_out', 'What do you do?')];
const answer = speech('u2', 'a2', 4000);
const talk = [...greeting, ...ready, ...question, ...answer];
const words = [transcription('u1', 'Yes, I am.'), transcription('u2', 'I draw maps.')];
const told = [
  'interviewer final: Hello. Are you ready?',
  'candidate final: Yes, I am.',
  'interviewer final: What do you do?',
  'candidate final: I draw maps.',
];

const shown = (assembler: Assembler): string[] =>
  assembler.lines(0).map(({ role, status, text }) => `${role} ${status}: ${text}`);

describe('Assembler', () => {
  it('makes one row an utterance, in order, without rows for tools', () => {
    const assembler = new Assembler(callId);
    const rows = play(assembler, [...talk, ...words.flat()]);
    expect(settled(rows)).toEqual(told);
    expect(rows.map(({ revision }) => revision)).toEqual([0, 0, 0, 0]);
    expect(rows[0]).toMatchObject({
      entry_id: `${callId}.a1`,
      item_id: 'a1',
      previous_item_id: null,
    });
    expect(rows.at(-1)).toMatchObject({
      started_ms: 4000,
      ended_ms: 4900,
      language: 'en',
      heard_ms: null,
    });
    expect(shown(assembler)).toEqual(told);
    expect(assembler.open).toBe(0);
  });

  it('shows a partial while it is said, and an answer before the text of what it answers', () => {
    const assembler = new Assembler(callId);
    play(assembler, [...greeting, ...ready, ...replyBegins('r2', 'a2', 'u1', 'What do you do?')]);
    expect(shown(assembler)).toEqual([
      'interviewer final: Hello. Are you ready?',
      'candidate partial: ',
      'interviewer partial: What do you do?',
    ]);
    play(assembler, words[0] ?? []);
    expect(shown(assembler)[1]).toBe('candidate final: Yes, I am.');
  });

  it('drops a cough: speech that never becomes a turn', () => {
    const assembler = new Assembler(callId);
    const cough = [
      { type: 'input_audio_buffer.speech_started', item_id: 'cough', audio_start_ms: 5 },
    ];
    const rows = play(assembler, [...greeting, ...cough, ...ready, ...(words[0] ?? [])]);
    expect(settled(rows)).toEqual(told.slice(0, 2));
    expect(shown(assembler)).toEqual(told.slice(0, 2));
  });

  it('makes no rows of what was replayed or steered, but one of a typed line', () => {
    const assembler = new Assembler(callId);
    const written = (id: string, after: string | null, text: string): Wire[] => {
      const content = [{ type: 'input_text', text }];
      const item = { id, type: 'message', role: 'user', status: 'completed', content };
      return ['added', 'done'].map((what) => ({
        type: `conversation.item.${what}`,
        previous_item_id: after,
        item,
      }));
    };
    const rows = play(assembler, [
      ...written('ivr_r_1', null, 'Said before.'),
      ...written('ivr_s_1', 'ivr_r_1', 'Go on.'),
      ...written('ivr_t_1', 'ivr_s_1', 'I type.'),
    ]);
    expect(settled(rows)).toEqual(['candidate final: I type.']);
    expect(rows).toHaveLength(1);
    expect(shown(assembler)).toEqual(['candidate final: I type.']);
  });

  it('ignores a piece of text that comes after the whole', () => {
    const assembler = new Assembler(callId);
    const [piece, whole] = transcription('u1', 'Yes, I am.') as [Wire, Wire];
    const rows = play(assembler, [...greeting, ...ready, piece, whole, piece]);
    expect(settled(rows)).toEqual(told.slice(0, 2));
    expect(shown(assembler)).toEqual(told.slice(0, 2));
  });

  it('ignores replies that are no part of the conversation', () => {
    const assembler = new Assembler(callId);
    const aside = reply('r9', 'a9', null, 'A note to nobody.')
      .filter(({ type }) => !type.startsWith('conversation.item'))
      .map((event) =>
        'response' in event
          ? { ...event, response: { ...(event['response'] as object), conversation_id: null } }
          : event,
      );
    expect(play(assembler, aside)).toEqual([]);
    expect(assembler.tick(60_000)).toEqual([]);
    expect(assembler.close()).toEqual([]);
    expect(shown(assembler)).toEqual([]);
  });
});

describe('Assembler, when something does not come', () => {
  it('marks a failed transcription and keeps what was heard', () => {
    const assembler = new Assembler(callId);
    const [delta] = transcription('u1', 'Yes, I am.');
    const failed = { type: 'conversation.item.input_audio_transcription.failed', item_id: 'u1' };
    const rows = play(assembler, [...greeting, ...ready, delta as Wire, failed]);
    expect(settled(rows)).toEqual([told[0], 'candidate failed: Yes,']);
  });

  it('marks a turn without words as inaudible', () => {
    const assembler = new Assembler(callId);
    const rows = play(assembler, [...greeting, ...ready, ...transcription('u1', ' ')]);
    expect(settled(rows)).toEqual([told[0], 'candidate inaudible: ']);
  });

  it('gives up on a transcription in time, and takes it when it comes late', () => {
    const assembler = new Assembler(callId);
    play(assembler, [...greeting, ...ready], 0);
    expect(assembler.tick(TRANSCRIPTION_MS - 1)).toEqual([]);
    expect(assembler.tick(TRANSCRIPTION_MS)).toMatchObject([{ revision: 0, status: 'failed' }]);
    const late = play(assembler, words[0] ?? []);
    expect(late).toMatchObject([{ revision: 1, status: 'final', text: 'Yes, I am.' }]);
  });

  it('puts a row whose predecessor does not come at the tail, and moves it when it does', () => {
    const assembler = new Assembler(callId);
    const orphan = play(assembler, [...ready, ...(words[0] ?? [])], 0);
    expect(orphan).toEqual([]);
    expect(assembler.open).toBe(1);
    const atTail = assembler.tick(PARKED_MS);
    expect(atTail).toMatchObject([{ item_id: 'u1', revision: 0, position: 1024 }]);
    const late = reply('r1', 'a1', 'a0', 'Hello. Are you ready?');
    const moved = play(assembler, [...reply('r0', 'a0', null, 'Good morning.'), ...late], 0);
    expect(settled([...atTail, ...moved])).toEqual([
      'interviewer final: Good morning.',
      told[0],
      told[1],
    ]);
    expect(shown(assembler)).toEqual(['interviewer final: Good morning.', told[0], told[1]]);
  });

  it('drops speech that is not taken as a turn in time, and takes it back when it is', () => {
    const assembler = new Assembler(callId);
    play(assembler, ready.slice(0, 2), 0);
    expect(shown(assembler)).toEqual(['candidate partial: ']);
    assembler.tick(PARKED_MS);
    expect([shown(assembler), assembler.open]).toEqual([[], 0]);
    const rows = play(assembler, [...greeting, ...ready.slice(2), ...(words[0] ?? [])]);
    expect(settled(rows)).toEqual(told.slice(0, 2));
  });

  it('drops all that is not taken as a turn when the provider empties its buffer', () => {
    const assembler = new Assembler(callId);
    play(assembler, [...greeting, ...ready.slice(0, 1), { type: 'input_audio_buffer.cleared' }]);
    expect([shown(assembler), assembler.open]).toEqual([told.slice(0, 1), 0]);
    expect(assembler.close()).toEqual([]);
  });

  it('shows nothing of a silence that was taken as a turn, unless words come of it', () => {
    const assembler = new Assembler(callId);
    const [, , ...silence] = speech('u1', 'a1');
    const timeout = { type: 'input_audio_buffer.timeout_triggered', item_id: 'u1' };
    play(assembler, [...greeting, timeout, ...silence, ...transcription('u1', '')]);
    expect([shown(assembler), assembler.open]).toEqual([told.slice(0, 1), 0]);
    expect(settled(play(assembler, words[0] ?? []))).toEqual([told[1]]);
  });

  it('keeps what was said when the provider forgets it', () => {
    const assembler = new Assembler(callId);
    const forgotten = { type: 'conversation.item.deleted', item_id: 'u1' };
    const rows = play(assembler, [
      ...greeting,
      ...ready,
      ...(words[0] ?? []),
      forgotten,
      ...reply('r2', 'a2', 'a1', 'What do you do?'),
    ]);
    expect(settled(rows)).toEqual(told.slice(0, 3));
    expect(shown(assembler)).toEqual(told.slice(0, 3));
  });

  it('takes a failure for nothing once the words are known', () => {
    const assembler = new Assembler(callId);
    const failed = { type: 'conversation.item.input_audio_transcription.failed', item_id: 'u1' };
    const rows = play(assembler, [...greeting, ...ready, ...(words[0] ?? []), failed]);
    expect(settled(rows)).toEqual(told.slice(0, 2));
    expect(rows).toHaveLength(2);
  });

  it('marks a reply that failed as cut, with what there is of it', () => {
    const assembler = new Assembler(callId);
    const failed = { id: 'r1', status: 'failed', output: [], conversation_id: 'conv_1' };
    const rows = play(assembler, [
      ...replyBegins('r1', 'a1', null, 'What do'),
      { type: 'response.done', response: failed },
    ]);
    expect(settled(rows)).toEqual(['interviewer interrupted: What do']);
  });

  it('closes what is open with what it has', () => {
    const assembler = new Assembler(callId);
    play(assembler, [...greeting, ...ready, ...replyBegins('r2', 'a2', 'u1', 'What do')]);
    expect(assembler.open).toBe(2);
    expect(settled(assembler.close())).toEqual([
      'candidate failed: ',
      'interviewer interrupted: What do',
    ]);
    expect(assembler.open).toBe(0);
  });

  it('calls words whose end never came failed when it is closed', () => {
    const assembler = new Assembler(callId);
    play(assembler, [...greeting, ...ready, ...(words[0] ?? []).slice(0, 1)]);
    expect(settled(assembler.close())).toEqual(['candidate failed: Yes,']);
  });

  it('makes text storable', () => {
    const assembler = new Assembler(callId);
    const rows = play(assembler, reply('r1', 'a1', null, 'a\0b\ud800'));
    expect(rows[0]?.text).toBe('a\ufffdb\ufffd');
  });
});
