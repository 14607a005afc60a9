import type { DatabaseShape, Entry } from "../state/entry.ts";
import { sameEntry } from "../state/sameEntry.ts";

/** An entry without what counts itself: the next keys of a database's object stores. */
export function withoutCounters(entry: Entry): Entry {
  return entry.kind === "database" ? { ...entry, shape: shapeWithoutCounters(entry.shape) } : entry;
}

/** Whether two entries say the same, next keys aside; two that are not there do. */
export function sameButCounters(one: Entry | undefined, other: Entry | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameEntry(withoutCounters(one), withoutCounters(other));
}

export function shapeWithoutCounters(shape: DatabaseShape): DatabaseShape {
  return { ...shape, stores: shape.stores.map(({ name, keyPath, autoIncrement, indexes }) => ({ name, keyPath, autoIncrement, indexes })) };
}

/** The entry with the highest next key that it or another version has for each object store: none is ever given out twice. */
export function withHighestCounters(entry: Entry, other: Entry | undefined): Entry {
  if (entry.kind !== "database" || other?.kind !== "database") return entry;
  const keys = new Map(other.shape.stores.map(({ name, nextKey }) => [name, nextKey]));
  const stores = entry.shape.stores.map((store) => {
    const known = keys.get(store.name);
    const nextKey = store.nextKey === undefined || known === undefined ? (store.nextKey ?? known) : Math.max(store.nextKey, known);
    return nextKey === undefined ? store : { ...store, nextKey };
  });
  return { ...entry, shape: { ...entry.shape, stores } };
}
