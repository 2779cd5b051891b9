import type { TranscriptEntry } from '@interview/protocol';

/**
 * What a store holds of one writer.
 *
 * @example
 * const waiting = (await store.read(sessionId)).flatMap(({ pending }) => pending);
 */
export interface WriterState {
  writerId: string;
  /** Last sequence that was given out. */
  last: number;
  /** Up to where the server acknowledged. */
  acknowledged: number;
  /** Rows that are not acknowledged, by sequence. */
  pending: TranscriptEntry[];
}

/**
 * Keeps rows until the server has them. One store serves all sessions of an origin, and all pages of it.
 *
 * @example
 * new InterviewSession({ startUrl, invitation, ports: { openStore: () => openMyStore() } });
 */
export interface OutboxStore {
  readonly kind: 'indexeddb' | 'memory';
  /** Resolves when nothing can be stored any more: the browser closed the database. */
  readonly lost?: Promise<void>;
  /**
   * Takes the writer's next sequence and stores the row made with it, in one transaction.
   *
   * @param after the last sequence that the writer itself knows: however little the store remembers, none is given twice
   */
  append(
    sessionId: string,
    writerId: string,
    after: number,
    make: (sequence: number) => TranscriptEntry,
  ): Promise<TranscriptEntry>;
  /** Every writer that this browser knows of the session, in one transaction. */
  read(sessionId: string): Promise<WriterState[]>;
  /** Forgets rows up to and with `through`. */
  acknowledge(sessionId: string, writerId: string, through: number): Promise<void>;
  /** Forgets the session. */
  clear(sessionId: string): Promise<void>;
  /** Lets the disk go; nothing is asked any more. */
  close?(): void;
}
