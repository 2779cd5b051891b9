import type { WriterId } from '@interview/protocol';
import type { DeliveryStatus } from '../../events.ts';
import { silentLogger } from '../../logger.ts';
import { row, sessionId, writerId } from '../../testing/rows.ts';
import type { Batch } from '../batch.ts';
import { Outbox } from '../outbox.ts';
import type { OutboxStore } from '../store.ts';

/** Another page load than the usual one. */
export const otherWriter = 'b_zyxwvutsrqponmlkjihgfe' as WriterId;

/** The outbox of one page. @param told gets each status */
export function openOutbox(
  store: OutboxStore,
  writer: WriterId = writerId,
  told: DeliveryStatus[] = [],
): Promise<Outbox> {
  const onChange = (status: DeliveryStatus) => told.push(status);
  return Outbox.open({ store, sessionId, writerId: writer, logger: silentLogger, onChange });
}

/** Appends a row for each text. */
export async function write(outbox: Outbox, ...texts: string[]): Promise<void> {
  for (const text of texts) await outbox.append(row(text));
}

/** What would be sent next, as `sequence text`. */
export function waiting(outbox: Outbox): string[] {
  return outbox.next()?.entries.map(({ sequence, text }) => `${sequence} ${text}`) ?? [];
}

/** Acknowledges everything, a batch at a time. */
export function* delivered(outbox: Outbox): Generator<Batch> {
  for (let batch = outbox.next(); batch; batch = outbox.next()) {
    yield batch;
    outbox.acknowledge(batch.writerId, batch.entries.at(-1)?.sequence ?? 0);
  }
}
