/** Resolves with the result of a request. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The request failed.'));
  });
}

/** Resolves when the transaction is on disk; until then nothing may be taken as stored. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () =>
      reject(transaction.error ?? new Error('The transaction was aborted.'));
  });
}

/**
 * Opens a database. Another page with a newer version closes ours, so that it is not held up.
 *
 * @param upgrade makes the stores of a new database
 */
export async function openDatabase(
  factory: IDBFactory,
  name: string,
  upgrade: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => upgrade(request.result);
  const blocked = new Promise<never>((_, reject) => {
    request.onblocked = () => reject(new Error(`Another page holds the database ${name}.`));
  });
  const database = await Promise.race([resultOf(request), blocked]);
  database.onversionchange = () => database.close();
  return database;
}
