import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, errorMeaning } from '@interview/protocol';
import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import { ProxyError } from '../proxy-error.ts';
import { sendRefusal } from './errors.ts';

/** What came of requests that Node could not read, by the code of its error. */
const meanings: Readonly<Record<string, [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come within its time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The request is too large.'],
};

/** An address that is none: answered as everything else is that we refuse. */
export function malformedAddress(
  _error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const refusal = new ProxyError('bad_request', 'The address is malformed.');
  void sendRefusal(refusal, request, reply.header('x-request-id', request.id));
}

/** A request that is no HTTP, or none that we take: answered in our shape, and the connection ends. */
export function malformedRequest(error: ConnectionError, socket: Socket): void {
  // There is nobody left to answer, or the answer to an earlier request is still under way.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy(error);
    return;
  }
  const [status, message] = meanings[error.code] ?? [
    errorMeaning('bad_request').status,
    'The request is malformed.',
  ];
  const body = JSON.stringify(errorBody('bad_request', message, randomUUID()));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      'Content-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroySoon(),
  );
}
