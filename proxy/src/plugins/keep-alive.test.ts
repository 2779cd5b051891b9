import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { keepAlive } from './keep-alive.ts';

it('cuts off who answers no ping, and nobody else', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const stop = keepAlive(server, 50);
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const honest = new WebSocket(url);
  const dead = new WebSocket(url, { autoPong: false });
  const [code] = (await once(dead, 'close')) as [number];
  // No closing handshake: nobody is there to shake hands.
  expect(code).toBe(1006);
  for (let ping = 0; ping < 3; ping += 1) await once(honest, 'ping');
  expect(honest.readyState).toBe(WebSocket.OPEN);
  stop();
  honest.terminate();
  server.close();
});
