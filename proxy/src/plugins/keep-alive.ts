import type { WebSocket } from 'ws';

/** As much of a WebSocket server as is needed here. */
interface Clients {
  readonly clients: Iterable<WebSocket>;
  on: (event: 'connection', listener: (socket: WebSocket) => void) => unknown;
}

/**
 * Finds peers that are gone without a word: whoever answers no ping until the next one is due is cut off. Returns what
 * stops it.
 *
 * @param everyMs between two pings, milliseconds
 */
export function keepAlive(server: Clients, everyMs: number): () => void {
  const alive = new WeakSet<WebSocket>();
  server.on('connection', (socket) => {
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
  });
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, everyMs).unref();
  return () => clearInterval(timer);
}
