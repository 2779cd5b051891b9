import { ServerMessage } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { readMessage } from './read-message.ts';

const call_id = '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab';
const writer_id = 'b_0123456789abcdef';
const messages = [
  {
    type: 'ready',
    session: { id: call_id, status: 'active', phase: 'opening' },
    server_time: 1,
    writers: { [writer_id]: 3 },
  },
  {
    type: 'answer',
    id: 'm1',
    sdp: 'v=0',
    call_id,
    ordinal: 1,
    provider: 'openai',
    capabilities: { supervision: 'sideband', actions: ['done'], text: true, pause: false },
  },
  { type: 'ok', id: 'm1' },
  { type: 'ack', id: 'm1', writer_id, last_sequence: 3, stored: 1, duplicates: 0, refused: [] },
  { type: 'progress', question: 0, of: 5, text: null, phase: 'opening' },
  { type: 'time', remaining_s: 60, paused: false },
  { type: 'completed', id: 'm1', status: 'completed' },
  { type: 'incomplete', id: 'm1', missing: [{ writer_id, from: 1, to: 2 }] },
  { type: 'token', token: 't', expires_at: 1 },
  { type: 'pong', id: 'm1' },
  { type: 'end', reason: 'taken_over', close_in_ms: 0 },
  { type: 'drain', retry_after_ms: 100 },
  { type: 'error', code: 'capacity', message: 'Later.', retryable: true },
];

describe('readMessage', () => {
  it('has an example of every message of the protocol here', () => {
    const types = ServerMessage.def.options.map(({ def }) => def.shape.type.def.values[0]);
    expect(messages.map(({ type }) => type).sort()).toEqual([...types].sort());
  });

  it.each(messages)('reads $type as the protocol does', (message) => {
    expect(ServerMessage.parse(message)).toEqual(message);
    expect(readMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each(messages)(
    'refuses $type as the protocol does when a field is missing or wrong',
    (message) => {
      for (const field of Object.keys(message)) {
        for (const value of [undefined, { not: 'expected' }]) {
          const broken = { ...message, [field]: value };
          const text = JSON.stringify(broken);
          const legal = ServerMessage.safeParse(JSON.parse(text)).success;
          expect({ field, read: readMessage(text) !== null }).toEqual({ field, read: legal });
        }
      }
    },
  );

  it.each([
    ['', null],
    ['[]', null],
    ['{"type":"__proto__"}', null],
    [new ArrayBuffer(1), null],
  ])('survives %s', (data, expected) => {
    expect(readMessage(data)).toBe(expected);
  });
});
