import type { InterviewError } from '../../errors.ts';
import { silentLogger } from '../../logger.ts';
import { Courier } from '../courier.ts';
import { MemoryStore } from '../memory-store.ts';
import type { Outbox } from '../outbox.ts';
import type { OutboxStore } from '../store.ts';
import type { DeliveryServer } from './delivery-server.ts';
import { openOutbox } from './open-outbox.ts';

/** What a page has to deliver with, and what it was refused with. */
export interface DeliveryPage {
  outbox: Outbox;
  courier: Courier;
  refused: InterviewError[];
}

export interface PageOptions {
  store?: OutboxStore;
  locks?: LockManager | null;
  random?: () => number;
}

/** A page that delivers to a scripted server; without options it stores nothing and asks for no lock. */
export async function openPage(
  server: DeliveryServer,
  { store = new MemoryStore(), locks = null, random = () => 0 }: PageOptions = {},
): Promise<DeliveryPage> {
  const outbox = await openOutbox(store);
  const refused: InterviewError[] = [];
  const courier = new Courier({
    outbox,
    signaller: server,
    locks,
    logger: silentLogger,
    random,
    onRefused: (error) => refused.push(error),
  });
  return { outbox, courier, refused };
}
