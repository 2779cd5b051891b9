import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { post, refused, settings } from '../tests/functions.ts';
import { newKey, newWriter, row } from '../tests/world.ts';
import type { Rpc } from './_shared/database.ts';
import { supabaseRpc } from './_shared/supabase-rpc.ts';
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

const id = '0f1c1d3e-8a4b-4c6d-9e2f-0123456789ab';
const writer = newWriter();
/** A request to each function that is as it should be, and comes as far as the database. */
const good: [
  string,
  (rpc: Rpc) => (request: Request) => Promise<Response>,
  Record<string, string>,
  object,
][] = [
  [
    'interview-start',
    (rpc) => startHandler({ ...deps, rpc, readUser: () => Promise.resolve('nobody') }),
    {},
    { step: 'look', invitation: `inv_${newKey()}`, device_key: newKey() },
  ],
  [
    'interview-transcript',
    (rpc) => transcriptHandler({ ...deps, rpc }),
    key,
    { session_id: id, writer_id: writer, entries: [row(writer, 1, id, 'a')] },
  ],
  [
    'invitations',
    (rpc) => invitationsHandler({ ...deps, rpc }),
    { authorization: `Bearer ik_${newKey()}` },
    { tenant_id: 'northwind', invitations: [{ id: 'a' }] },
  ],
  ['transcript-processor', (rpc) => processorHandler({ ...deps, rpc }), key, { action: 'tick' }],
];

/** What may stand in place of a database's answer. */
const faults: [string, RequestListener][] = [
  ['never answers', () => undefined],
  ['stops in the middle', (_, response) => response.write('{"ok":') && response.destroy()],
  ['hangs up', ({ socket }) => socket.destroy()],
  [
    'is not there behind its API',
    (_, response) => response.writeHead(503).end('{"code":"PGRST002"}'),
  ],
];

describe.each(good)('%s', (_name, make, headers, body) => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each(faults)(
    'promises nothing and says when to come again while the database %s',
    async (_fault, listener) => {
      let asked = 0;
      const server = createServer((request, response) => {
        asked += 1;
        listener(request, response);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const reply = await make(supabaseRpc(url, 'sb_secret_x', undefined, 300))(
        post(body, headers),
      );
      expect(asked).toBeGreaterThan(0);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      await refused(reply, 503, 'storage_unavailable');
    },
  );
});
