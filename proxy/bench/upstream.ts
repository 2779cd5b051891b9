import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerSdp } from '../src/testing/interview.ts';

/**
 * A provider that answers every offer with the same SDP after a while, and lets the proxy into the call. It prints its
 * address; `GET /delay?ms=` says how long it takes from then on, `GET /offers` how many offers came.
 */
let delayMs = 0;
let offers = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on('end', () => respond(request, response));
});

function respond(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/delay') delayMs = Number(searchParams.get('ms'));
  if (request.method === 'GET' || pathname.endsWith('/hangup')) {
    response.end(String(offers));
    return;
  }
  offers += 1;
  const location = `/v1/realtime/calls/rtc_${offers}`;
  const answer = (): void => {
    response.writeHead(201, { 'content-type': 'application/sdp', location }).end(answerSdp);
  };
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs);
}

const sideband = new WebSocketServer({ server, perMessageDeflate: false });
sideband.on('connection', (socket) => {
  socket.on('message', () => undefined);
  socket.send('{"type":"session.created","event_id":"event_1","session":{}}');
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
