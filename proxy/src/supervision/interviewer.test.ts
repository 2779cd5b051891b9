import { parseServerEvent } from '@interview/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Harness } from '../../../packages/simulator/src/testing/harness.ts';
import { Interviewer } from './interviewer.ts';
import { OwnItems } from './own-items.ts';

let provider: Harness;
let interviewer: Interviewer;
const own = new OwnItems();

beforeEach(() => {
  provider = new Harness();
  interviewer = new Interviewer((event) => provider.send({ ...event }), {
    own,
    gone: () => undefined,
    idle: () => undefined,
    turnDetection: null,
  });
  const item = { type: 'function_call', call_id: 'c1', name: 'next_question', arguments: '{}' };
  provider.send({ type: 'conversation.item.create', item });
});
afterEach(() => interviewer.stop());

const errors = (): unknown[] =>
  provider.events.flatMap(({ type, error }) =>
    type === 'error' ? [(error as { code: string }).code] : [],
  );

it('gives a tool call one output, however often it is answered', () => {
  const output = { ok: true, phase: 'closing' } as const;
  const reply = { type: 'reply', toolCall: 'c1', output, speak: true, farewell: null } as const;
  interviewer.replyAgain('c1');
  expect(provider.types).not.toContain('response.created');
  interviewer.reply(reply, own.newKey());
  interviewer.replyAgain('c1');
  for (const event of provider.events) {
    const parsed = parseServerEvent(event);
    if (parsed.kind === 'known') interviewer.handle(parsed.event);
  }
  const outputs = provider.conversation.items.filter(({ kind }) => kind === 'output');
  expect(outputs).toHaveLength(1);
  expect(errors()).toEqual(['item_create_duplicate_item_id']);
  expect(provider.types.filter((type) => type === 'response.created')).toHaveLength(1);
});
