import {
  isErrorCode,
  type ErrorCode,
  type OfferReason,
  type ServerMessage,
} from '@interview/protocol';

/** How something came out: well, or with a code of the protocol. */
export type Outcome = 'ok' | ErrorCode;

/** What is told of what happens, for whoever counts. No session, call, page or person has a name here. */
export interface Meter {
  /** A request, or a message on a socket, had its answer. */
  answered(door: 'http' | 'socket', outcome: Outcome): void;
  /** One HTTP exchange, by the pattern of its address. */
  exchanged(exchange: { method: string; route: string; status: number; seconds: number }): void;
  /** `open` is asked for the number of open sockets whenever somebody reads. */
  countSockets(open: () => number): void;
  callOpened(provider: string, reason: OfferReason): void;
  callClosed(reason: string): void;
  /** The provider was asked for something. */
  askedUpstream(provider: string, operation: string, outcome: Outcome, seconds: number): void;
  /** A key of ours was refused: somebody must replace it. */
  keyRefused(provider: string): void;
  /** The database, or a function over it, was asked for something. */
  askedStorage(operation: string, outcome: Outcome, seconds: number): void;
  /** Rows of a transcript were acknowledged, to a page or to our own supervisor. */
  acknowledged(
    writer: 'page' | 'server',
    rows: { stored: number; duplicates: number; refused: number },
  ): void;
  integrityEvent(kind: string): void;
  /** The processor has worked off what was due. */
  ticked(jobs: { processed: number; failed: number; remaining: number; dead: number }): void;
}

/** Counts what a socket sends, where it is the answer to something. */
export function countAnswer(meter: Meter, message: ServerMessage): void {
  if (message.type === 'error') {
    meter.answered('socket', isErrorCode(message.code) ? message.code : 'internal');
  } else if ('id' in message || message.type === 'token') meter.answered('socket', 'ok');
}
