import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveSupabase, type SupabaseServer } from './supabase-server.ts';

let functions: Server;
let gateway: SupabaseServer;
let url: string;
let asked: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[];

beforeEach(async () => {
  asked = [];
  functions = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ url: request.url, headers: request.headers, body });
      response.writeHead(409, { 'retry-after': '3', 'content-type': 'application/json' });
      response.end('{"from":"functions"}');
    });
  }).listen(0, '127.0.0.1');
  await once(functions, 'listening');
  const { port: functionsPort } = functions.address() as { port: number };
  const port = await getPort();
  url = `http://127.0.0.1:${port}`;
  gateway = await serveSupabase(
    port,
    {
      fetch: async (request) =>
        Response.json({ path: new URL(request.url).pathname, body: await request.text() }),
    },
    `http://127.0.0.1:${functionsPort}`,
  );
});
afterEach(async () => {
  await gateway.close();
  functions.close();
});

describe('serveSupabase', () => {
  it('hands a call of a function on whole, and its answer back', async () => {
    const reply = await fetch(`${url}/functions/v1/interview-start?x=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer ik_x', origin: 'http://page.test' },
      body: '{"ü":1}',
    });
    expect([reply.status, reply.headers.get('retry-after'), await reply.json()]).toEqual([
      409,
      '3',
      { from: 'functions' },
    ]);
    expect(asked).toMatchObject([
      {
        url: '/functions/v1/interview-start?x=1',
        headers: { authorization: 'Bearer ik_x', origin: 'http://page.test' },
        body: '{"ü":1}',
      },
    ]);
  });

  it('hands a code of any message on as lite knows it, with what stands beside it', async () => {
    const verify = async (path: string, body: unknown) => {
      const reply = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
      return JSON.parse(((await reply.json()) as { body: string }).body) as unknown;
    };
    const sent = { email: 'ana@example.test', token: '123456', type: 'email' };
    expect(await verify('/auth/v1/verify', sent)).toEqual({ ...sent, type: 'magiclink' });
    const recovery = { ...sent, type: 'recovery' };
    expect(await verify('/auth/v1/verify', recovery)).toEqual(recovery);
    expect(await verify('/auth/v1/other', sent)).toEqual(sent);
  });

  it('says so where the functions are gone', async () => {
    functions.closeAllConnections();
    functions.close();
    expect((await fetch(`${url}/functions/v1/interview-start`)).status).toBe(503);
  });

  it.each(['/rest/v1/rpc/create_invitation', '/auth/v1/token'])(
    'lets pages call %s',
    async (path) => {
      const preflight = await fetch(url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://page.test',
          'access-control-request-headers': 'apikey,authorization',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-headers')).toBe('apikey,authorization');
      const reply = await fetch(url + path, { method: 'POST' });
      expect(reply.headers.get('access-control-allow-origin')).toBe('*');
      expect(await reply.json()).toMatchObject({ path });
    },
  );

  it('serves nothing else, so that a wrong address does not look like a right one', async () => {
    for (const path of ['/', '/realtime/v1/', '/functions/v2/x']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });
});
