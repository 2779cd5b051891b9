import type { TranscriptEntry } from '@interview/protocol';

/** Last sequence that a writer gave out, and up to where the server acknowledged. */
export interface WriterState {
  writerId: string;
  last: number;
  acknowledged: number;
}

/** Keeps rows until the server has them. One store serves all sessions of an origin. */
export interface OutboxStore {
  readonly kind: 'indexeddb' | 'memory';
  /** Takes the writer's next sequence and stores the row made with it, in one transaction. */
  append(
    sessionId: string,
    writerId: string,
    make: (sequence: number) => TranscriptEntry,
  ): Promise<TranscriptEntry>;
  /** Rows of a writer that are not acknowledged, by sequence. */
  pending(sessionId: string, writerId: string): Promise<TranscriptEntry[]>;
  /** Forgets rows up to and with `through`. */
  acknowledge(sessionId: string, writerId: string, through: number): Promise<void>;
  /** Every writer that this browser knows of the session. */
  writers(sessionId: string): Promise<WriterState[]>;
  /** Forgets the session. */
  clear(sessionId: string): Promise<void>;
}
