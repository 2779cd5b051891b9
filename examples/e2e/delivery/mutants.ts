import type { TranscriptEntry } from '@interview/protocol';
import type { Signaller } from '../../../packages/rtc/src/signalling/signaller.ts';
import type { SignallerMutation } from './page.ts';
import type { StorageMutation } from './proxy-process.ts';

/** A change of the product that loses rows. The schedules must notice. */
export interface Mutant {
  storage: StorageMutation;
  signaller: SignallerMutation;
}

/** The product as it is. */
export const unchanged: Mutant = { storage: (real) => real, signaller: (real) => real };

/** Deletes rows when they are sent, not when they are acknowledged: the order of many telemetry queues. */
export const deletesBeforeAck: Mutant = {
  ...unchanged,
  signaller: (real, outbox) => {
    const request: Signaller['request'] = (message, ms, id) => {
      if (message.type === 'transcript') {
        outbox.acknowledge(message.writer_id, lastOf(message.entries));
      }
      return real.request(message, ms, id);
    };
    return { request, flush: (message) => real.flush(message) };
  },
};

/** Acknowledges rows when they come in, and commits them a moment later. */
export const acksBeforeCommit: Mutant = {
  ...unchanged,
  storage: (real, alive) => ({
    ...real,
    storeEntries: (session, writer, entries) => {
      const commit = (): void => {
        // What fails now, nobody is told any more.
        if (alive()) void real.storeEntries(session, writer, entries).catch(() => undefined);
      };
      setTimeout(commit, 20);
      const counts = { stored: entries.length, duplicates: 0, refused: [] };
      return Promise.resolve({ writer_id: writer, last_sequence: lastOf(entries), ...counts });
    },
  }),
};

function lastOf(entries: readonly unknown[]): number {
  return Math.max(...(entries as TranscriptEntry[]).map(({ sequence }) => sequence));
}
