import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';

interface Waiting {
  grant: () => void;
}

/** What outlives a page: the disk, and the locks that pages share. */
export class Browser {
  readonly disk = new IDBFactory();
  readonly #queues = new Map<string, Waiting[]>();

  /** Locks as one page has them. They are given back when it dies. */
  locksOf(death: AbortSignal): LockManager {
    const request = <T>(
      name: string,
      { signal }: { signal: AbortSignal },
      work: () => Promise<T>,
    ): Promise<T> => this.#request(name, signal, death, work);
    return { request } as unknown as LockManager;
  }

  #request<T>(
    name: string,
    signal: AbortSignal,
    death: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return new Promise((resolve, reject) => {
      let granted = false;
      const leave = (): void => {
        const wasFirst = queue[0] === waiting;
        const index = queue.indexOf(waiting);
        if (index >= 0) queue.splice(index, 1);
        if (wasFirst) queue[0]?.grant();
      };
      const waiting: Waiting = {
        grant: () => {
          granted = true;
          work().then(resolve, reject).finally(leave);
        },
      };
      death.addEventListener('abort', leave);
      signal.addEventListener('abort', () => {
        if (granted) return;
        leave();
        reject(signal.reason as Error);
      });
      queue.push(waiting);
      if (queue[0] === waiting) waiting.grant();
    });
  }
}
