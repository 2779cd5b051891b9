import { describe, expect, it } from 'vitest';
import {
  callId,
  cleared,
  play,
  replyBegins,
  replyEnds,
  settled,
  speech,
  truncated,
  type Wire,
} from '../testing/conversation-events.ts';
import { interleave, plain } from '../testing/talk.ts';
import { writeTalk } from '../testing/write-talk.ts';
import { Assembler } from './assembler.ts';

const shown = (assembler: Assembler): string[] =>
  assembler.lines(0).map(({ role, status, text }) => `${role} ${status}: ${text}`);

describe('Assembler, interrupted', () => {
  const begun = replyBegins('r1', 'a1', null, 'A long story.');
  const barge = speech('u1', 'a1').slice(0, 1);

  it('A: generated, still playing', () => {
    const assembler = new Assembler(callId);
    const whole = play(assembler, [...begun, ...replyEnds('r1', 'a1', null, 'A long story.')]);
    expect(whole).toMatchObject([{ revision: 0, status: 'final', heard_ms: null }]);
    const cut = play(assembler, [...barge, cleared('r1'), truncated('a1', 1860)]);
    expect(cut.at(-1)).toMatchObject({
      status: 'interrupted',
      heard_ms: 1860,
      text: 'A long story.',
    });
    expect(cut.at(-1)?.revision).toBeGreaterThan(0);
  });

  it('B: in the middle of the generation', () => {
    const assembler = new Assembler(callId);
    const cut = { item: 'incomplete', response: 'cancelled' };
    const rows = play(assembler, [
      ...begun,
      ...barge,
      cleared('r1'),
      ...replyEnds('r1', 'a1', null, 'A long', cut),
      truncated('a1', 700),
    ]);
    expect(rows.at(-1)).toMatchObject({ status: 'interrupted', heard_ms: 700, text: 'A long' });
  });

  it('C: the item done, the response open', () => {
    const assembler = new Assembler(callId);
    const ends = replyEnds('r1', 'a1', null, 'A long story.', {
      item: 'completed',
      response: 'cancelled',
    });
    const rows = play(assembler, [
      ...begun,
      ...ends.slice(0, -1),
      ...barge,
      cleared('r1'),
      ...ends.slice(-1),
      truncated('a1', 0),
    ]);
    expect(rows.at(-1)).toMatchObject({
      status: 'interrupted',
      heard_ms: 0,
      text: 'A long story.',
    });
  });

  it('D: nothing was said yet', () => {
    const assembler = new Assembler(callId);
    const nothing = { id: 'r1', status: 'cancelled', output: [], conversation_id: 'conv_1' };
    const rows = play(assembler, [
      { type: 'response.created', response: { ...nothing, status: 'in_progress' } },
      ...barge,
      { type: 'response.done', response: nothing },
    ]);
    expect(rows).toEqual([]);
    expect(shown(assembler)).toEqual(['candidate partial: ']);
  });

  it('takes the last item of a silenced reply as cut until it is told which one was', () => {
    const assembler = new Assembler(callId);
    const { steps } = writeTalk([{ ...plain, items: 3, interrupted: 'A', cut: 1, heardMs: 900 }]);
    const events = interleave(steps, [0]);
    const isCut = ({ type }: Wire): boolean => type === 'conversation.item.truncated';
    play(
      assembler,
      events.filter((event) => !isCut(event)),
    );
    const cut = (): unknown[] =>
      assembler
        .lines(0)
        .slice(1)
        .map(({ status, heardMs }) => [status, heardMs]);
    expect(cut()).toEqual([
      ['final', null],
      ['final', null],
      ['interrupted', null],
    ]);
    const rows = play(assembler, events.filter(isCut));
    expect(cut()).toEqual([
      ['final', null],
      ['interrupted', 900],
      ['interrupted', 0],
    ]);
    expect(rows.map(({ heard_ms, revision }) => [heard_ms, revision])).toEqual([
      [900, 1],
      [0, 2],
    ]);
  });

  it('takes what is written as heard as it is delivered', () => {
    const assembler = new Assembler(callId);
    const { steps } = writeTalk([
      { ...plain, turn: 'typed', written: true },
      { ...plain, turn: 'typed', written: true, interrupted: 'B' },
    ]);
    const rows = play(assembler, interleave(steps, [0]));
    expect(rows.map(({ role, status, heard_ms }) => [role, status, heard_ms])).toEqual([
      ['candidate', 'final', null],
      ['interviewer', 'final', null],
      ['candidate', 'final', null],
      ['interviewer', 'interrupted', null],
    ]);
    expect([assembler.open, assembler.isHeard]).toEqual([0, false]);
  });

  it('knows whether a voice is still heard, until it is told how much of it was', () => {
    const assembler = new Assembler(callId);
    play(assembler, [...begun, ...replyEnds('r1', 'a1', null, 'A long story.')]);
    expect(assembler.isHeard).toBe(true);
    play(assembler, [cleared('r1')]);
    expect(assembler.isHeard).toBe(true);
    play(assembler, [truncated('a1', 10)]);
    expect(assembler.isHeard).toBe(false);
    play(assembler, [...replyBegins('r2', 'a2', 'a1', 'Another.')]);
    play(assembler, [{ type: 'output_audio_buffer.stopped', response_id: 'r2' }]);
    expect(assembler.isHeard).toBe(false);
  });

  it('keeps the words when a later event has none', () => {
    const assembler = new Assembler(callId);
    const wiped = replyEnds('r1', 'a1', null, '');
    const rows = play(assembler, [
      ...begun,
      ...replyEnds('r1', 'a1', null, 'A long story.'),
      ...wiped,
    ]);
    expect(settled(rows)).toEqual(['interviewer final: A long story.']);
    expect(shown(assembler)).toEqual(['interviewer final: A long story.']);
  });
});
