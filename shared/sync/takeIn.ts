import type { DatabaseShape, Entry, EntryChange, EntryId } from "../state/entry.ts";
import { entryId } from "../state/entryId.ts";
import { entryKey } from "../state/entryKey.ts";
import { withHighestCounters } from "./counters.ts";
import { findHomeless } from "./findHomeless.ts";

export interface TakingIn {
  /** What there is, at least of every origin that the entries name a database or a record of; all of it with `replaces`. */
  here: readonly Entry[];
  /** Each once. */
  entries: readonly Entry[];
  /** What is removed unless it is among the entries; nothing without it. */
  replaces?: ((id: EntryId) => boolean) | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

export interface TakenIn {
  changes: EntryChange[];
  /** How many records belong to no database or object store, neither there nor among the entries: no browser can hold them. */
  homeless: number;
}

/**
 * What puts a document's entries into what there is. A database that is there keeps the object stores that the document's does not
 * have; one with other keys than the document's begins anew.
 */
export function takeIn({ here, entries, replaces = () => false, now }: TakingIn): TakenIn {
  const there = new Map(here.map((entry) => [entryKey(entry), entry]));
  const changes = new Map<string, EntryChange>();
  const named = new Set(entries.map(entryKey));
  const remove = (entry: Entry): void => {
    if (!named.has(entryKey(entry))) changes.set(entryKey(entry), { kind: "remove", id: entryId(entry), at: now });
  };

  for (const entry of here) if (replaces(entry)) remove(entry);
  for (const entry of entries) {
    const known = there.get(entryKey(entry));
    if (entry.kind !== "database" || known?.kind !== "database" || replaces(entry)) {
      changes.set(entryKey(entry), { kind: "set", entry, at: now });
      continue;
    }
    const united = withHighestCounters({ ...entry, shape: unite(known.shape, entry.shape) }, known);
    changes.set(entryKey(entry), { kind: "set", entry: united, at: now });
    const anew = new Set(storesAnew(known.shape, entry.shape));
    for (const one of here) {
      if (one.kind === "record" && one.origin === entry.origin && one.database === entry.database && anew.has(one.store)) remove(one);
    }
  }

  const homes = new Map([...there].map(([key, entry]) => [key, { id: entryId(entry), entry }]));
  const homeless = findHomeless(homes, changes).filter(({ key }) => changes.get(key)?.kind === "set");
  for (const { key } of homeless) changes.delete(key);
  return { changes: [...changes.values()], homeless: homeless.length };
}

function unite(here: DatabaseShape, theirs: DatabaseShape): DatabaseShape {
  const named = new Set(theirs.stores.map(({ name }) => name));
  return {
    version: Math.max(here.version, theirs.version),
    stores: [...theirs.stores, ...here.stores.filter(({ name }) => !named.has(name))],
  };
}

/** Object stores whose records of before would not be found by their keys. */
function storesAnew(here: DatabaseShape, theirs: DatabaseShape): string[] {
  const keys = new Map(here.stores.map(({ name, keyPath }) => [name, JSON.stringify(keyPath)]));
  return theirs.stores.filter(({ name, keyPath }) => keys.has(name) && keys.get(name) !== JSON.stringify(keyPath)).map(({ name }) => name);
}
