import * as z from "zod/mini";
import type { Gap } from "../../shared/protocol/pageStorage.ts";
import { encodeValue } from "../../shared/state/encodeValue.ts";
import type { DatabaseShape } from "../../shared/state/entry.ts";
import { ownCopy } from "../../shared/state/ownCopy.ts";
import type { PageEntry } from "../../shared/state/pageEntry.ts";
import { canonicalKey } from "../../shared/state/recordKey.ts";
import { openDatabase, settled } from "./openDatabase.ts";

/** What of one origin's databases is carried: more would cost the page its time at every look. */
export const recordLimit = 5_000;
export const sizeLimit = 8 * 1024 * 1024;
/** How many records are read at a time. */
const atOnce = 200;

type Databases = Extract<PageEntry, { kind: "database" | "record" }>;

export interface Read {
  entries: Databases[];
  /** Databases over the limits, none of whose items is among the entries. */
  skipped: string[];
  gaps: Gap[];
}

/** Everything in the origin's databases, but for those already known to be over the limits (`skip`). */
export async function readDatabases(origin: string, skip: ReadonlySet<string>): Promise<Read> {
  const read: Read = { entries: [], skipped: [], gaps: [] };
  const missing = new Map<string, number>();
  const room = { records: recordLimit, characters: sizeLimit };
  for (const name of await databaseNames()) {
    const one = skip.has(name) ? undefined : await readOne(origin, name, room, missing);
    if (one) read.entries.push(...one);
    else read.skipped.push(name);
  }
  if (read.skipped.length > 0) missing.set(`IndexedDB database of over ${recordLimit} records or ${sizeLimit / 1024 / 1024} MiB`, read.skipped.length);
  read.gaps = [...missing].map(([what, count]) => ({ what, count }));
  return read;
}

const Listed = z.array(z.object({ name: z.string() }));

export async function databaseNames(): Promise<string[]> {
  return Listed.parse(ownCopy(await indexedDB.databases())).map(({ name }) => name);
}

/** Undefined when it is over the limits. A database that has gone meanwhile has no entries. */
async function readOne(origin: string, name: string, room: { records: number; characters: number }, missing: Map<string, number>): Promise<Databases[] | undefined> {
  const database = await openDatabase(name);
  if (!database) return [];
  try {
    const names = [...database.objectStoreNames];
    const counts = await Promise.all(names.map((store) => settled(database.transaction(store, "readonly").objectStore(store).count())));
    const records = counts.reduce((sum, count) => sum + count, 0);
    if (records > room.records) return undefined;
    room.records -= records;
    const entries: Databases[] = [{ kind: "database", origin, database: name, shape: shapeOfDatabase(database) }];
    for (const store of names) {
      for await (const { key, value } of recordsOf(database, store)) {
        const [encodedKey, encoded] = [await encodeValue(key), await encodeValue(value)];
        const canonical = encodedKey.kind === "value" ? canonicalKey(encodedKey.value) : undefined;
        if (encoded.kind !== "value" || canonical === undefined) {
          const what = `${encoded.kind === "notPortable" ? encoded.what : "A record's key"} in IndexedDB`;
          missing.set(what, (missing.get(what) ?? 0) + 1);
          continue;
        }
        room.characters -= JSON.stringify(encoded.value).length;
        if (room.characters < 0) return undefined;
        entries.push({ kind: "record", origin, database: name, store, key: canonical, value: encoded.value });
      }
    }
    return entries;
  } finally {
    database.close();
  }
}

/** A store's records in the order of their keys, some at a time: each is a transaction of its own, which keeps the page waiting only briefly. */
async function* recordsOf(database: IDBDatabase, name: string): AsyncGenerator<{ key: unknown; value: unknown }> {
  let range: IDBKeyRange | undefined;
  for (;;) {
    const store = database.transaction(name, "readonly").objectStore(name);
    const [keys, values] = await Promise.all([settled(store.getAllKeys(range, atOnce)), settled(store.getAll(range, atOnce))]);
    // At once, and of the whole list: of a wrapped one the items read as undefined.
    const [ownKeys, ownValues] = [listOf(ownCopy(keys)), listOf(ownCopy(values))];
    for (const [index, key] of ownKeys.entries()) yield { key, value: ownValues[index] };
    if (ownKeys.length < atOnce) return;
    range = IDBKeyRange.lowerBound(ownKeys.at(-1), true);
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Of a database that is open. */
export function shapeOfDatabase(database: IDBDatabase): DatabaseShape {
  const names = [...database.objectStoreNames];
  const transaction = names.length === 0 ? undefined : database.transaction(names, "readonly");
  return { version: database.version, stores: names.flatMap((name) => (transaction ? shapeOf(transaction.objectStore(name)) : [])) };
}

function shapeOf(store: IDBObjectStore): DatabaseShape["stores"][number] {
  const indexes = [...store.indexNames].map((name) => store.index(name));
  return {
    name: store.name,
    keyPath: pathOf(store.keyPath),
    autoIncrement: store.autoIncrement,
    indexes: indexes.map(({ name, keyPath, unique, multiEntry }) => ({ name, keyPath: pathOf(keyPath) ?? "", unique, multiEntry })),
  };
}

/** A list of names of this global's own. */
function pathOf(keyPath: string | string[] | null): DatabaseShape["stores"][number]["keyPath"] {
  return Array.isArray(keyPath) ? Array.from(keyPath, String) : keyPath;
}
