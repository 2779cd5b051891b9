import { describe, expect, it } from 'vitest';
import { coverage, inaudibleShare } from './coverage.ts';
import { fillersPer100Words } from './fillers.ts';
import { latency } from './latency.ts';
import type { Line } from './line.ts';
import { reliabilityOf } from './reliability.ts';
import { speechMs } from './speech-ms.ts';
import { talkShare } from './talk-share.ts';
import { wordsPerMinute } from './words-per-minute.ts';
import { wordsOf } from './words.ts';

const line = (
  role: Line['role'],
  started_ms: number | null,
  ended_ms: number | null,
  fields: Partial<Line> = {},
): Line => ({
  entry_id: 'c.item',
  role,
  text: 'Some words here.',
  status: 'final',
  call_ordinal: 1,
  started_ms,
  ended_ms,
  heard_ms: null,
  ...fields,
});
const asks = (start: number | null, end: number | null, fields: Partial<Line> = {}) =>
  line('interviewer', start, end, fields);
const says = (start: number | null, end: number | null, fields: Partial<Line> = {}) =>
  line('candidate', start, end, fields);
const typed = { entry_id: 'c.ivr_t_1' };

describe('time spoken', () => {
  it.each([
    ['lines apart', [says(0, 1000), says(2000, 2500)], 1500],
    ['lines that overlap count once', [says(500, 2000), says(0, 1000), says(600, 700)], 2000],
    ['each call has a clock of its own', [says(0, 1000), says(0, 1000, { call_ordinal: 2 })], 2000],
    ['only what was heard', [asks(0, 5000, { heard_ms: 1200 }), asks(6000, 7000)], 2200],
    ['heard is never longer than said', [asks(0, 1000, { heard_ms: 9000 })], 1000],
    ['typed and untimed lines take none', [says(0, 1000, typed), says(null, 9), says(5, 1)], 0],
  ])('%s', (_, lines, expected) => {
    expect(speechMs(lines)).toBe(expected);
  });
});

describe('talk share', () => {
  it('is the candidate’s part of both', () => {
    const lines = [asks(0, 1000), says(1500, 4500), line('system', 0, 60_000)];
    expect(talkShare(lines, true)).toEqual({ value: 0.75, n: 2, reliability: 'low' });
    const many = Array.from({ length: 10 }, (_, index) => says(index * 10, index * 10 + 5));
    expect(talkShare(many, true)).toEqual({ value: 1, n: 10, reliability: 'medium' });
  });

  it('is unknown of a talk in writing', () => {
    expect(talkShare([says(0, 1000, typed)], true)).toMatchObject({ value: null, n: 0 });
  });
});

describe('latency', () => {
  const whole = { complete: true };
  const answered = (waits: number[]) =>
    waits.flatMap((wait, index) => {
      const at = index * 100_000;
      return [asks(at, at + 1000), says(at + 1000 + wait, at + 60_000)];
    });

  it('is told as median and ninetieth percentile', () => {
    const lines = answered([100, 400, 200, 300]);
    expect(latency(lines, 'interviewer', 'candidate', whole)).toEqual({
      median: { value: 250, n: 4, reliability: 'low' },
      p90: { value: 400, n: 4, reliability: 'low' },
    });
    const ten = answered([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(latency(ten, 'interviewer', 'candidate', whole)).toEqual({
      median: { value: 5.5, n: 10, reliability: 'medium' },
      p90: { value: 9, n: 10, reliability: 'medium' },
    });
  });

  const one = (lines: Line[], skip?: (index: number) => boolean) =>
    latency(lines, 'interviewer', 'candidate', { complete: true, ...(skip && { skip }) }).median;

  it('counts from the end of what was heard, and nothing for whoever comes in early', () => {
    expect(one([asks(0, 5000, { heard_ms: 2000 }), says(2500, 9000)]).value).toBe(500);
    expect(one([asks(0, 5000), says(2500, 9000)]).value).toBe(0);
  });

  it.each([
    ['typed answers', [asks(0, 1000), says(1500, 1500, typed)]],
    ['lines without times', [asks(0, null), says(1500, 2000)]],
    ['lines of two calls', [asks(0, 1000), says(1500, 2000, { call_ordinal: 2 })]],
    [
      'the first turn of a later call',
      [asks(0, 1000, { call_ordinal: 2 }), says(1500, 2000, { call_ordinal: 2 })],
    ],
    ['two lines of the same speaker', [asks(0, 1000), asks(1500, 2000)]],
  ])('leaves out %s', (_, lines) => {
    expect(one(lines)).toEqual({ value: null, n: 0, reliability: 'low' });
  });

  it('leaves out what it is told to', () => {
    expect(one([asks(0, 1000), says(1500, 2000)], (index) => index === 0).n).toBe(0);
  });

  it('tells the interviewer’s by the candidate’s end', () => {
    const lines = [says(0, 1000), asks(1700, 2000), says(2100, 3000), asks(3900, 5000)];
    const { median } = latency(lines, 'candidate', 'interviewer', whole);
    expect([median.value, median.n]).toEqual([800, 2]);
  });
});

describe('words', () => {
  it.each([
    [
      'en',
      "Don't stop, e-mail me at 3 p.m.!",
      ["don't", 'stop', 'e', 'mail', 'me', 'at', '3', 'p.m'],
    ],
    ['zh', '我做了地图。', ['我', '做', '了', '地', '图']],
    ['ja', 'テストです', ['テ', 'ス', 'ト', 'で', 'す']],
    ['ar', 'أنا أرسم خرائط.', ['أنا', 'أرسم', 'خرائط']],
    ['not a tag', 'two words', ['two', 'words']],
    ['en', '…', []],
  ])('of %s: %s', (language, text, expected) => {
    expect(wordsOf(text, language)).toEqual(expected);
  });
});

describe('words a minute', () => {
  const hundred = 'word '.repeat(100);

  it('counts over the time spoken', () => {
    const lines = [says(0, 30_000, { text: hundred }), says(40_000, 70_000, { text: hundred })];
    expect(wordsPerMinute(lines, 'en', true)).toEqual({
      value: 200,
      n: 200,
      reliability: 'medium',
    });
    expect(wordsPerMinute(lines, 'en', false).reliability).toBe('low');
  });

  it('leaves out lines without words, and their time', () => {
    const lost = { status: 'inaudible', text: '' };
    const lines = [says(0, 60_000, { text: hundred }), says(60_000, 120_000, lost)];
    expect(wordsPerMinute(lines, 'en', true)).toMatchObject({ value: 100, n: 100 });
  });

  it.each([
    [29_999, 100],
    [60_000, 49],
  ])('is unknown after %i ms and %i words', (duration, words) => {
    const text = 'word '.repeat(words);
    expect(wordsPerMinute([says(0, duration, { text })], 'en', true).value).toBeNull();
  });
});

describe('fillers', () => {
  it('counts sounds among a hundred words, of the candidate alone', () => {
    const lines = [says(0, 1, { text: 'Um, I uh built it.' }), asks(0, 1, { text: 'Um um um.' })];
    expect(fillersPer100Words(lines, 'en-GB')).toEqual({ value: 40, n: 5, reliability: 'low' });
  });

  it('goes by the language', () => {
    const lines = [says(0, 1, { text: 'Ich bin äh um acht da' })];
    expect(fillersPer100Words(lines, 'de').value).toBeCloseTo(100 / 6);
    expect(fillersPer100Words(lines, 'fi')).toEqual({ value: null, n: 6, reliability: 'low' });
    expect(fillersPer100Words([], 'en').value).toBeNull();
  });
});

describe('coverage', () => {
  const silent = says(0, 1, { status: 'inaudible', text: '' });

  it('is what was asked of the plan, and what was answered of that', () => {
    const questions = [
      { asked: true, lines: [asks(0, 1), says(1, 2)] },
      { asked: true, lines: [asks(0, 1), silent] },
      { asked: false, lines: [] },
      { asked: false, lines: [] },
    ];
    expect(coverage(questions, true)).toEqual({
      asked: { value: 0.5, n: 4, reliability: 'high' },
      answered: { value: 0.5, n: 2, reliability: 'medium' },
    });
    expect(coverage([], false)).toMatchObject({
      asked: { value: null, reliability: 'low' },
      answered: { value: null },
    });
  });

  it('tells how much of the candidate could not be heard', () => {
    const lines = [silent, says(0, 1), says(0, 1, { status: 'failed' }), says(0, 1), asks(0, 1)];
    expect(inaudibleShare(lines, true)).toEqual({ value: 0.5, n: 4, reliability: 'medium' });
  });
});

it.each([
  ['high', 9, true, 'high'],
  ['high', 1, true, 'medium'],
  ['high', 1, false, 'low'],
  ['medium', 1, false, 'low'],
] as const)(
  'a figure that is %s at best, of %i things, complete: %s → %s',
  (best, n, all, level) => {
    expect(reliabilityOf(best, n, 5, all)).toBe(level);
  },
);
