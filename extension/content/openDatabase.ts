/** A request's result, once it has one. Rejects with its error. */
export function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB"));
  });
}

/**
 * A database that is there, as it is; undefined when it is not (any more). The page may change or delete it at any time: the
 * connection gives way at once, so that the page is never kept waiting.
 */
export async function openDatabase(name: string): Promise<IDBDatabase | undefined> {
  const request = indexedDB.open(name);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(givingWay(request.result));
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
    request.onupgradeneeded = () => {
      // It would be made by this.
      request.onerror = () => resolve(undefined);
      request.transaction?.abort();
    };
  });
}

/** Makes a database: `upgrade` runs as in `onupgradeneeded`. */
export async function makeDatabase(name: string, version: number, upgrade: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => upgrade(request.result);
  return givingWay(await settled(request));
}

/** Waits for whoever has it open to give way, and everyone's next opening waits behind it. */
export async function deleteDatabase(name: string): Promise<void> {
  await settled(indexedDB.deleteDatabase(name));
}

function givingWay(database: IDBDatabase): IDBDatabase {
  database.onversionchange = () => database.close();
  return database;
}
