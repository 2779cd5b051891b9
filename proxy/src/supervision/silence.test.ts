import { parseServerEvent } from '@interview/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Observer } from './observer.ts';
import { promptFor, SILENCE_STEPS, SilenceWatch } from './silence.ts';

let watch: SilenceWatch;
let observer: Observer;
let now: number;
let paused: boolean;
let waiting: boolean;
let quietUntil: number;
let muted: boolean;
/** What was done, and how many seconds after the words ended. */
let taken: [number, string][];

beforeEach(() => {
  observer = new Observer(() => 'opening', 0);
  watch = new SilenceWatch(SILENCE_STEPS, {
    isPrompt: (id) => id === 'prompted',
    speaking: () => observer.speaking,
  });
  now = 0;
  paused = false;
  waiting = false;
  quietUntil = 0;
  muted = false;
  taken = [];
});

function tell(event: object): void {
  const parsed = parseServerEvent(event);
  if (parsed.kind !== 'known') throw new Error('not an event');
  observer.handle(parsed.event, now);
  watch.handle(parsed.event, now);
}

const speaks = (response: string): void => {
  const fields = { id: response, conversation_id: 'c', output: [], metadata: null };
  tell({ type: 'response.created', response: fields });
  tell({ type: 'output_audio_buffer.started', response_id: response });
  tell({ type: 'output_audio_buffer.stopped', response_id: response });
};

/** Lets time go on, second by second. */
function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    const step = watch.tick(now, { paused, waiting, quietUntil, muted });
    if (step) taken.push([now / 1_000, step]);
    if (step !== 'pause') continue;
    paused = true;
    tell({ type: 'input_audio_buffer.cleared' });
  }
}

describe('a silence', () => {
  it('is met by an offer to repeat, one to skip or type, a check of the line, a pause, and an end', () => {
    speaks('question');
    pass(1_000);
    expect(taken).toEqual([
      [20, 'offer_repeat'],
      [45, 'offer_skip'],
      [90, 'check_line'],
      [180, 'pause'],
      [480, 'absent'],
    ]);
  });

  it('begins when the words were heard, not when they were made', () => {
    const fields = { id: 'r', conversation_id: 'c', output: [], metadata: null };
    tell({ type: 'response.created', response: fields });
    tell({ type: 'response.done', response: fields });
    tell({ type: 'output_audio_buffer.started', response_id: 'r' });
    pass(30);
    tell({ type: 'output_audio_buffer.stopped', response_id: 'r' });
    pass(19);
    expect(taken).toEqual([]);
    pass(1);
    expect(taken).toEqual([[50, 'offer_repeat']]);
  });

  it('is not begun anew by what is said about it', () => {
    speaks('question');
    pass(22);
    speaks('prompted');
    pass(23);
    expect(taken).toEqual([
      [20, 'offer_repeat'],
      [45, 'offer_skip'],
    ]);
  });

  it.each([
    [
      'speech',
      () => {
        tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 1 });
        tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
      },
    ],
    ['a button', () => watch.broken()],
    ['an answer of the interviewer', () => speaks('another')],
  ])('is broken by %s, and every step comes anew', (name, stir) => {
    speaks('question');
    pass(30);
    stir();
    pass(19);
    expect(taken).toEqual([[20, 'offer_repeat']]);
    if (name !== 'an answer of the interviewer') speaks('another');
    pass(20);
    expect(taken.map(([, step]) => step)).toEqual(['offer_repeat', 'offer_repeat']);
  });

  it('is none while a pause of the candidate or a fault lasts, nor right after', () => {
    speaks('question');
    pass(10);
    paused = true;
    pass(600);
    paused = false;
    pass(60);
    speaks('question');
    waiting = true;
    pass(600);
    waiting = false;
    pass(19);
    expect(taken).toEqual([]);
  });

  it('begins anew after a fault, in which the question may have been lost', () => {
    speaks('question');
    waiting = true;
    pass(600);
    waiting = false;
    pass(30);
    expect(taken).toEqual([[621, 'offer_repeat']]);
  });

  it('is none while the candidate speaks, also over the end of the interviewer’s words', () => {
    speaks('question');
    tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 0 });
    tell({ type: 'output_audio_buffer.cleared', response_id: 'question' });
    pass(300);
    expect(taken).toEqual([]);
  });

  it('begins after a noise that was no turn', () => {
    speaks('question');
    pass(5);
    tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 0 });
    pass(30);
    tell({ type: 'input_audio_buffer.speech_stopped', item_id: 'u', audio_end_ms: 1 });
    pass(20);
    expect(taken).toEqual([[55, 'offer_repeat']]);
  });

  it('begins after events were missed, whoever spoke before', () => {
    tell({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 0 });
    observer.back(now);
    watch.begins(now);
    pass(30);
    expect(taken).toEqual([[20, 'offer_repeat']]);
  });

  it('is over when the candidate comes back from the pause that it led to', () => {
    speaks('question');
    pass(200);
    paused = false;
    pass(600);
    expect(taken.at(-1)).toEqual([180, 'pause']);
  });

  it('begins only after the moment that was asked for', () => {
    speaks('question');
    pass(10);
    quietUntil = 70_000;
    pass(79);
    expect(taken).toEqual([]);
    pass(1);
    expect(taken).toEqual([[90, 'offer_repeat']]);
  });

  it('is none while the microphone is off, and begins when it is on again', () => {
    speaks('question');
    pass(30);
    muted = true;
    pass(600);
    muted = false;
    pass(19);
    expect(taken).toEqual([[20, 'offer_repeat']]);
    pass(1);
    expect(taken).toEqual([
      [20, 'offer_repeat'],
      [650, 'offer_repeat'],
    ]);
  });

  it('that nobody could watch leads to its last step only', () => {
    speaks('question');
    now += 100_000;
    pass(1);
    expect(taken).toEqual([[101, 'check_line']]);
  });
});

it('is spoken of in the language of the interview, and only where there is something to say', () => {
  expect(promptFor('offer_repeat', 'Spanish')).toContain('Speak Spanish');
  expect(SILENCE_STEPS.filter(({ step }) => promptFor(step, 'English') === null)).toHaveLength(2);
});
