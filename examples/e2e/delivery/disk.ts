import { IndexedDbStore } from '../../../packages/rtc/src/delivery/indexeddb-store.ts';
import { MemoryStore } from '../../../packages/rtc/src/delivery/memory-store.ts';
import type { OutboxStore } from '../../../packages/rtc/src/delivery/store.ts';

/** An answer that comes later than this is one that the page may have given up, milliseconds. */
const PATIENCE_MS = 2_900;

/** The real store of one page. */
export interface Disk {
  store: OutboxStore;
  /** It took too long when it was read last, so that the page does not know what others left. */
  blind: () => boolean;
}

/**
 * Opens the store as a page does: where there is none in time, memory.
 *
 * @param fullAfter rows after which there is no room; null when there always is
 */
export async function openDisk(factory: IDBFactory, fullAfter: number | null): Promise<Disk> {
  let blind = false;
  const store = await openStore(factory);
  const [append, read] = [store.append.bind(store), store.read.bind(store)];
  let count = 0;
  store.append = (...args) => {
    count += 1;
    if (fullAfter === null || count <= fullAfter) return append(...args);
    return Promise.reject(new DOMException('The disk is full.', 'QuotaExceededError'));
  };
  store.read = async (session) => {
    blind = true;
    const began = performance.now();
    const states = await read(session);
    blind = performance.now() - began > PATIENCE_MS;
    return states;
  };
  return { store, blind: () => blind };
}

/** How many rows of a session nobody has forgotten. */
export async function rowsLeft(factory: IDBFactory, session: string): Promise<number> {
  const states = await (await IndexedDbStore.open(factory)).read(session);
  return states.reduce((sum, { pending }) => sum + pending.length, 0);
}

async function openStore(factory: IDBFactory): Promise<OutboxStore> {
  try {
    return await IndexedDbStore.open(factory);
  } catch {
    return new MemoryStore();
  }
}
