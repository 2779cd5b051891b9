import type { ClientMessage, ServerMessage } from '@interview/protocol';
import type { Ports } from '../options.ts';

/** What one connection tells; after `onClosed`, and after `close()`, nothing more. */
export interface ConnectionHandlers {
  /** `ready`, or a refusal, is the first message. null: something that this version does not understand. */
  onMessage(message: ServerMessage | null): void;
  /** It ended, with the close code of a socket (RFC 6455 §7.4). */
  onClosed(code: number): void;
}

/** What every connection needs. */
export interface ConnectionOptions {
  token: string;
  ports: Pick<Ports, 'WebSocket' | 'fetch' | 'now'>;
  handlers: ConnectionHandlers;
}

/** One connection to the proxy, from its opening to its end. A reconnect is a new one. */
export interface Connection {
  /** Sends one message; not before `ready`, except an offer over a socket, which goes out with its opening. */
  send(message: ClientMessage): void;
  /** The token was renewed; a socket has renewed its own. */
  useToken?(token: string): void;
  /** Ends it without telling. */
  close(): void;
}
