import { describe, expect, it } from 'vitest';
import type { Turn } from '../events.ts';
import { replyBegins, replyEnds, speech, type Wire } from '../testing/conversation-events.ts';
import { interleave, plain, type Exchange } from '../testing/talk.ts';
import { writeTalk } from '../testing/write-talk.ts';
import { openAiRealtime } from './openai-realtime.ts';
import { followTurn } from './turn.ts';

/** Whose turn it was, each time that it changed. */
function turnsOf(events: readonly Wire[]): Turn[] {
  const turnAfter = followTurn();
  const all = events.flatMap((event) => openAiRealtime.decode(event).changes.map(turnAfter));
  return all.filter((turn, index) => turn !== (all[index - 1] ?? 'listening'));
}

const wireOf = (...exchanges: Partial<Exchange>[]): Wire[] =>
  interleave(writeTalk(exchanges.map((one) => ({ ...plain, ...one }))).steps, [0]);

describe('followTurn', () => {
  it('goes from the candidate over thinking to the interviewer and back', () => {
    expect(turnsOf(wireOf({}, {}))).toEqual([
      ...['candidate', 'thinking', 'interviewer', 'listening'],
      ...['candidate', 'thinking', 'interviewer', 'listening'],
    ]);
  });

  it.each(['A', 'B', 'C'] as const)(
    'leaves the turn to a candidate who interrupts, shape %s',
    (interrupted) => {
      expect(turnsOf(wireOf({ interrupted }, {}))).toEqual([
        ...['candidate', 'thinking', 'interviewer'],
        ...['candidate', 'thinking', 'interviewer', 'listening'],
      ]);
    },
  );

  it('leaves the turn to a candidate who goes on before anything was generated, shape D', () => {
    expect(turnsOf(wireOf({ interrupted: 'D' }, {}))).toEqual([
      ...['candidate', 'thinking'],
      ...['candidate', 'thinking', 'interviewer', 'listening'],
    ]);
  });

  it.each(['A', 'B', 'C'] as const)(
    'listens when somebody else cut the reply, shape %s',
    (interrupted) => {
      expect(turnsOf(wireOf({ interrupted })).at(-1)).toBe('listening');
    },
  );

  it('thinks while tools are called', () => {
    expect(turnsOf(wireOf({ tools: 2 }))).toEqual([
      'candidate',
      'thinking',
      'interviewer',
      'listening',
    ]);
  });

  it('takes what is written as said while it comes, and no longer', () => {
    const written = { turn: 'typed', written: true } as const;
    expect(turnsOf(wireOf(written))).toEqual(['thinking', 'interviewer', 'listening']);
    expect(turnsOf(wireOf({ ...written, interrupted: 'B' })).at(-1)).toBe('listening');
  });

  it('does not take a note outside the conversation for the interviewer’s turn', () => {
    const note = wireOf({ aside: 'note', items: 0, turn: 'typed' });
    expect(turnsOf(note)).toEqual([]);
  });

  it('does not take the words of a note for those that are waited for', () => {
    const note = wireOf({ aside: 'note', items: 0, turn: 'typed' });
    const [created] = replyBegins('r1', 'a1', null, 'What');
    expect(turnsOf([created as Wire, ...note])).toEqual(['thinking']);
  });

  it('listens again when a reply fails before its first word', () => {
    const [created, ...rest] = replyBegins('r1', 'a1', null, 'What');
    const response = { id: 'r1', status: 'failed', output: [], conversation_id: 'conv_1' };
    const failed = { type: 'response.done', response };
    expect(turnsOf([created as Wire, failed])).toEqual(['thinking', 'listening']);
    const stopped = { type: 'output_audio_buffer.stopped', response_id: 'r1' };
    expect(turnsOf([created as Wire, ...rest, failed, stopped])).toEqual([
      'thinking',
      'interviewer',
      'listening',
    ]);
  });

  it('listens again when a false start is dropped', () => {
    const [started, stopped] = speech('u1', null) as [Wire, Wire];
    const dropped = { type: 'input_audio_buffer.cleared' };
    expect(turnsOf([started, dropped])).toEqual(['candidate', 'listening']);
    expect(turnsOf([started, stopped, dropped])).toEqual(['candidate', 'thinking', 'listening']);
  });

  it('thinks when speech is committed by hand, of which nobody tells that it stopped', () => {
    const [started, , committed] = speech('u1', null) as [Wire, Wire, Wire];
    expect(committed.type).toBe('input_audio_buffer.committed');
    expect(turnsOf([started, committed])).toEqual(['candidate', 'thinking']);
    const [next] = speech('u2', 'u1') as [Wire];
    expect(turnsOf([started, next, committed]).at(-1)).toBe('candidate');
  });

  it('gives the turn back to an interviewer who was talked to and not stopped', () => {
    const [started, stopped] = speech('u1', 'a1') as [Wire, Wire];
    const reply = [
      ...replyBegins('r1', 'a1', null, 'A long story.'),
      ...replyEnds('r1', 'a1', null, 'A long story.'),
    ];
    expect(turnsOf([...reply, started, stopped])).toEqual([
      'thinking',
      'interviewer',
      'candidate',
      'interviewer',
    ]);
  });

  it('still thinks when a cancelled reply ends after the words that ended it', () => {
    const wire = wireOf({ interrupted: 'D' }, { items: 0 });
    const ended = wire.filter(({ type }) => type === 'response.done');
    const events = [...wire.filter((event) => !ended.includes(event)), ...ended];
    expect(turnsOf(events).at(-1)).toBe('thinking');
  });
});
