import { sameCookie } from "../cookie.ts";
import { canonicalValue } from "./canonicalValue.ts";
import type { DatabaseShape, Entry } from "./entry.ts";
import { entryKey } from "./entryKey.ts";
import type { Value } from "./value.ts";

/** Whether two entries are of one identity and also say the same. */
export function sameEntry(a: Entry, b: Entry): boolean {
  if (a.kind === "cookie" && b.kind === "cookie") return sameCookie(a, b);
  return entryKey(a) === entryKey(b) && sameContent(a, b);
}

function sameContent(a: Entry, b: Entry): boolean {
  if ((a.kind === "local" || a.kind === "session") && a.kind === b.kind) return a.value === b.value;
  if (a.kind === "database" && b.kind === "database") return JSON.stringify(canonicalShape(a.shape)) === JSON.stringify(canonicalShape(b.shape));
  return a.kind === "record" && b.kind === "record" && sameValue(a.value, b.value);
}

/** Whether two Values stand for the same, whatever names their objects have. The order of properties is a difference: a page sees it. */
export function sameValue(a: Value, b: Value): boolean {
  return JSON.stringify(canonicalValue(a)) === JSON.stringify(canonicalValue(b));
}

/** A database lists stores and indexes by name, however they were made. */
function canonicalShape({ version, stores }: DatabaseShape) {
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
