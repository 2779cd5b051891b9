import { describe, expect, it } from 'vitest';
import { post, refused } from '../../tests/functions.ts';
import { endpoint } from './endpoint.ts';
import { readJson } from './read-json.ts';
import { Refusal } from './refusal.ts';

const logged: Record<string, unknown>[] = [];
const make = (answer: (request: Request) => Promise<unknown>, local = false) =>
  endpoint({ local, log: (line) => logged.push(line) }, answer);
const echo = make((request) => readJson(request, 100));

const from = (origin: string, method = 'OPTIONS') =>
  new Request('https://project.supabase.co/functions/v1/x', { method, headers: { origin } });

describe('preflights', () => {
  it('are answered alike for every https page', async () => {
    const reply = await echo(from('https://jobs.example'));
    expect(reply.status).toBe(204);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'access-control-allow-origin': 'https://jobs.example',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'authorization, apikey, x-client-info, content-type',
      vary: 'Origin',
    });
  });

  it('are answered for pages on this machine in local mode only', async () => {
    const local = make(() => Promise.resolve({}), true);
    expect((await local(from('http://localhost:3000'))).status).toBe(204);
    await refused(await echo(from('http://localhost:3000')), 403, 'origin_not_allowed');
  });

  it.each(['null', 'http://jobs.example', 'https://a.example, https://b.example', 'file://'])(
    'from %s are refused, and the reply names no origin',
    async (origin) => {
      const reply = await echo(from(origin));
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
      await refused(reply, 403, 'origin_not_allowed');
    },
  );
});

describe('requests', () => {
  it('are answered with JSON that nobody keeps', async () => {
    const reply = await echo(post({ a: 1 }, { origin: 'https://jobs.example' }));
    expect(await reply.json()).toEqual({ a: 1 });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('access-control-allow-origin')).toBe('https://jobs.example');
  });

  it.each(['GET', 'PUT', 'DELETE'])('with %s are refused', async (method) => {
    const reply = await echo(from('https://jobs.example', method));
    expect(reply.headers.get('allow')).toBe('POST, OPTIONS');
    await refused(reply, 405, 'method_not_allowed');
  });

  it.each([
    ['no body', post(''), 400, 'invalid_json'],
    ['broken JSON', post('{"a":'), 400, 'invalid_json'],
    [
      'another media type',
      post('a=1', { 'content-type': 'text/plain' }),
      415,
      'unsupported_media_type',
    ],
    ['a content encoding', post({}, { 'content-encoding': 'gzip' }), 415, 'unsupported_media_type'],
    ['too much', post({ a: 'x'.repeat(100) }), 413, 'payload_too_large'],
    [
      'a length that says too much',
      post({}, { 'content-length': '101' }),
      413,
      'payload_too_large',
    ],
  ] as const)('with %s are refused', async (_, request, status, code) => {
    await refused(await echo(request), status, code);
  });

  it('whose text is not UTF-8 are refused', async () => {
    const request = new Request('https://x.example', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    await refused(await echo(request), 400, 'invalid_json');
  });

  it('with an endless body are read to the limit and no further', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 10;
        controller.enqueue(new Uint8Array(10));
      },
    });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    await refused(await echo(new Request('https://x.example', init)), 413, 'payload_too_large');
    expect(sent).toBeLessThan(300);
  });
});

describe('faults', () => {
  it('are logged and told as internal, without a word of what happened', async () => {
    const faulty = make(() => Promise.reject(new Error('password is hunter2')));
    const reply = await faulty(post({}));
    const message = await refused(reply, 500, 'internal');
    expect(message).not.toContain('hunter2');
    expect(logged).toContainEqual({
      request_id: reply.headers.get('x-request-id'),
      code: 'internal',
      fault: 'Error: password is hunter2',
    });
  });

  it('that may pass say when to try again', async () => {
    const down = make(() => Promise.reject(new Refusal('storage_unavailable')));
    const reply = await down(post({}));
    expect(reply.headers.get('retry-after')).toBe('5');
    await refused(reply, 503, 'storage_unavailable');
    const line = { request_id: reply.headers.get('x-request-id'), code: 'storage_unavailable' };
    expect(logged).toContainEqual(line);
  });
});
