import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { plan } from '../testing/interview.ts';
import { CURRENT, deadline, outputOf, Talk } from '../testing/talk.ts';
import { deadlineAt, latestDeadline, MAX_PAUSE_MS, MAX_TROUBLE_MS, timeIsUp } from './clock.ts';
import type { InterviewEffect } from './interview-events.ts';
import { CLOSING_MS, LAST_ANSWER_MS, WARN_MS } from './interview.ts';
import { currentStep, newInterview, restoreInterview, wordsAgain } from './interview-state.ts';

// Thousands of random talks on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const ids = plan.questions.map((question) => question.id);

describe('the way through', () => {
  it('greets, asks every question once in its order, lets the candidate ask, and closes', () => {
    const talk = new Talk().begin();
    expect(talk.effects).toEqual([{ type: 'say', text: plan.greeting, farewell: false }]);
    const asked = ['opening', ...ids].map((from) => talk.answer().next(from));
    expect(
      asked.map((output) => (output?.ok && 'question' in output ? output.question.id : output)),
    ).toEqual([...ids, { ok: true, phase: 'candidate_qa', say: plan.candidate_qa_text }]);
    expect(talk.answer(500, 1).next('candidate_qa')).toEqual({ ok: true, phase: 'closing' });
    const ended = talk.take({
      type: 'end_interview',
      toolCall: 'e',
      reason: 'completed',
      confirmed: true,
    });
    expect(outputOf(ended)).toEqual({ ok: true, closing_text: plan.closing_text });
    expect(talk.state.end).toEqual({ reason: 'completed', farewell: plan.closing_text });
    expect(talk.state.outcomes).toEqual(ids.map((id) => ({ id, how: 'answered' })));
  });

  it('goes on after a break with what was current, and greets nobody twice', () => {
    const talk = new Talk().begin();
    expect(talk.begin().effects.at(-1)).toEqual({
      type: 'say',
      text: 'Are you ready?',
      farewell: false,
    });
    talk.reach('conflict');
    talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
    expect(talk.begin().effects.at(-1)).toMatchObject({
      type: 'say',
      text: plan.questions[1]?.text,
    });
  });

  it('takes what it can not read for a new interview', () => {
    for (const saved of [
      null,
      undefined,
      7,
      {},
      { version: 2 },
      { ...newInterview(), index: -7 },
    ]) {
      expect(restoreInterview(saved)).toEqual(newInterview());
    }
  });
});

describe('guards', () => {
  it('refuses a step that is not current', () => {
    const talk = new Talk().begin().reach('conflict').answer();
    expect(talk.next('project')).toEqual({ ok: false, code: 'stale', current: 'conflict' });
    expect(talk.next('failure')).toEqual({ ok: false, code: 'stale', current: 'conflict' });
    expect(talk.next('conflict')).toMatchObject({ ok: true });
  });

  it('waits for an answer', () => {
    const talk = new Talk().begin();
    expect(talk.next('opening')).toMatchObject({ code: 'no_answer_yet', current: 'opening' });
    talk.reach('project').take({ type: 'heard', text: plan.questions[0]?.text });
    expect(talk.next('project', 'dont_know')).toMatchObject({ code: 'no_answer_yet' });
  });

  it('counts only what was said to the current question', () => {
    const talk = new Talk().begin().reach('project');
    talk.take({ type: 'spoke', step: 'opening', ms: 9000, words: 30 });
    talk.take({ type: 'heard', text: plan.questions[0]?.text });
    expect(talk.next('project')).toMatchObject({ code: 'no_answer_yet' });
  });

  it('refuses a short answer once, so that a short true one passes', () => {
    const talk = new Talk().begin().reach('project').answer(1000, 2);
    expect(talk.next('project')).toEqual({ ok: false, code: 'too_soon', current: 'project' });
    expect(talk.next('project')).toMatchObject({ ok: true });
  });

  it.each([
    ['answered', 4999, 8, true],
    ['answered', 5000, 1, true],
    ['answered', 4999, 7, false],
    ['dont_know', 900, 3, true],
    ['skip', 900, 1, true],
  ])('for %s takes %i ms and %i words: %s', (reason, ms, words, passes) => {
    const talk = new Talk().begin().reach('project').answer(ms, words);
    expect(talk.next('project', reason)?.ok).toBe(passes);
  });

  it('wants the question heard, at least four fifths of it, and says so once', () => {
    const talk = new Talk().begin().reach('project');
    talk.take({ type: 'heard', text: 'Which project of' });
    talk.take({ type: 'spoke', step: 'project', ms: 6000, words: 20 });
    expect(talk.next('project')).toMatchObject({ ok: false, code: 'not_delivered' });
    // By us: a model that was told of it by a button has never seen the words.
    expect(talk.effects.slice(-3)).toMatchObject([
      { type: 'reply', speak: false },
      { type: 'steer' },
      { type: 'say', text: plan.questions[0]?.text },
    ]);
    expect(talk.next('project')).toMatchObject({ ok: true });
  });

  it('ends only what is closing, or what the candidate has confirmed', () => {
    const talk = new Talk().begin().reach('conflict');
    const end = (reason: string, confirmed: boolean) =>
      outputOf(
        talk.take({ type: 'end_interview', toolCall: `e${reason}${confirmed}`, reason, confirmed }),
      );
    expect(end('completed', true)).toMatchObject({ code: 'stale', current: 'conflict' });
    expect(end('candidate_ended', false)).toMatchObject({ code: 'not_confirmed' });
    expect(end('candidate_ended', true)).toMatchObject({ ok: true });
    expect(talk.state.end?.reason).toBe('candidate_ended');
  });
});

describe('buttons', () => {
  it('skip leaves the question as skipped and says the next one', () => {
    const talk = new Talk().begin().reach('project');
    const effects = talk.take({ type: 'action', kind: 'skip' });
    expect(effects.map((effect) => effect.type)).toEqual(['cut', 'progress', 'steer', 'say']);
    expect(effects.at(-1)).toMatchObject({ text: plan.questions[1]?.text });
    expect(talk.state.outcomes).toEqual([{ id: 'project', how: 'skip' }]);
    expect(talk.next('project')).toMatchObject({ code: 'stale', current: 'conflict' });
  });

  it('skip past the last step says farewell', () => {
    const talk = new Talk().begin().reach('candidate_qa');
    const effects = talk.take({ type: 'action', kind: 'skip' });
    expect(effects.at(-1)).toEqual({ type: 'say', text: plan.closing_text, farewell: true });
    expect(talk.state.end?.reason).toBe('completed');
  });

  it('repeat says the current words and changes nothing', () => {
    const talk = new Talk().begin().reach('failure');
    const before = talk.state;
    expect(talk.take({ type: 'action', kind: 'repeat' }).at(-1)).toMatchObject({
      text: plan.questions[2]?.text,
    });
    expect(talk.state).toBe(before);
  });

  it.each([
    ['end', 'candidate_ended'],
    ['withdraw', 'withdrawn'],
  ])('%s leaves at once, and nothing follows', (kind, reason) => {
    const talk = new Talk().begin().reach('project');
    expect(talk.take({ type: 'action', kind })).toEqual([
      { type: 'cut' },
      { type: 'commit' },
      { type: 'leave', reason },
    ]);
    expect(talk.take({ type: 'action', kind: 'skip' })).toEqual([]);
    const late = talk.take({
      type: 'next_question',
      toolCall: 'c',
      from: 'project',
      reason: 'answered',
    });
    expect(late).toMatchObject([{ type: 'reply', speak: false }]);
  });
});

describe('time', () => {
  it('announces the last minutes once', () => {
    const talk = new Talk().begin().reach('project');
    talk.now = deadline - WARN_MS - 1;
    expect(talk.take({ type: 'tick', speaking: false })).toEqual([]);
    talk.now += 1;
    expect(talk.take({ type: 'tick', speaking: false })).toMatchObject([{ type: 'steer' }]);
    expect(talk.take({ type: 'tick', speaking: false })).toEqual([]);
  });

  it('ends when it is up, but lets an answer end', () => {
    const talk = new Talk().begin().reach('project');
    talk.now = deadline;
    talk.state = { ...talk.state, warned: true };
    expect(talk.take({ type: 'tick', speaking: true })).toEqual([]);
    talk.now = deadline + LAST_ANSWER_MS;
    expect(talk.take({ type: 'tick', speaking: true }).at(-1)).toEqual({
      type: 'say',
      text: plan.time_up_text,
      farewell: true,
    });
    expect(talk.state.end?.reason).toBe('time_up');
  });

  it('asks no new question once it is up', () => {
    const talk = new Talk().begin().reach('project').answer();
    talk.now = deadline;
    expect(talk.next('project')).toEqual({ ok: true, phase: 'closing' });
    const ended = talk.take({
      type: 'end_interview',
      toolCall: 'e',
      reason: 'completed',
      confirmed: true,
    });
    expect(outputOf(ended)).toEqual({ ok: true, closing_text: plan.time_up_text });
    expect(talk.state.end?.reason).toBe('time_up');
  });

  it('finishes a closing that the model forgot', () => {
    const talk = new Talk().begin().reach('closing');
    talk.now += CLOSING_MS;
    expect(talk.take({ type: 'tick', speaking: false }).at(-1)).toMatchObject({
      text: plan.closing_text,
      farewell: true,
    });
    expect(talk.state.end?.reason).toBe('completed');
  });
});

const stepName = fc.oneof(
  { weight: 3, arbitrary: fc.constant(CURRENT) },
  fc.constantFrom('opening', ...ids, 'candidate_qa', 'closing', 'nonsense'),
);
const anyInput = fc.oneof(
  fc.record({ type: fc.constant('began'), deadline: fc.constant(deadline) }),
  fc.record({
    type: fc.constant('next_question'),
    toolCall: fc.string(),
    from: stepName,
    reason: fc.constantFrom('answered', 'probes_used', 'dont_know', 'skip', 'time'),
  }),
  fc.record({
    type: fc.constant('end_interview'),
    toolCall: fc.string(),
    reason: fc.constantFrom('completed', 'candidate_ended', 'withdrawn', 'abuse'),
    confirmed: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('action'),
    kind: fc.constantFrom('skip', 'repeat', 'repeat', 'end', 'withdraw'),
  }),
  fc.record({ type: fc.constant('spoke'), step: stepName, ms: fc.nat(9000), words: fc.nat(30) }),
  fc.record({
    type: fc.constant('heard'),
    text: fc.constantFrom('', ...plan.questions.map((one) => one.text)),
  }),
  fc.record({ type: fc.constant('tick'), speaking: fc.boolean() }),
  fc.record({ type: fc.constant('pause') }),
  fc.record({ type: fc.constant('unpause'), silent: fc.boolean() }),
  fc.record({ type: fc.constant('trouble'), since: fc.nat(deadline + 2_000_000) }),
  fc.record({ type: fc.constant('recovered') }),
  fc.record({ type: fc.constant('absent') }),
  fc.record({
    type: fc.constant('wait'),
    toolCall: fc.string(),
    why: fc.constant('thinking'),
    hold_s: fc.integer({ min: 5, max: 120 }),
  }),
  fc.record({ type: fc.constant('invalid'), toolCall: fc.string() }),
);
/** Whatever is paused or breaks off, no interview can be held up for longer. */
const latest = deadline + MAX_PAUSE_MS + MAX_TROUBLE_MS;
const anyTalk = fc.array(fc.tuple(anyInput, fc.nat(60_000), fc.boolean()), {
  maxLength: 120,
  size: 'max',
});

/** Question ids that were put as new, in order, with the time of each. */
function asked(effects: readonly { effect: InterviewEffect; now: number; moved: boolean }[]) {
  return effects.flatMap(({ effect, now, moved }) => {
    if (effect.type === 'reply' && effect.output.ok && 'question' in effect.output) {
      return [{ id: effect.output.question.id, now }];
    }
    const said = effect.type === 'say' && moved;
    const question = said ? plan.questions.find((one) => one.text === effect.text) : undefined;
    return question ? [{ id: question.id, now }] : [];
  });
}

describe('in no order of inputs', () => {
  it('is a question skipped unasked, asked as new twice, lost, or asked past the limit', () => {
    fc.assert(
      fc.property(anyTalk, (inputs) => {
        const talk = new Talk();
        const seen: { effect: InterviewEffect; now: number; moved: boolean }[] = [];
        for (const [input, passed, crash] of inputs) {
          talk.now += passed;
          const before = talk.state;
          const effects = talk.take(input);
          const moved = before.index !== talk.state.index;
          const fresh = effects.map((effect) => ({ effect, now: talk.now, moved }));
          seen.push(...fresh);
          if (timeIsUp(before, talk.now)) expect(asked(fresh)).toEqual([]);
          if (before.end !== null) expect(talk.state.end).toEqual(before.end);
          expect(talk.state.index - before.index).toBeOneOf([0, 1]);
          // A crash between any two inputs loses nothing of what was saved.
          if (crash) talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
        }
        const order = asked(seen);
        expect(order.map((one) => one.id)).toEqual(ids.slice(0, order.length));
        expect(order.length).toBe(Math.min(Math.max(talk.state.index + 1, 0), ids.length));
        expect(order.every((one) => talk.state.deadline === null || one.now < latest)).toBe(true);
        expect(talk.state.outcomes.map((one) => one.id)).toEqual(
          ids.slice(0, talk.state.outcomes.length),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('does the interviewer speak or hear in a pause', () => {
    fc.assert(
      fc.property(anyTalk, (inputs) => {
        const talk = new Talk().begin();
        let deaf = false;
        for (const [input, passed] of inputs) {
          talk.now += passed;
          // A new call hears.
          if (input.type === 'began') deaf = false;
          for (const effect of talk.take(input)) {
            if (effect.type === 'deafen') deaf = true;
            if (effect.type === 'listen') deaf = false;
            const speaks = effect.type === 'say' || (effect.type === 'reply' && effect.speak);
            if (speaks) expect(deaf).toBe(false);
          }
          if (talk.state.end === null) expect(deaf).toBe(talk.state.paused_since !== null);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does the clock stand for longer than both bounds, or go back', () => {
    fc.assert(
      fc.property(anyTalk, (inputs) => {
        const talk = new Talk().begin();
        let before = deadline;
        for (const [input, passed, crash] of inputs) {
          talk.now += passed;
          talk.take(input);
          if (crash) talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
          const { paused_ms: paused, troubled_ms: troubled } = talk.state;
          const after = deadlineAt(talk.state, talk.now) ?? 0;
          expect(after).toBeGreaterThanOrEqual(before);
          expect(after).toBeLessThanOrEqual(latestDeadline(talk.state) ?? 0);
          expect(talk.state.deadline).toBe(deadline + paused + troubled);
          expect(paused).toBeLessThanOrEqual(MAX_PAUSE_MS);
          expect(troubled).toBeLessThanOrEqual(MAX_TROUBLE_MS);
          before = after;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does an interview pass its limit and the last answer', () => {
    fc.assert(
      fc.property(anyTalk, (inputs) => {
        const talk = new Talk().begin();
        for (const [input, passed] of inputs) {
          talk.now += passed;
          talk.take(input);
        }
        talk.now = Math.max(talk.now, latest + LAST_ANSWER_MS);
        talk.take({ type: 'tick', speaking: true });
        expect(talk.state.end).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('does a death between saving and doing lose the current words', () => {
    fc.assert(
      fc.property(anyTalk, fc.nat(120), (inputs, death) => {
        const talk = new Talk().begin();
        for (const [index, [input, passed]] of inputs.entries()) {
          talk.now += passed;
          talk.take(input);
          // Saved, and nothing of it done; the page comes back to another process.
          if (index === death) break;
        }
        talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
        const before = talk.state;
        const words = wordsAgain(plan, before);
        const farewell = before.end !== null;
        const goesOn = talk.take({ type: 'began', deadline });
        if (before.paused_since !== null && !before.absent) {
          expect(goesOn).toEqual([{ type: 'deafen' }]);
          if (before.phase === 'closing' || timeIsUp(before, talk.now)) return;
          const back = talk.take({ type: 'unpause', silent: false });
          expect(back.at(-1)).toEqual({ type: 'say', text: words, farewell });
        } else if (before.end?.farewell === null) {
          expect(goesOn).toEqual([{ type: 'leave', reason: before.end.reason }]);
        } else {
          expect(goesOn).toEqual([{ type: 'say', text: words, farewell }]);
        }
        // To say words again is no step.
        expect([talk.state.index, talk.state.outcomes]).toEqual([before.index, before.outcomes]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same refused twice in one step, so that a short true answer always passes', () => {
    fc.assert(
      fc.property(anyTalk, (inputs) => {
        const talk = new Talk().begin();
        const seen = new Set<string>();
        for (const [input, passed, crash] of inputs) {
          talk.now += passed;
          const at = currentStep(plan, talk.state);
          const output = outputOf(talk.take(input));
          const refusal = output && !output.ok ? output.code : null;
          if (refusal === 'too_soon' || refusal === 'not_delivered') {
            expect(seen).not.toContain(`${at} ${refusal}`);
            seen.add(`${at} ${refusal}`);
          }
          if (crash) talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does a tool call go without exactly one answer', () => {
    fc.assert(
      fc.property(anyTalk, (inputs) => {
        const talk = new Talk().begin();
        for (const [index, [input, passed]] of inputs.entries()) {
          talk.now += passed;
          const called = 'toolCall' in input;
          const named = called ? { ...input, toolCall: `call ${index}` } : input;
          const replies = (one: typeof input) =>
            talk.take(one).filter((effect) => effect.type === 'reply');
          expect(replies(named)).toHaveLength(called ? 1 : 0);
          // Who takes over a call may hear of it again.
          if (called) expect(replies(named)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
