import { ClientMessage } from '@interview/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offer } from '../testing/interview.ts';
import { newWriter, pageOrigin, startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

const HOUR_S = 3600;
const writer = newWriter();
const callId = '5f0c1d3e-8a4b-4c6d-9e2f-000000000001';
const row = {
  entry_id: `${callId}.item_1`,
  writer_id: writer,
  sequence: 1,
  revision: 0,
  role: 'candidate',
  text: 'Yes.',
  status: 'final',
  call_id: callId,
  item_id: 'item_1',
  previous_item_id: null,
  position: 1024,
  started_ms: 0,
  ended_ms: 10,
  heard_ms: null,
  language: null,
};
/** One of each kind, so that a new kind must be added here. */
const messages: Record<Exclude<ClientMessage['type'], 'authenticate'>, Record<string, unknown>> = {
  offer: { id: 'a', writer_id: writer, sdp: offer, reason: 'start' },
  connected: { id: 'a', call_id: callId },
  trouble: { call_id: callId, since: 100 },
  muted: { call_id: callId, muted: true },
  transcript: { id: 'a', writer_id: writer, entries: [row] },
  action: { id: 'a', kind: 'skip' },
  text: { id: 'a', text: 'Hello.' },
  pause: { id: 'a' },
  unpause: { id: 'a' },
  ask: { id: 'a', kind: 'help', note: 'x' },
  correct: { id: 'a', entry_id: `${callId}.item`, text: 'x' },
  feedback: { id: 'a', rating: 5 },
  complete: { id: 'a', reason: 'candidate_ended', writers: {}, lost: [] },
  refresh: {},
  quality: {},
  ping: { id: 'a' },
};
const delivering = ['transcript', 'correct', 'complete', 'ping'];

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

/** A token that ran out `hours` ago. */
async function expired(hours: number): Promise<Record<string, string>> {
  const exp = Math.floor(Date.now() / 1000) - hours * HOUR_S;
  const token = await tokenFor(proxy.session, { claims: { iat: exp - 600, exp } });
  return { authorization: `Bearer ${token}`, origin: pageOrigin };
}
async function codeOf(
  hours: number,
  method: 'POST' | 'DELETE',
  url: string,
  body?: { type: string; payload: string },
): Promise<string | undefined> {
  const headers = await expired(hours);
  const reply = await proxy.app.inject({
    method,
    url,
    headers: { ...headers, ...(body ? { 'content-type': body.type } : {}) },
    ...(body ? { payload: body.payload } : {}),
  });
  expect(reply.statusCode).toBeLessThan(500);
  return reply.statusCode === 401
    ? reply.json<{ error: { code: string } }>().error.code
    : undefined;
}
const post = (type: string, fields: Record<string, unknown>, hours: number) =>
  codeOf(hours, 'POST', '/v1/messages', {
    type: 'application/json',
    payload: JSON.stringify({ type, ...fields }),
  });

describe('a token past its expiry', () => {
  it.each(Object.entries(messages))('delivers, and does nothing else: %s', async (type, fields) => {
    expect(ClientMessage.safeParse({ type, ...fields }).error).toBeUndefined();
    expect(await post(type, fields, 23)).toBe(
      delivering.includes(type) ? undefined : 'token_expired',
    );
    expect(await post(type, fields, 25)).toBe('token_expired');
    expect(proxy.provider.requests).toEqual([]);
  });

  it.each<['POST' | 'DELETE', string, { type: string; payload: string } | undefined]>([
    ['POST', '/v1/calls', { type: 'application/sdp', payload: offer }],
    ['DELETE', `/v1/calls/${callId}`, undefined],
    ['POST', '/v1/token', undefined],
  ])('opens no other door: %s %s', async (method, url, body) => {
    for (const hours of [1, 25])
      expect(await codeOf(hours, method, url, body)).toBe('token_expired');
    expect(proxy.provider.requests).toEqual([]);
  });
});
