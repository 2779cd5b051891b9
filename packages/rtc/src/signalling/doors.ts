import type { Connection, ConnectionOptions } from './connection.ts';
import { SocketConnection } from './socket.ts';

/** One proxy: `ws` of its socket, `http` the base of its other addresses. */
export interface ProxyAddress {
  readonly ws: string;
  readonly http: string;
}

/** One way into a proxy. */
export interface Door {
  readonly http: string;
  /** @throws what the browser throws for an address that it refuses */
  open(options: ConnectionOptions): Connection;
}

/** How often the door that worked is tried again before others are: a restart of the proxy closes them all. */
const FAITHFUL_TRIES = 3;

/**
 * The ways into each proxy, best first: socket, event stream, looks every 5 s.
 *
 * @param writerId told in each address, so that the proxy knows the page again, by whichever door it comes
 */
export function doorsOf(addresses: readonly ProxyAddress[], writerId: string): Door[] {
  return addresses.flatMap((address) => {
    const [ws, http] = [address.ws, address.http].map((text) => {
      const url = new URL(text);
      url.searchParams.set('writer_id', writerId);
      return url.href;
    }) as [string, string];
    return [
      { http, open: (options) => new SocketConnection(ws, options) },
      { http, open: (options) => openLater(http, false, options) },
      { http, open: (options) => openLater(http, true, options) },
    ] satisfies Door[];
  });
}

/** Few pages ever need this way, so it is loaded by those that do. */
function openLater(http: string, looks: boolean, options: ConnectionOptions): Connection {
  let connection: Connection | null = null;
  let closed = false;
  import('./http.ts').then(
    ({ HttpConnection }) => {
      if (!closed) connection = new HttpConnection(http, looks, options);
    },
    () => closed || options.handlers.onClosed(1006),
  );
  return {
    send: (message) => connection?.send(message),
    useToken: (token) => connection?.useToken?.(token),
    close: () => {
      closed = true;
      connection?.close();
    },
  };
}

/** Which door an attempt goes to. */
export interface Turn {
  index: number;
  /** Counts the times that it was begun anew, for the pause before. */
  round: number;
  /** The first of its round; those that follow need no pause. */
  first: boolean;
}

/**
 * The door of the `attempt`-th try in a row, from 0.
 *
 * @param count of doors
 * @param known the door that worked last; null before the first connection
 */
export function doorAt(attempt: number, count: number, known: number | null): Turn {
  const faithful = known === null ? 0 : FAITHFUL_TRIES;
  const start = known ?? 0;
  if (attempt < faithful) return { index: start, round: attempt, first: true };
  const beyond = attempt - faithful;
  return {
    index: (start + beyond) % count,
    round: faithful + Math.floor(beyond / count),
    first: beyond % count === 0,
  };
}
