import { expect, it } from 'vitest';
import { phrases } from './brain.ts';
import { toolCallsOf, utterancesOf } from './conversation/record.ts';
import { Harness } from './testing/harness.ts';
import { wireProblems } from './testing/wire-problems.ts';

const questions = [
  { id: 'work', text: 'What did you make?' },
  { id: 'lesson', text: 'What did you learn?' },
];
const enumOf = (...values: string[]): Record<string, unknown> => ({ type: 'string', enum: values });
const tools = [
  {
    type: 'function',
    name: 'next_question',
    description: 'Asks for the next question.',
    parameters: {
      type: 'object',
      properties: {
        from: enumOf('opening', 'work', 'lesson', 'candidate_qa'),
        reason: enumOf('answered', 'skip'),
      },
    },
  },
  { type: 'function', name: 'end_interview', description: 'Ends it.', parameters: {} },
];

/** What a server would answer to a tool call: the next step after the one that is left. */
function answerTo(name: string, from: string): Record<string, unknown> {
  if (name === 'end_interview') return { ok: true, closing_text: 'Thank you. Goodbye.' };
  if (from === 'candidate_qa') return { ok: true, phase: 'closing' };
  const next = questions[questions.findIndex((one) => one.id === from) + 1];
  return next
    ? { ok: true, phase: 'question', question: { ...next, verbatim: true, probes: 0 } }
    : { ok: true, phase: 'candidate_qa', say: 'What would you like to ask?' };
}

it('interviews from greeting to farewell with nothing but the session, its items and its tools', () => {
  const answers = ['Yes.', 'A booking page.', 'To ask earlier.', 'Nothing, thanks.'];
  const harness = new Harness(
    { audio: { input: { transcription: { model: 'gpt-transcribe' } } }, tools },
    { turns: answers.map((text) => ({ text })) },
  );
  harness.say('Hello. Are you ready?');
  harness.until('output_audio_buffer.stopped');
  while (!harness.types.includes('response.function_call_arguments.done') || hasMore(harness)) {
    harness.turn();
    answerTools(harness);
    harness.until('output_audio_buffer.stopped');
  }
  harness.clock.advance(5000);

  expect(utterancesOf(harness.conversation.items).map((one) => one.text)).toEqual([
    'Hello. Are you ready?',
    'Yes.',
    `${phrases.thanks} What did you make?`,
    'A booking page.',
    `${phrases.thanks} What did you learn?`,
    'To ask earlier.',
    'What would you like to ask?',
    'Nothing, thanks.',
    'Thank you. Goodbye.',
  ]);
  expect(toolCallsOf(harness.conversation.items).map((call) => call.arguments)).toEqual([
    '{"from":"opening","reason":"answered"}',
    '{"from":"work","reason":"answered"}',
    '{"from":"lesson","reason":"answered"}',
    '{"from":"candidate_qa","reason":"answered"}',
    '{"reason":"completed","confirmed":true}',
  ]);
  expect(harness.events.flatMap(wireProblems)).toEqual([]);
});

it('interviews in writing, without a sound', () => {
  const harness = new Harness({
    output_modalities: ['text'],
    audio: { input: { turn_detection: null } },
    tools,
  });
  harness.say('Hello. Are you ready?');
  harness.until('response.done');
  for (const text of ['Yes.', 'A booking page.', 'To ask earlier.', 'Nothing, thanks.']) {
    const content = [{ type: 'input_text', text }];
    harness.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content },
    });
    harness.send({ type: 'response.create' });
    answerTools(harness);
    harness.until('response.done');
  }
  expect(utterancesOf(harness.conversation.items)).toEqual(
    [
      ['interviewer', 'Hello. Are you ready?'],
      ['candidate', 'Yes.'],
      ['interviewer', `${phrases.thanks} What did you make?`],
      ['candidate', 'A booking page.'],
      ['interviewer', `${phrases.thanks} What did you learn?`],
      ['candidate', 'To ask earlier.'],
      ['interviewer', 'What would you like to ask?'],
      ['candidate', 'Nothing, thanks.'],
      ['interviewer', 'Thank you. Goodbye.'],
    ].map(([role, text]) => ({
      item_id: expect.any(String) as string,
      role,
      text,
      status: 'final',
    })),
  );
  expect(harness.types.filter((type) => /audio|speech/.test(type))).toEqual([]);
  expect(harness.types).toContain('response.output_text.delta');
  expect(harness.events.flatMap(wireProblems)).toEqual([]);
});

function hasMore(harness: Harness): boolean {
  return harness.last('response.function_call_arguments.done')['name'] !== 'end_interview';
}

/** Answers tool calls until the model speaks again. */
function answerTools(harness: Harness): void {
  for (;;) {
    const from = harness.events.length;
    harness.until('response.output_item.added');
    if (harness.types.slice(from).includes('response.content_part.added')) return;
    const call = harness.last('response.function_call_arguments.done');
    const input = JSON.parse(String(call['arguments'])) as { from?: string };
    const output = JSON.stringify(answerTo(String(call['name']), input.from ?? ''));
    harness.until('response.done');
    harness.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call['call_id'], output },
    });
    harness.send({ type: 'response.create' });
  }
}
