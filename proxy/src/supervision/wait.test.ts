import { describe, expect, it } from 'vitest';
import { Talk } from '../testing/talk.ts';
import { readToolCall } from './tools.ts';

const wait = { type: 'wait', toolCall: 'w', why: 'thinking', hold_s: 60 };

describe('a moment that the candidate asks for', () => {
  it('is given without a word, and nobody minds their silence for so long', () => {
    const talk = new Talk().begin().reach('project');
    expect(talk.take(wait)).toEqual([
      { type: 'reply', toolCall: 'w', output: {}, speak: false, farewell: null },
    ]);
    expect(talk.state.quiet_until).toBe(talk.now + 60_000);
  });

  it('is over when they are heard, and not when only the words of before are told', () => {
    const talk = new Talk().begin().reach('project');
    talk.take(wait);
    talk.take({ type: 'spoke', step: 'project', ms: 0, words: 5 });
    expect(talk.state.quiet_until).toBe(talk.now + 60_000);
    talk.take({ type: 'spoke', step: 'project', ms: 1, words: 0 });
    expect(talk.state.quiet_until).toBe(0);
  });

  it.each([
    ['the question is left', (talk: Talk) => talk.take({ type: 'action', kind: 'skip' })],
    ['the talk goes on in another call', (talk: Talk) => talk.begin()],
  ])('is over when %s', (_when, happens) => {
    const talk = new Talk().begin().reach('project');
    talk.take(wait);
    happens(talk);
    expect(talk.state.quiet_until).toBe(0);
  });
});

describe('the call of wait', () => {
  const args = (hold_s: unknown, why = 'thinking') => JSON.stringify({ why, hold_s });

  it.each([5, 60, 120])('asks for %i seconds', (seconds) => {
    const expected = { type: 'wait', why: 'thinking', hold_s: seconds };
    expect(readToolCall('wait', args(seconds))).toEqual(expected);
  });

  it.each([
    ['too short', args(4)],
    ['too long', args(121)],
    ['half a second', args(5.5)],
    ['a text', args('60')],
    ['no reason that there is', args(60, 'lunch')],
    ['nothing', '{}'],
  ])('is none for what is %s', (_what, text) => {
    expect(readToolCall('wait', text)).toEqual({ type: 'invalid' });
  });
});
