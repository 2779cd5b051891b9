import type { ClientMessage, ServerMessage } from '@interview/protocol';
import type { InterviewError } from '../errors.ts';

type Identified = Extract<ClientMessage, { id: string }>;
/** A message that the server answers, without the id that the signaller gives it. */
export type SignallerRequest = Identified extends infer M
  ? M extends { id: string }
    ? Omit<M, 'id'>
    : never
  : never;
/** A message that needs no answer. */
export type SignallerNotice = Exclude<ClientMessage, { id: string }>;
/** First message of the server on each connection. */
export type ReadyMessage = Extract<ServerMessage, { type: 'ready' }>;

/** What a signaller tells. */
export interface SignallerHandlers {
  /** Connected, at first and after each reconnect. */
  onReady(ready: ReadyMessage): void;
  /** The connection is gone; it is being made again. */
  onDown(): void;
  /** What the server sends without being asked. */
  onMessage(message: ServerMessage): void;
  /** It will not connect again. */
  onRefused(error: InterviewError): void;
}

/** Talks to the proxy, reconnects by itself, keeps its token fresh. */
export interface Signaller {
  /** The server's clock minus this one's at the last `ready`, milliseconds; 0 before the first. */
  readonly serverClockOffsetMs: number;
  /** Begins to connect, and goes on until closed, refused or aborted. */
  connect(signal: AbortSignal): void;
  /**
   * Resolves when connected.
   *
   * @throws InterviewError proxy_timeout at the deadline (milliseconds), or why it will not connect again
   */
  whenReady(deadlineMs: number): Promise<void>;
  /**
   * Sends a message and resolves with the reply of the same id. An offer need not wait until it is connected: it goes
   * out with the opening of the first socket.
   *
   * @param deadlineMs how long to wait for the reply
   * @param id one of `newId()` when the same request may have to be repeated; default: a new one
   * @throws InterviewError by the code of an `error` reply; `proxy_timeout` when the deadline passes, `proxy_unreachable` when
   * the connection goes or there is none: then the outcome is unknown, and the same id may be sent again
   */
  request(message: SignallerRequest, deadlineMs: number, id?: string): Promise<ServerMessage>;
  /** An id for a request that may have to be repeated. */
  newId(): string;
  /** Sends a message that has no reply; dropped when not connected. */
  notify(message: SignallerNotice): void;
  /**
   * Sends one message by HTTP and resolves with its reply, also when no connection is held any more, with the token of
   * last. For what a candidate may still say after the end.
   *
   * @throws InterviewError as `request`
   */
  post(message: SignallerRequest): Promise<ServerMessage>;
  /**
   * Sends a message that outlives the page, at most 48 KiB of it; its reply is never read. For a page that is left.
   */
  flush(message: SignallerRequest): void;
  /** The page woke or the network changed: makes sure that the connection lives and the token is fresh, at once. */
  wake(): void;
  /** Ends the connection and rejects what waits. */
  close(): void;
}
