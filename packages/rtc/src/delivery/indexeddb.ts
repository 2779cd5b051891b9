import { within } from '../within.ts';

/** A disk that has not answered by then has failed, milliseconds: Safari's sometimes never does. */
const ANSWER_MS = 3_000;

/** What `work` gives. @throws what it throws, or an error when it takes more than 3 s */
export function inTime<T>(work: Promise<T>): Promise<T> {
  return within(work, ANSWER_MS, 'delivery_failed');
}

/** Resolves with the result of a request. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('Failed.'));
  });
}

/** Resolves when the transaction is on disk; until then nothing may be taken as stored. */
export function committed(transaction: IDBTransaction): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () =>
      reject(transaction.error ?? new Error('Aborted.'));
  });
  // Whoever waits is told; one whose own request failed first waits no more.
  done.catch(() => undefined);
  return done;
}

/**
 * Opens a database. Another page with a newer version closes ours, so that it is not held up.
 *
 * @param upgrade makes the stores of a new database
 * @param onLost the database was closed, by such a page or by the browser
 * @throws what the browser gives, or an error when another page holds the database or 3 s have passed
 */
export async function openDatabase(
  factory: IDBFactory,
  name: string,
  upgrade: (database: IDBDatabase) => void,
  onLost?: () => void,
): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => upgrade(request.result);
  const blocked = new Promise<never>((_, reject) => {
    request.onblocked = () => reject(new Error('Blocked by another page.'));
  });
  try {
    const database = await inTime(Promise.race([resultOf(request), blocked]));
    database.onclose = () => onLost?.();
    database.onversionchange = () => {
      database.close();
      onLost?.();
    };
    return database;
  } catch (error) {
    // It may still come, and must not stand in another page's way then.
    request.onsuccess = () => request.result.close();
    throw error;
  }
}
