import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { supabaseRpc } from './supabase-rpc.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A REST API that answers as told. */
async function api(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body: unknown) =>
  api((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

describe('supabaseRpc', () => {
  it('calls a function with the key of the service', async () => {
    const seen: unknown[] = [];
    const url = await api((request, response) => {
      seen.push(request.url, request.headers['apikey']);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
    expect(await supabaseRpc(url, 'sb_secret_x')('writer_marks', { p_session: 'x' })).toEqual({
      ok: true,
    });
    expect(seen).toEqual(['/rest/v1/rpc/writer_marks', 'sb_secret_x']);
  });

  it('says that the database does not answer where nobody listens', async () => {
    const url = await answering(200, {});
    const closed = servers.pop();
    await new Promise((resolve) => closed?.close(resolve));
    await expect(supabaseRpc(url, 'k')('x', {})).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });

  it.each([
    [503, { code: 'PGRST001', message: 'no connection' }],
    [504, { code: 'PGRST003', message: 'pool timeout' }],
    [502, { message: 'bad gateway' }],
  ])('says so for %i too', async (status, body) => {
    const rpc = supabaseRpc(await answering(status, body), 'k');
    await expect(rpc('x', {})).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('takes a refusal of the API for a fault of ours', async () => {
    const rpc = supabaseRpc(
      await answering(404, { code: 'PGRST202', message: 'no such function' }),
      'k',
    );
    await expect(rpc('x', {})).rejects.toThrow('x failed with 404 PGRST202');
  });

  it('asks with the rights of an account, and says when its sign-in is over', async () => {
    const seen: unknown[] = [];
    const url = await api((request, response) => {
      seen.push(request.headers['apikey'], request.headers['authorization']);
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"code":"PGRST303","message":"JWT expired"}');
    });
    const rpc = supabaseRpc(url, 'sb_publishable_x', 'user.token');
    await expect(rpc('x', {})).rejects.toMatchObject({ code: 'token_invalid' });
    expect(seen).toEqual(['sb_publishable_x', 'Bearer user.token']);
  });
});
