import * as z from "zod/mini";
import type { DatabaseShape } from "../state/entry.ts";
import { encodeNow } from "../state/encodeValue.ts";
import { indexKeys, keyAt } from "../state/keyAt.ts";
import { canonicalKey } from "../state/recordKey.ts";
import { shapeFault } from "../state/shapeFault.ts";
import { Value } from "../state/value.ts";
import { depthLimit } from "../state/valueKinds.ts";
import { toPlaywrightValue } from "./playwrightValue.ts";
import type { Tallies } from "./tallies.ts";
import { type Database, OpfsEntry, type Origin, type StorageItem, type StorePlace } from "./types.ts";

const NamedValue = z.object({ name: z.string(), value: z.string() });

/** As it stands in the document: any JSON. */
const PlainValue = z.pipe(
  z.transform((plain, { issues }): unknown => {
    const encoded = encodeNow(plain);
    if (encoded.kind === "value") return encoded.value;
    // Of JSON, only the depth can be too much.
    issues.push({ code: "custom", message: `a value nested at most ${depthLimit} levels deep`, input: undefined });
    return z.NEVER;
  }),
  z.custom<Value>(),
);

const EncodedValue = z.pipe(z.transform(withInvalidDates), Value);

/** Which of two fields is there says what there is; an empty value is one too. */
const Record = z.object({
  key: z.optional(PlainValue),
  keyEncoded: z.optional(EncodedValue),
  value: z.optional(PlainValue),
  valueEncoded: z.optional(EncodedValue),
});

const keyPaths = { keyPath: z.optional(z.string()), keyPathArray: z.optional(z.array(z.string())) };
const Index = z.object({ name: z.string(), ...keyPaths, multiEntry: z.boolean(), unique: z.boolean() }).check(
  z.refine((index) => keyPathOf(index) !== null, { error: "either keyPath or keyPathArray" }),
);
const Store = z.object({ name: z.string(), autoIncrement: z.boolean(), ...keyPaths, records: z.array(Record), indexes: z.array(Index) });
const PlaywrightDatabase = z.object({ name: z.string(), version: z.number(), stores: z.array(Store) }).check(({ value, issues }) => {
  const expected = shapeFault(shapeOf(value));
  if (expected !== undefined) issues.push({ code: "custom", message: expected, input: undefined });
});

/** `sessionStorage` is not Playwright's: it passes over it. Other agents' browsers read and write it so. */
export const PlaywrightOrigin = z.looseObject({
  origin: z.string(),
  localStorage: z.optional(z.array(NamedValue)),
  sessionStorage: z.optional(z.array(NamedValue)),
  indexedDB: z.optional(z.array(PlaywrightDatabase)),
  opfs: z.optional(z.array(OpfsEntry)),
});
export type PlaywrightOrigin = z.infer<typeof PlaywrightOrigin>;

const knownParts = ["localStorage", "sessionStorage", "indexedDB", "opfs"];

interface Notes {
  repaired: Tallies;
  dropped: Tallies;
  unclear: StorePlace[];
}

/** An origin of a document; undefined for one that is no page's. */
export function readOrigin(given: PlaywrightOrigin, { repaired, dropped, unclear }: Notes): Origin | undefined {
  const { localStorage = [], sessionStorage = [], indexedDB = [], opfs } = given;
  const parts = Object.entries(given).filter(([, part]) => Array.isArray(part) && part.length > 0);
  const origin = originOf(given.origin);
  if (origin === undefined) {
    if (parts.length > 0) dropped.add("page storage of an origin that is not http or https");
    return undefined;
  }
  if (origin !== given.origin) repaired.add("an origin with a path, capitals or its scheme's own port was read as the one it is");
  dropped.add("a part of an origin's state that Stead does not know", parts.filter(([name]) => !knownParts.includes(name)).length);
  const databases = indexedDB.map((database) => {
    const { unread, ...read } = readDatabase(database, dropped);
    unclear.push(...[...unread].map((store) => ({ origin, database: database.name, store })));
    return read;
  });
  return { origin, localStorage, sessionStorage, databases, ...(opfs && { opfs }) };
}

/** `unread` names the stores of which a record could not be read. */
function readDatabase(given: z.infer<typeof PlaywrightDatabase>, dropped: Tallies): Database & { unread: Set<string> } {
  const unread = new Set<string>();
  const records = given.stores.flatMap((store) => {
    const drop = (reason: string) => {
      dropped.add(reason);
      unread.add(store.name);
      return [];
    };
    return store.records.flatMap((record) => {
      const value = record.value ?? record.valueEncoded;
      if (value === undefined) return drop("a record whose value Playwright did not write: it was 0, an empty text, false, null or NaN");
      const keyPath = keyPathOf(store);
      const given = record.key ?? record.keyEncoded;
      const key = keyPath === null ? given && canonicalKey(given) : keyAt(value, keyPath);
      if (key !== undefined) return [{ store: store.name, key, value }];
      return drop(keyPath === null && given === undefined ? "a record whose key Playwright did not write: it was 0 or an empty text" : "a record without a key that is one");
    });
  });
  return { name: given.name, shape: shapeOf(given), records, unread };
}

function shapeOf({ version, stores }: Pick<z.infer<typeof PlaywrightDatabase>, "version" | "stores">): DatabaseShape {
  return {
    version,
    stores: stores.map((store) => ({
      name: store.name,
      keyPath: keyPathOf(store),
      autoIncrement: store.autoIncrement,
      indexes: store.indexes.map((index) => ({ name: index.name, keyPath: keyPathOf(index) ?? "", unique: index.unique, multiEntry: index.multiEntry })),
    })),
  };
}

function keyPathOf({ keyPath, keyPathArray }: { keyPath?: string | undefined; keyPathArray?: string[] | undefined }): string | string[] | null {
  return keyPathArray ?? keyPath ?? null;
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol } = new URL(text);
  return /^https?:$/.test(protocol) ? origin : undefined;
}

/** Playwright writes an invalid date as null, and reads that as 1970. In place, and without recursion: it may be deep. */
function withInvalidDates(document: unknown): unknown {
  const open = [document];
  while (open.length > 0) {
    const at = open.pop();
    if (typeof at !== "object" || at === null) continue;
    if ("d" in at && at.d === null) at.d = "";
    for (const inside of Object.values(at)) open.push(inside);
  }
  return document;
}

/** Chromium's limit of an origin's localStorage, in UTF-16 units of names and values. Over it `newContext` throws. */
const localStorageLimit = 5 * 1024 * 1024;

interface Losses {
  dropped: Tallies;
  lost: Tallies;
}

/** An origin as Playwright takes it, without what would make it refuse the whole state; undefined where nothing is left. */
export function writeOrigin({ origin, localStorage, sessionStorage, databases, opfs }: Origin, losses: Losses): PlaywrightOrigin | undefined {
  const written = {
    origin,
    localStorage: withinLimit(localStorage, losses.dropped),
    ...(sessionStorage.length > 0 && { sessionStorage }),
    ...(databases.length > 0 && { indexedDB: databases.flatMap((database) => writeDatabase(database, losses) ?? []) }),
    ...(opfs && { opfs }),
  };
  return Object.values(written).some((part) => Array.isArray(part) && part.length > 0) ? written : undefined;
}

function withinLimit(items: readonly StorageItem[], dropped: Tallies): StorageItem[] {
  let units = 0;
  return items.filter(({ name, value }) => {
    const fits = units + name.length + value.length <= localStorageLimit;
    if (fits) units += name.length + value.length;
    else dropped.add("an item of localStorage over the 5 MiB that Chromium keeps for an origin");
    return fits;
  });
}

type WrittenDatabase = z.input<typeof PlaywrightDatabase>;
type WrittenStore = WrittenDatabase["stores"][number];
type WrittenRecord = WrittenStore["records"][number];

function writeDatabase({ name, shape, records }: Database, losses: Losses): WrittenDatabase | undefined {
  if (name === "") {
    losses.dropped.add("a database without a name, which Playwright cannot save, or a record of it", records.length + (shape ? 1 : 0));
    return undefined;
  }
  if (shape === undefined) {
    losses.dropped.add("a record of a database whose stores are not known", records.length);
    return undefined;
  }
  if (shape.stores.length === 0) {
    losses.dropped.add("a database without object stores, for which Playwright before 1.53 refuses the whole state");
    losses.dropped.add("a record of a store that its database does not have", records.length);
    return undefined;
  }
  const byStore = new Map(shape.stores.map((store): [string, Kept[]] => [store.name, []]));
  losses.dropped.add("a record of a store that its database does not have", records.filter(({ store }) => !byStore.has(store)).length);
  for (const record of records) byStore.get(record.store)?.push(record);
  const stores = shape.stores.map((store): WrittenStore => {
    const kept = fitting(store, byStore.get(store.name) ?? [], losses.dropped);
    noteNextKey(store, kept, losses.lost);
    return {
      name: store.name,
      autoIncrement: store.autoIncrement,
      ...writeKeyPath(store.keyPath),
      records: kept.flatMap((record) => writeRecord(record, store, losses) ?? []),
      indexes: store.indexes.map(({ name, keyPath, multiEntry, unique }) => ({ name, ...writeKeyPath(keyPath), multiEntry, unique })),
    };
  });
  return { name, version: shape.version, stores };
}

function writeKeyPath(keyPath: string | string[] | null): { keyPath?: string; keyPathArray?: string[] } {
  if (keyPath === null) return {};
  return typeof keyPath === "string" ? { keyPath } : { keyPathArray: keyPath };
}

type Store = DatabaseShape["stores"][number];
type Kept = Database["records"][number];

/** Playwright adds record by record, and throws for all of it where one is refused. */
function fitting(store: Store, records: readonly Kept[], dropped: Tallies): Kept[] {
  const keys = new Set<string>();
  const unique = store.indexes.filter((index) => index.unique).map((index) => ({ index, held: new Set<string>() }));
  return records.filter(({ key, value }) => {
    const canonical = canonicalKey(key);
    const text = JSON.stringify(canonical);
    const inline = store.keyPath === null ? text : JSON.stringify(keyAt(value, store.keyPath));
    if (keys.has(text) || inline !== text) {
      dropped.add(inline === text ? "a record whose key another has" : "a record whose key is not the one in its value");
      return false;
    }
    if (canonical !== undefined && holdsBytes(canonical)) {
      dropped.add("a record with binary data in its key, for which Playwright before 1.59 refuses the whole state");
      return false;
    }
    const taken = unique.map(({ index, held }) => ({ held, texts: indexKeys(value, index).map((found) => JSON.stringify(found)) }));
    if (taken.some(({ held, texts }) => texts.some((found) => held.has(found)))) {
      dropped.add("a record that breaks a unique index");
      return false;
    }
    keys.add(text);
    for (const { held, texts } of taken) for (const found of texts) held.add(found);
    return true;
  });
}

/** Of a canonical key. Before 1.59 Playwright makes a plain object of an ArrayBuffer, which is no key. */
function holdsBytes(key: Value): boolean {
  return typeof key === "object" && ("ab" in key || ("a" in key && key.a.some(holdsBytes)));
}

function writeRecord({ key, value }: Kept, { keyPath }: Store, { dropped, lost }: Losses): WrittenRecord | undefined {
  const written = toPlaywrightValue(value);
  if (written.kind === "none") {
    dropped.add(`a record with ${written.why}, for which Playwright has no word`);
    return undefined;
  }
  if (written.kind === "encoded") for (const what of written.lost) lost.add(`${what} in a record`);
  const ofValue = written.kind === "plain" ? { value: written.plain } : { valueEncoded: written.encoded };
  if (keyPath !== null) return ofValue;
  const writtenKey = toPlaywrightValue(canonicalKey(key) ?? key);
  if (writtenKey.kind === "none") return undefined;
  return { ...(writtenKey.kind === "plain" ? { key: writtenKey.plain } : { keyEncoded: writtenKey.encoded }), ...ofValue };
}

/** A generator goes on after the highest number that was added; it is lost only where it had been further. */
function noteNextKey({ autoIncrement, nextKey = 1 }: Store, records: readonly Kept[], lost: Tallies): void {
  const highest = records.reduce((most, { key }) => (typeof key === "number" && key > most ? Math.floor(key) : most), 0);
  if (autoIncrement && nextKey > highest + 1) lost.add("the next key of a store that makes its own");
}
