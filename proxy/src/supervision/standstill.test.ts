import { describe, expect, it } from 'vitest';
import { plan } from '../testing/interview.ts';
import { deadline, Talk } from '../testing/talk.ts';
import {
  deadlineAt,
  latestDeadline,
  MAX_PAUSE_MS,
  MAX_TROUBLE_MS,
  remainingSeconds,
} from './clock.ts';
import type { InterviewEffect } from './interview-events.ts';
import { CLOSING_MS } from './interview.ts';
import { restoreInterview } from './interview-state.ts';

describe('a pause', () => {
  const pause = { type: 'pause' };
  const unpause = { type: 'unpause', silent: false };
  const types = (effects: readonly InterviewEffect[]) => effects.map((effect) => effect.type);

  it('stops the voice, keeps what was said, and hears nothing; a second one changes nothing', () => {
    const talk = new Talk().begin().reach('project');
    expect(types(talk.take(pause))).toEqual(['cut', 'commit', 'deafen', 'time']);
    talk.now += 1000;
    const before = talk.state;
    expect(talk.take(pause)).toEqual([]);
    expect(talk.state).toBe(before);
  });

  it('holds the clock, and moves everything by its length when it ends', () => {
    const talk = new Talk().begin().reach('project');
    talk.now += 60_000;
    const left = remainingSeconds(talk.state, talk.now);
    talk.take(pause);
    talk.now += 300_000;
    expect(remainingSeconds(talk.state, talk.now)).toBe(left);
    talk.take(unpause);
    expect(talk.state.deadline).toBe(deadline + 300_000);
    expect(remainingSeconds(talk.state, talk.now)).toBe(left);
  });

  it('says the current words again when it is over, and nothing where the candidate goes on', () => {
    const talk = new Talk().begin().reach('project');
    talk.take(pause);
    expect(talk.take(unpause)).toMatchObject([
      { type: 'listen' },
      { type: 'time' },
      { type: 'steer' },
      { type: 'say', text: plan.questions[0]?.text, farewell: false },
    ]);
    expect(talk.take(unpause)).toEqual([]);
    talk.take(pause);
    expect(types(talk.take({ type: 'unpause', silent: true }))).toEqual(['listen', 'time']);
  });

  it('greets nobody twice', () => {
    const talk = new Talk().begin();
    talk.take(pause);
    expect(talk.take(unpause).at(-1)).toMatchObject({ type: 'say', text: 'Are you ready?' });
  });

  it('lets the model keep to itself what it is told meanwhile, and say it afterwards', () => {
    const talk = new Talk().begin().reach('project').answer();
    talk.take(pause);
    const call = { type: 'next_question', toolCall: 'c', from: 'project', reason: 'answered' };
    expect(talk.take(call)).toMatchObject([
      { type: 'progress' },
      { type: 'reply', speak: false, output: { question: { id: 'conflict' } } },
    ]);
    expect(talk.take(unpause).at(-1)).toMatchObject({ text: plan.questions[1]?.text });
  });

  it.each([
    ['skip', 'project', plan.questions[1]?.text, false],
    ['repeat', 'project', plan.questions[0]?.text, false],
    ['skip', 'candidate_qa', plan.closing_text, true],
    ['skip', 'closing', plan.closing_text, true],
  ])('ends with the button %s in %s', (kind, at, text, farewell) => {
    const talk = new Talk().begin().reach(at);
    talk.take(pause);
    const effects = talk.take({ type: 'action', kind });
    expect(effects.map((effect) => effect.type)).toContain('listen');
    expect(effects.at(-1)).toEqual({ type: 'say', text, farewell });
    expect(talk.state.paused_since).toBeNull();
  });

  it.each(['end', 'withdraw'])('can be left for good with %s', (kind) => {
    const talk = new Talk().begin().reach('project');
    talk.take(pause);
    expect(types(talk.take({ type: 'action', kind }))).toEqual(['cut', 'commit', 'leave']);
    expect(talk.state.paused_since).toBeNull();
    expect(talk.take(pause)).toEqual([]);
  });

  it('goes on in a new call, which hears nothing until the candidate is back', () => {
    const talk = new Talk().begin().reach('project');
    talk.take(pause);
    talk.now += 60_000;
    talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
    expect(talk.take({ type: 'began', deadline })).toEqual([{ type: 'deafen' }]);
    talk.now += 60_000;
    expect(talk.take(unpause).at(-1)).toMatchObject({ text: plan.questions[0]?.text });
    expect(talk.state.deadline).toBe(deadline + 120_000);
  });

  it('holds the clock for ten minutes in all; then the time runs, and its end is told', () => {
    const talk = new Talk().begin().reach('project');
    talk.take(pause);
    talk.now += MAX_PAUSE_MS - 1000;
    talk.take(unpause);
    const left = (remainingSeconds(talk.state, talk.now) ?? 0) * 1000;
    talk.take(pause);
    expect(latestDeadline(talk.state)).toBe(talk.now + left + 1000);
    talk.now += left;
    expect(talk.take({ type: 'tick', speaking: false })).toEqual([]);
    talk.now += 1000;
    expect(talk.take({ type: 'tick', speaking: false })).toEqual([
      { type: 'cut' },
      { type: 'listen' },
      { type: 'time' },
      { type: 'progress' },
      { type: 'say', text: plan.time_up_text, farewell: true },
    ]);
  });

  it('that lasted longer than the time was does not end with a question', () => {
    const talk = new Talk().begin().reach('project');
    talk.take(pause);
    talk.now = deadline + MAX_PAUSE_MS;
    expect(talk.take(unpause).at(-1)).toMatchObject({ text: plan.time_up_text, farewell: true });
  });

  it('in the closing ends with the farewell, once', () => {
    const talk = new Talk().begin().reach('closing');
    talk.take(pause);
    talk.now += CLOSING_MS;
    expect(talk.take({ type: 'tick', speaking: false })).toEqual([]);
    expect(talk.take(unpause).at(-1)).toMatchObject({ text: plan.closing_text, farewell: true });
    expect(talk.state.end?.reason).toBe('completed');
  });

  it('is nothing before the clock runs', () => {
    expect(new Talk().take(pause)).toEqual([]);
  });

  it('is not known to states that were saved before there was one', () => {
    const old = Object.entries(new Talk().begin().reach('conflict').state).filter(
      ([key]) => !/^(paused|troubled|counted)/.test(key),
    );
    expect(restoreInterview(Object.fromEntries(old))).toMatchObject({
      index: 1,
      paused_since: null,
      troubled_ms: 0,
    });
  });
});

describe('trouble', () => {
  it('holds the clock from when the media went until they are back', () => {
    const talk = new Talk().begin().reach('project');
    talk.now += 60_000;
    expect(talk.take({ type: 'trouble', since: talk.now - 5000 })).toEqual([{ type: 'time' }]);
    expect(talk.take({ type: 'trouble', since: talk.now - 50_000 })).toEqual([]);
    talk.now += 20_000;
    expect(deadlineAt(talk.state, talk.now)).toBe(deadline + 25_000);
    expect(talk.take({ type: 'recovered' })).toEqual([{ type: 'time' }]);
    expect(talk.take({ type: 'recovered' })).toEqual([]);
    expect(talk.state.deadline).toBe(deadline + 25_000);
  });

  it('is over when a new call begins', () => {
    const talk = new Talk().begin().reach('project');
    talk.take({ type: 'trouble', since: talk.now });
    talk.now += 10_000;
    talk.begin();
    expect(talk.state).toMatchObject({ troubled_since: null, deadline: deadline + 10_000 });
  });

  it('counts no moment twice, however often it is told', () => {
    const talk = new Talk().begin().reach('project');
    talk.now += 100_000;
    for (let round = 0; round < 5; round += 1) {
      talk.take({ type: 'trouble', since: talk.now - 50_000 });
      talk.take({ type: 'recovered' });
    }
    expect(talk.state.deadline).toBe(deadline + 50_000);
    talk.take({ type: 'pause' });
    talk.take({ type: 'trouble', since: talk.now - 50_000 });
    talk.now += 1000;
    talk.take({ type: 'unpause', silent: false });
    talk.now += 1000;
    talk.take({ type: 'recovered' });
    expect(talk.state).toMatchObject({
      deadline: deadline + 52_000,
      paused_ms: 1000,
      troubled_ms: 51_000,
    });
  });

  it('leaves a closing its time as well', () => {
    const talk = new Talk().begin().reach('closing');
    talk.take({ type: 'trouble', since: talk.now });
    talk.now += 60_000;
    talk.take({ type: 'recovered' });
    talk.now += CLOSING_MS - 1;
    expect(talk.take({ type: 'tick', speaking: false })).toEqual([]);
    talk.now += 1;
    expect(talk.take({ type: 'tick', speaking: false }).at(-1)).toMatchObject({ farewell: true });
  });

  it('holds the clock for five minutes in all', () => {
    const talk = new Talk().begin().reach('project');
    talk.take({ type: 'trouble', since: 0 });
    talk.now = deadline + MAX_TROUBLE_MS;
    expect(latestDeadline(talk.state)).toBe(talk.now);
    expect(talk.take({ type: 'tick', speaking: false }).at(-1)).toMatchObject({ farewell: true });
    expect(talk.state.troubled_since).toBeNull();
  });
});
