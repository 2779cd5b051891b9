import { parseServerEvent } from '@interview/protocol';
import { WebSocket } from 'ws';
import { ProxyError } from '../proxy-error.ts';
import { KeyRefused } from './api-keys.ts';
import { keyHeaders, unreachable, type OpenAiServer } from './openai-http.ts';
import type { Sideband, SidebandHandlers } from './port.ts';

/** An item that is asked for comes with its sound, about 64 kB a second. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;
/** A sideband that does not answer a ping before the next one is taken as dead, milliseconds. Our choice. */
const PING_MS = 5_000;

/**
 * Joins a call by its id. `signal` gives up.
 *
 * @throws {ProxyError} `call_not_found` where the provider has none of that id, `upstream_unavailable`,
 * `upstream_timeout`, `upstream_auth`
 */
export function attach(
  server: OpenAiServer,
  providerCallId: string,
  handlers: SidebandHandlers,
  signal: AbortSignal,
): Promise<Sideband> {
  const url = `${server.baseUrl.replace(/^http/, 'ws')}/realtime?call_id=${encodeURIComponent(providerCallId)}`;
  return server.keys.with((key) => {
    const socket = new WebSocket(url, {
      headers: keyHeaders(server, key),
      maxPayload: MAX_EVENT_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    return opened(socket, handlers, { signal, pingMs: server.pingMs ?? PING_MS });
  });
}

function opened(
  socket: WebSocket,
  handlers: SidebandHandlers,
  { signal, pingMs }: { signal: AbortSignal; pingMs: number },
): Promise<Sideband> {
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) handlers.event(parseServerEvent(data.toString('utf8')));
  });
  return new Promise((resolve, reject) => {
    const giveUp = (): void => socket.terminate();
    const fail = (error: unknown): void => reject(unreachable(error, signal));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', fail);
    socket.once('unexpected-response', (request, response) => {
      const { statusCode = 0 } = response;
      request.destroy();
      const cause = new Error(`The provider answered ${statusCode} to the sideband`);
      if (statusCode === 401) reject(new KeyRefused('The provider refused a key.', { cause }));
      else if (statusCode === 404) reject(unknownCall(cause));
      else fail(cause);
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', giveUp);
      keepAlive(socket, pingMs);
      socket.once('close', () => handlers.closed());
      resolve({
        send: (event) => {
          if (socket.readyState !== WebSocket.OPEN) return false;
          socket.send(JSON.stringify(event));
          return true;
        },
        close: () => socket.close(),
      });
    });
    socket.once('close', () => fail(new Error('closed before it was open')));
    if (signal.aborted) giveUp();
  });
}

function unknownCall(cause: unknown): ProxyError {
  return new ProxyError('call_not_found', 'The interviewer knows nothing of this call.', { cause });
}

/** A connection can die without anybody closing it; then it is ended, so that another is opened. */
function keepAlive(socket: WebSocket, everyMs: number): void {
  let alive = true;
  socket.on('pong', () => (alive = true));
  socket.on('message', () => (alive = true));
  const timer = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, everyMs).unref();
  socket.once('close', () => clearInterval(timer));
}
