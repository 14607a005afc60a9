import { formats, type ImportName, type StorePlace } from "../../shared/formats/index.ts";
import type { Entry, EntryId } from "../../shared/state/entry.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import { fromRead, toState } from "./entryState.ts";

interface Document {
  text: string;
  format: ImportName;
  /** The project's items now, whose absence from the document is in question. */
  entries: readonly Entry[];
  /** Where the document has records that could not be read. */
  unclear?: readonly StorePlace[] | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Which items a document would name if its writer had them, so that their absence is their deletion. An item must be of a kind
 * that the document has a place for, and come back from the format as the same one. A cookie file deletes nothing: programs
 * leave out of it what they please, such as every session cookie. Nor does an object store with a record that could not be read:
 * it may be any.
 */
export function coverage({ text, format, entries, unclear = [], now }: Document): (id: EntryId) => boolean {
  if (format === "netscape" || format === "wget") return () => false;
  const kinds = kindsNamed(text, format);
  const written = formats[format].write(toState(entries), { now, project: "" }).document;
  const held = new Set(fromRead(formats[format].read(written, { now })).entries.map(entryKey));
  const isClear = clearOf(unclear);
  return (id) => kinds.has(id.kind) && held.has(entryKey(id)) && isClear(id);
}

/** Whether a document would name the item if it were there: it has no unreadable record in the item's object store. */
export function clearOf(unclear: readonly StorePlace[]): (id: EntryId) => boolean {
  return (id) => id.kind !== "record" || !unclear.some(({ origin, database, store }) => origin === id.origin && database === id.database && store === id.store);
}

/**
 * The kinds of items that a document speaks of. Playwright writes what it was asked for: `indexedDB` only where it was, and other
 * tools' `sessionStorage` only where they do.
 */
export function kindsNamed(text: string, format: ImportName): Set<EntryId["kind"]> {
  if (format === "netscape" || format === "wget") return new Set(["cookie"]);
  const document: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
  const kinds = new Set<EntryId["kind"]>();
  if (!isObject(document)) return kinds;
  if (Array.isArray(document["cookies"])) kinds.add("cookie");
  const origins: unknown[] = Array.isArray(document["origins"]) ? document["origins"] : [];
  if (Array.isArray(document["origins"])) kinds.add("local");
  for (const origin of origins) {
    if (!isObject(origin)) continue;
    if ("sessionStorage" in origin) kinds.add("session");
    if ("indexedDB" in origin || "databases" in origin) kinds.add("database").add("record");
  }
  return kinds;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
