import type { TranscriptEntry } from '@interview/protocol';
import type { OutboxStore, WriterState } from './store.ts';

interface Kept {
  last: number;
  acknowledged: number;
  entries: TranscriptEntry[];
}

/** Keeps rows as long as the page lives: for browsers that store nothing. */
export class MemoryStore implements OutboxStore {
  readonly kind = 'memory';
  readonly #sessions = new Map<string, Map<string, Kept>>();

  /** Goes on from where another store stopped: a writer's sequence never starts again. */
  continueFrom(sessionId: string, writerId: string, last: number): void {
    this.#writer(sessionId, writerId).last = last;
  }

  append(
    sessionId: string,
    writerId: string,
    make: (sequence: number) => TranscriptEntry,
  ): Promise<TranscriptEntry> {
    const writer = this.#writer(sessionId, writerId);
    const entry = make(writer.last + 1);
    writer.last += 1;
    writer.entries.push(entry);
    return Promise.resolve(entry);
  }

  pending(sessionId: string, writerId: string): Promise<TranscriptEntry[]> {
    return Promise.resolve([...this.#writer(sessionId, writerId).entries]);
  }

  acknowledge(sessionId: string, writerId: string, through: number): Promise<void> {
    const writer = this.#writer(sessionId, writerId);
    writer.acknowledged = Math.max(writer.acknowledged, through);
    writer.entries = writer.entries.filter(({ sequence }) => sequence > through);
    return Promise.resolve();
  }

  writers(sessionId: string): Promise<WriterState[]> {
    const writers = [...(this.#sessions.get(sessionId) ?? [])];
    return Promise.resolve(
      writers.map(([writerId, { last, acknowledged }]) => ({ writerId, last, acknowledged })),
    );
  }

  clear(sessionId: string): Promise<void> {
    this.#sessions.delete(sessionId);
    return Promise.resolve();
  }

  #writer(sessionId: string, writerId: string): Kept {
    const session = this.#sessions.get(sessionId) ?? new Map<string, Kept>();
    this.#sessions.set(sessionId, session);
    const writer = session.get(writerId) ?? { last: 0, acknowledged: 0, entries: [] };
    session.set(writerId, writer);
    return writer;
  }
}
