import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { plainFetch } from './plain-fetch.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it('sends bytes, and reads status, headers and body as fetch does', async () => {
  const url = await serve((request, response) => {
    response.writeHead(201, { location: '/x', 'x-type': request.headers['content-type'] });
    request.pipe(response);
  });
  const ask = () =>
    plainFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: Buffer.from('{"v":0}'),
    });
  const response = await ask();
  expect([response.status, response.ok]).toEqual([201, true]);
  expect(response.headers.get('Location')).toBe('/x');
  expect(response.headers.get('x-type')).toBe('application/sdp');
  expect(await response.text()).toBe('{"v":0}');
  expect(await (await ask()).json()).toEqual({ v: 0 });
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await ask()).body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
  }
  expect(Buffer.concat(chunks).toString()).toBe('{"v":0}');
});

it('follows no redirect, and can leave a body unread', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end('moved'),
  );
  const response = await plainFetch(url);
  expect(response.status).toBe(307);
  await response.body?.cancel();
});

it('rejects where nobody answers, where the answer breaks off, and when it is given up', async () => {
  await expect(plainFetch('http://127.0.0.1:1/')).rejects.toThrow();
  const url = await serve((request, response) => {
    if (request.url !== '/cut') return;
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  const cut = await plainFetch(`${url}cut`);
  await expect(cut.text()).rejects.toThrow();
  const controller = new AbortController();
  const hung = plainFetch(url, { signal: controller.signal });
  controller.abort();
  await expect(hung).rejects.toThrow();
});
