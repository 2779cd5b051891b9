import { describe, expect, it } from 'vitest';
import { MAX_OFFER_BYTES } from './call.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { ClientMessage, ServerMessage } from './socket.ts';

describe('socket messages', () => {
  it('keeps an offer of the largest size within one message', () => {
    expect(MAX_OFFER_BYTES).toBeLessThan(MAX_MESSAGE_BYTES);
  });

  it.each([
    [{ type: 'ping', id: 'p1' }],
    [{ type: 'refresh' }],
    [{ type: 'action', id: 'a1', kind: 'done' }],
    [
      {
        type: 'complete',
        id: 'c1',
        reason: 'completed',
        writers: { b_abcdefghijklmnop: 3 },
        lost: [],
      },
    ],
  ])('takes %j', (message) => {
    expect(ClientMessage.safeParse(message).success).toBe(true);
  });

  it.each([
    [{ type: 'drop_tables', id: 'p1' }],
    [{ type: 'ping' }],
    [{ type: 'ping', id: 'with space' }],
    [{ type: 'action', id: 'a1', kind: 'hang' }],
    [{ type: 'complete', id: 'c1', reason: 'bored', writers: {}, lost: [] }],
    [{ type: 'complete', id: 'c1', reason: 'completed', writers: { nobody: 1 }, lost: [] }],
    [null],
    ['ping'],
  ])('refuses %j', (message) => {
    expect(ClientMessage.safeParse(message).success).toBe(false);
  });

  it('does not let a message reach a prototype', () => {
    const hostile: unknown = JSON.parse('{"type":"ping","id":"x","__proto__":{"polluted":true}}');
    expect(ClientMessage.safeParse(hostile).success).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('lets the proxy send error codes that this version does not know', () => {
    const error = { type: 'error', code: 'from_the_future', message: 'x', retryable: true };
    expect(ServerMessage.safeParse(error).success).toBe(true);
  });
});
