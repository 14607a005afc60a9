import type { DatabaseShape } from "./entry.ts";

/** A shape whose JSON is equal exactly for shapes that are the same: a database lists stores and indexes by name, however they were made. */
export function canonicalShape({ version, stores }: DatabaseShape) {
  return [
    version,
    stores.toSorted(byName).map(({ name, keyPath, autoIncrement, nextKey, indexes }) => [
      name,
      keyPath,
      autoIncrement,
      nextKey ?? null,
      indexes.toSorted(byName).map((index) => [index.name, index.keyPath, index.unique, index.multiEntry]),
    ]),
  ];
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
