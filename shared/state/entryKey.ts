import { cookieKey } from "../cookie.ts";
import { SteadError } from "../errors.ts";
import type { EntryId } from "./entry.ts";
import { canonicalKey } from "./recordKey.ts";

/**
 * The identity as one string: equal exactly for entries that would replace each other. A cookie's is its `cookieKey`, under
 * which stores have it already; the lists of the other kinds are shorter, so that none is like a cookie's.
 * Throws `fileFormat` for a record whose key is none.
 */
export function entryKey(id: EntryId): string {
  switch (id.kind) {
    case "cookie":
      return cookieKey(id);
    case "local":
    case "session":
      return JSON.stringify([id.kind, id.origin, id.key]);
    case "database":
      return JSON.stringify([id.kind, id.origin, id.database]);
    case "record":
      return JSON.stringify([id.kind, id.origin, id.database, id.store, keyOf(id)]);
  }
}

function keyOf({ key }: Extract<EntryId, { kind: "record" }>) {
  const canonical = canonicalKey(key);
  if (canonical === undefined) throw new SteadError("fileFormat", "A record's key: expected a number, a date, a string, binary data or an array of these.");
  return canonical;
}
