import { describe, expect, it } from 'vitest';
import { decide, phrases, type Decision, type Situation } from './brain.ts';
import type { Item } from './conversation/items.ts';

const tools = [
  { type: 'function' as const, name: 'next_question' },
  { type: 'function' as const, name: 'end_interview' },
];
const done = { status: 'completed' as const };
let count = 0;
const id = (): string => `item_${(count += 1)}`;

/** A conversation that grows as the model and its server act. */
class Talk {
  readonly items: Item[] = [];
  #lastCall = '';

  hear(heard: string | null): this {
    this.items.push({
      ...done,
      id: id(),
      kind: 'speech',
      heard,
      transcript: null,
      outcome: 'final',
    });
    return this;
  }

  said(text: string): this {
    this.items.push({
      ...done,
      id: id(),
      kind: 'reply',
      form: 'audio',
      text,
      interrupted: false,
      heardMs: 1,
      truncated: false,
    });
    return this;
  }

  called(name: string): this {
    this.#lastCall = id();
    this.items.push({
      ...done,
      id: id(),
      kind: 'call',
      callId: this.#lastCall,
      name,
      arguments: '{}',
    });
    return this;
  }

  returned(output: Record<string, unknown>): this {
    this.items.push({
      ...done,
      id: id(),
      kind: 'output',
      callId: this.#lastCall,
      output: JSON.stringify(output),
    });
    return this;
  }

  next(more: Partial<Situation> = {}): Decision {
    return decide({
      items: this.items,
      tools,
      toolChoice: 'auto',
      instructions: undefined,
      ...more,
    });
  }
}

const question = (qid: string): Record<string, unknown> => ({
  ok: true,
  phase: 'question',
  question: { id: qid, text: `Question ${qid}?`, verbatim: true, probes: 0 },
  remaining_s: 900,
});
const asks = (from: string, reason = 'answered'): Decision => ({
  kind: 'call',
  name: 'next_question',
  arguments: { from, reason },
});
const says = (text: string): Decision => ({ kind: 'say', text });
const asked = (qid: string): Talk =>
  new Talk().hear(null).called('next_question').returned(question(qid)).said(`Question ${qid}?`);

describe('exact words', () => {
  it('are said as they stand, whatever the tools', () => {
    const instructions = 'Greet the candidate.\nSay exactly: Hello, and welcome. Are you ready?';
    expect(new Talk().hear(null).next({ instructions })).toEqual(
      says('Hello, and welcome. Are you ready?'),
    );
  });

  it('are those of the last such line, and may quote the mark', () => {
    const instructions = 'Say exactly: one\nSay exactly: The sign reads Say exactly: two';
    expect(new Talk().next({ instructions })).toEqual(says('The sign reads Say exactly: two'));
  });
});

describe('an interview', () => {
  it('goes from the greeting to the farewell by what the tools return', () => {
    const talk = new Talk().said('Are you ready?').hear(null);
    expect(talk.next()).toEqual(asks('opening'));
    talk.called('next_question').returned(question('q1'));
    expect(talk.next()).toEqual(says('Thank you. Question q1?'));
    talk.said('Thank you. Question q1?').hear(null);
    expect(talk.next()).toEqual(asks('q1'));
    talk
      .called('next_question')
      .returned({ ok: true, phase: 'candidate_qa', say: 'Any questions?' });
    expect(talk.next()).toEqual(says('Any questions?'));
    talk.said('Any questions?').hear(null);
    expect(talk.next()).toEqual(asks('candidate_qa'));
    talk.called('next_question').returned({ ok: true, phase: 'closing' });
    expect(talk.next()).toEqual({
      kind: 'call',
      name: 'end_interview',
      arguments: { reason: 'completed', confirmed: true },
    });
    talk.called('end_interview').returned({ ok: true, closing_text: 'Goodbye.' });
    expect(talk.next()).toEqual(says('Goodbye.'));
    expect(talk.said('Goodbye.').hear(null).next()).toEqual(says(phrases.goodbye));
  });

  it('asks again from where the server stands, but not for ever', () => {
    const talk = new Talk().hear(null).called('next_question');
    talk.returned({ ok: false, code: 'stale', current: 'q3' });
    expect(talk.next()).toEqual(asks('q3'));
    talk.called('next_question').returned({ ok: false, code: 'stale', current: 'q3' });
    expect(talk.next()).toEqual(says(phrases.goOn));
  });

  it.each(['no_answer_yet', 'too_soon'])('goes on listening after %s', (code) => {
    const talk = asked('q1').hear('Well').called('next_question');
    talk.returned({ ok: false, code, current: 'q1' });
    expect(talk.next()).toEqual(says(phrases.goOn));
    expect(talk.said(phrases.goOn).hear('I did it.').next()).toEqual(asks('q1'));
  });

  it('says a question again that was not heard', () => {
    const talk = asked('q1').hear(null).called('next_question');
    talk.returned({ ok: false, code: 'not_delivered', current: 'q1' });
    expect(talk.next()).toEqual(says('Question q1?'));
  });

  it('asks whether the candidate wants to end when the server wants that confirmed', () => {
    const talk = asked('q1').hear('Bye.').called('end_interview');
    talk.returned({ ok: false, code: 'not_confirmed', current: 'q1' });
    expect(talk.next()).toEqual(says(phrases.confirmEnd));
  });

  it('says what a tool returned when the candidate spoke before it could', () => {
    const talk = new Talk().hear(null).called('next_question').returned(question('q1')).hear(null);
    expect(talk.next()).toEqual(says('Thank you. Question q1?'));
  });

  it('does not call a tool twice while it waits for the first', () => {
    expect(asked('q1').hear(null).called('next_question').hear(null).next()).toEqual(
      says(phrases.goOn),
    );
  });

  it('calls it again once it has spoken since and nothing came back', () => {
    const talk = asked('q1').hear(null).called('next_question').hear(null).said(phrases.goOn);
    expect(talk.hear(null).next()).toEqual(asks('q1', 'answered'));
  });

  it.each([
    ['Could you repeat that, please?', says('Question q1?')],
    ["I don't know.", asks('q1', 'dont_know')],
    ['Can we skip this one?', asks('q1', 'skip')],
    ['', says(phrases.unclear)],
    ['I want to stop the interview.', says(phrases.confirmEnd)],
  ])('understands «%s»', (heard, decision) => {
    expect(asked('q1').hear(heard).next()).toEqual(decision);
  });

  it('ends for the candidate once that is confirmed', () => {
    const talk = asked('q1').hear('Please end the interview.').said(phrases.confirmEnd);
    expect(talk.hear('Yes.').next()).toEqual({
      kind: 'call',
      name: 'end_interview',
      arguments: { reason: 'candidate_ended', confirmed: true },
    });
  });
});

describe("a stranger's session", () => {
  it('is answered turn by turn with a neutral sentence', () => {
    const talk = new Talk();
    expect(talk.next({ tools: [] })).toEqual(says(phrases.hello));
    expect(talk.hear(null).next({ tools: [] })).toEqual(says(phrases.small[0]));
    expect(talk.said('…').hear(null).next({ tools: [] })).toEqual(says(phrases.small[1]));
  });

  it('gets no tool call when it forbids them', () => {
    expect(new Talk().hear(null).next({ toolChoice: 'none' }).kind).toBe('say');
  });
});

describe('a candidate who asks for a moment', () => {
  const withWait = { tools: [...tools, { type: 'function' as const, name: 'wait' }] };
  const asked = (): Talk =>
    new Talk().called('next_question').returned(question('q1')).said('Question q1?');

  it.each(['Let me think.', 'Hm, give me a moment, please.', 'One moment.', 'Just a second'])(
    'by «%s» gets it without a word',
    (words) => {
      expect(asked().hear(words).next(withWait)).toEqual({
        kind: 'call',
        name: 'wait',
        arguments: { why: 'thinking', hold_s: 60 },
      });
    },
  );

  it.each(['I will let me thinker go.', 'The one moments later.', 'That gives me a momentum.'])(
    'is not whoever says «%s»',
    (words) => {
      expect(asked().hear(words).next(withWait)).toMatchObject({ name: 'next_question' });
    },
  );

  it('and answers after it goes on, also where they begin so', () => {
    const talk = asked().hear('Let me think.').called('wait').returned({});
    expect(talk.hear('I led the move.').next(withWait)).toEqual({
      kind: 'call',
      name: 'next_question',
      arguments: { from: 'q1', reason: 'answered' },
    });
    const long = 'Let me think, I led the move of our whole shop to another town.';
    expect(asked().hear(long).next(withWait)).toMatchObject({ name: 'next_question' });
  });

  it('of a server that knows no such tool is answered as anybody', () => {
    expect(asked().hear('Let me think.').next()).toMatchObject({ name: 'next_question' });
  });
});
