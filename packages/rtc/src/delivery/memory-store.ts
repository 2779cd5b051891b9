import type { TranscriptEntry } from '@interview/protocol';
import type { OutboxStore, WriterState } from './store.ts';

/** For browsers that store nothing: the outbox itself holds its rows as long as the page lives. */
export class MemoryStore implements OutboxStore {
  readonly kind = 'memory';

  append(
    _sessionId: string,
    _writerId: string,
    after: number,
    make: (sequence: number) => TranscriptEntry,
  ): Promise<TranscriptEntry> {
    return Promise.resolve(make(after + 1));
  }

  read(): Promise<WriterState[]> {
    return Promise.resolve([]);
  }

  async acknowledge(): Promise<void> {
    // Nothing is kept.
  }

  async clear(): Promise<void> {
    // Nothing is kept.
  }
}
