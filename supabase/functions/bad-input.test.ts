import { describe, expect, it } from 'vitest';
import { post, refused, settings } from '../tests/functions.ts';
import type { Rpc } from './_shared/database.ts';
import { startHandler } from './interview-start/handler.ts';
import { transcriptHandler } from './interview-transcript/handler.ts';
import { invitationsHandler } from './invitations/handler.ts';
import { processorHandler } from './transcript-processor/handler.ts';

const key = { apikey: settings.secretKeys[0] ?? '' };
/** No bad request comes as far as the database. */
const rpc: Rpc = (name) => Promise.reject(new Error(`${name} was called`));
const deps = { ...settings, rpc, now: Date.now, log: () => undefined };
const functions = [
  ['interview-start', startHandler({ ...deps, readUser: () => Promise.resolve('nobody') }), {}],
  ['interview-transcript', transcriptHandler(deps), key],
  ['invitations', invitationsHandler(deps), { authorization: 'Bearer ik_unknown' }],
  ['transcript-processor', processorHandler(deps), key],
] as const;

const bodies: [string, unknown][] = [
  ['null', null],
  ['a list', []],
  ['a text', '"tick"'],
  ['a number', 7],
  ['no fields', {}],
  ['other fields', { step: 'guess', action: 'guess', writer_id: 1 }],
  ['wrong types', { step: {}, action: [], session_id: 1, entries: {}, invitation: [] }],
  ['a prototype', '{"__proto__": {"step": "look", "action": "tick"}}'],
  ['deep nesting', `${'['.repeat(1_500)}${']'.repeat(1_500)}`],
];

describe.each(functions)('%s', (_name, handle, headers) => {
  it.each(bodies)('refuses %s', async (_what, body) => {
    await refused(await handle(post(body === null ? 'null' : body, headers)), 400, 'bad_request');
  });

  it.each(['{', '', '{"a":}', '\u0000', '{"a":1}{"b":2}'])(
    'refuses broken JSON: %j',
    async (body) => {
      await refused(await handle(post(body, headers)), 400, 'invalid_json');
    },
  );

  it('refuses other methods, media types and sizes', async () => {
    const url = 'https://project.supabase.co/functions/v1/x';
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const request = new Request(url, { method, headers });
      await refused(await handle(request), 405, 'method_not_allowed');
    }
    const text = { ...headers, 'content-type': 'text/plain' };
    await refused(await handle(post({}, text)), 415, 'unsupported_media_type');
    const large = JSON.stringify({ text: 'x'.repeat(300_000) });
    await refused(await handle(post(large, headers)), 413, 'payload_too_large');
  });

  it('never repeats what was sent', async () => {
    const body = { step: 'CANARY', action: 'CANARY', invitation: 'CANARY', session_id: 'CANARY' };
    const message = await refused(await handle(post(body, headers)), 400, 'bad_request');
    expect(message).not.toContain('CANARY');
  });
});
