import { decodeValue } from "../../shared/state/decodeValue.ts";
import type { DatabaseShape } from "../../shared/state/entry.ts";
import { canonicalShape } from "../../shared/state/canonicalShape.ts";
import { entryId } from "../../shared/state/entryId.ts";
import type { PageEntry, PageEntryId } from "../../shared/state/pageEntry.ts";
import { shapeWithoutCounters } from "../../shared/sync/counters.ts";
import { completed, deleteDatabase, openDatabase, settled, makeDatabase } from "./openDatabase.ts";
import { shapeOfDatabase } from "./readDatabases.ts";

type RecordEntry = Extract<PageEntry, { kind: "record" }>;
type RecordId = Extract<PageEntryId, { kind: "record" }>;
type Store = DatabaseShape["stores"][number];

/** Why something waits for the next load, in words without content. */
export const inUse = "IndexedDB database in use by the page";

/** What one database is to become. */
export interface DatabaseWork {
  name: string;
  origin: string;
  shape?: DatabaseShape | undefined;
  isRemoved: boolean;
  set: RecordEntry[];
  remove: RecordId[];
}

/** Gathers entries by database. */
export function databaseWork(set: readonly PageEntry[], remove: readonly PageEntryId[]): DatabaseWork[] {
  const works = new Map<string, DatabaseWork>();
  const of = ({ origin, database: name }: { origin: string; database: string }): DatabaseWork => {
    const work = works.get(name) ?? { name, origin, isRemoved: false, set: [], remove: [] };
    works.set(name, work);
    return work;
  };
  for (const id of remove) {
    if (id.kind === "database") of(id).isRemoved = true;
    if (id.kind === "record") of(id).remove.push(id);
  }
  for (const entry of set) {
    if (entry.kind === "database") of(entry).shape = entry.shape;
    if (entry.kind === "record") of(entry).set.push(entry);
  }
  return [...works.values()];
}

export interface Failure {
  id: PageEntryId;
  /** Why, in words without content. */
  reason: string;
}

/**
 * Does it; answers what could not be written. Rejects when none of it could be. Only `alone` is a database deleted or made anew: while a
 * page has it open that would wait for the page, and the page's own next opening would wait behind it. Its records go all the same.
 */
export async function writeDatabase({ name, origin, shape, isRemoved, set, remove }: DatabaseWork, alone: boolean): Promise<Failure[]> {
  const failed: Failure[] = [];
  if (isRemoved && alone) await deleteDatabase(name);
  if (isRemoved && !alone && (await emptyDatabase(name)) && !shape) return [{ id: { kind: "database", origin, database: name }, reason: inUse }];
  if (isRemoved && !shape) return failed;
  const database = await withShape(name, shape, alone);
  if (!database) return set.map((entry) => ({ id: entryId(entry), reason: "record without its IndexedDB database" }));
  try {
    const stores = new Set([...remove, ...set].map(({ store }) => store).filter((store) => database.objectStoreNames.contains(store)));
    const fail = (entry: RecordEntry, reason: string): void => void failed.push({ id: entryId(entry), reason });
    for (const entry of set) if (!stores.has(entry.store)) fail(entry, "record without its object store");
    if (stores.size === 0) return failed;
    const transaction = database.transaction([...stores], "readwrite");
    const done = completed(transaction);
    for (const id of remove) if (stores.has(id.store)) transaction.objectStore(id.store).delete(keyFor(id));
    for (const entry of set) if (stores.has(entry.store)) put(transaction.objectStore(entry.store), entry, fail);
    await done;
    return failed;
  } finally {
    database.close();
  }
}

function put(store: IDBObjectStore, entry: RecordEntry, fail: (entry: RecordEntry, reason: string) => void): void {
  let request: IDBRequest;
  try {
    const value = decodeValue(entry.value);
    request = store.keyPath === null ? store.put(value, keyFor(entry)) : store.put(value);
  } catch {
    fail(entry, "record that Firefox does not take");
    return;
  }
  request.onerror = (event) => {
    // A unique index that another record is in: the others are written all the same.
    event.preventDefault();
    event.stopPropagation();
    fail(entry, "record that is at odds with another one");
  };
}

/** The key as IndexedDB takes it. */
function keyFor({ key }: { key: RecordEntry["key"] }): IDBValidKey {
  const decoded: unknown = decodeValue(key);
  // What canonicalKey() let through is one.
  return decoded as IDBValidKey;
}

/** All records of a database that is there; false when it is not. */
async function emptyDatabase(name: string): Promise<boolean> {
  const database = await openDatabase(name);
  if (!database) return false;
  try {
    const stores = [...database.objectStoreNames];
    if (stores.length === 0) return true;
    const transaction = database.transaction(stores, "readwrite");
    const done = completed(transaction);
    for (const store of stores) transaction.objectStore(store).clear();
    await done;
    return true;
  } finally {
    database.close();
  }
}

/** The database with that shape; as it is where none is asked for, undefined when it is not there. Throws where it would have to be made anew and may not. */
async function withShape(name: string, shape: DatabaseShape | undefined, alone: boolean): Promise<IDBDatabase | undefined> {
  const database = await openDatabase(name);
  if (!shape) return database;
  if (!database) return makeDatabase(name, shape.version, (made) => make(made, shape.stores));
  if (same(shapeOfDatabase(database), shape)) return database;
  if (!alone) {
    database.close();
    throw new Error(inUse);
  }
  // A version cannot go back, and stores change only with one: made anew, with what was in the stores that stay.
  const kept = await keep(database, shape);
  database.close();
  await deleteDatabase(name);
  const anew = await makeDatabase(name, shape.version, (made) => make(made, shape.stores));
  if (kept.length > 0) {
    const transaction = anew.transaction(kept.map(({ store }) => store), "readwrite");
    const done = completed(transaction);
    for (const { store, keys, values } of kept) {
      const target = transaction.objectStore(store);
      values.forEach((value, index) => (target.keyPath === null ? target.put(value, keys[index]) : target.put(value)));
    }
    await done;
  }
  return anew;
}

/** The records of stores that both shapes have with the same keys, as they are: some may be such as no other program could hold. */
async function keep(database: IDBDatabase, shape: DatabaseShape): Promise<{ store: string; keys: IDBValidKey[]; values: unknown[] }[]> {
  const before = shapeOfDatabase(database).stores;
  const staying = shape.stores.filter((store) => before.some((one) => one.name === store.name && JSON.stringify(one.keyPath) === JSON.stringify(store.keyPath)));
  return Promise.all(
    staying.map(async ({ name: store }) => {
      const source = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([settled(source.getAllKeys()), settled<unknown[]>(source.getAll())]);
      return { store, keys, values };
    }),
  );
}

function make(database: IDBDatabase, stores: readonly Store[]): void {
  for (const { name, keyPath, autoIncrement, nextKey, indexes } of stores) {
    const store = database.createObjectStore(name, { keyPath, autoIncrement });
    for (const index of indexes) store.createIndex(index.name, index.keyPath, { unique: index.unique, multiEntry: index.multiEntry });
    if (autoIncrement && nextKey !== undefined && nextKey > 1) advance(store, nextKey);
  }
}

/** Brings a key generator to where the next key is `nextKey` (Indexed Database API 3.0, section 2.11): it follows the keys that are put. */
function advance(store: IDBObjectStore, nextKey: number): void {
  const key = nextKey - 1;
  const { keyPath } = store;
  if (keyPath === null) store.put(null, key);
  else if (typeof keyPath === "string") store.put(keyPath.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), key));
  store.delete(key);
}

function same(a: DatabaseShape, b: DatabaseShape): boolean {
  return JSON.stringify(canonicalShape(shapeWithoutCounters(a))) === JSON.stringify(canonicalShape(shapeWithoutCounters(b)));
}
