import { cookieId } from "../cookie.ts";
import type { EntryId } from "./entry.ts";
import type { PageEntryId } from "./pageEntry.ts";

/** Only the identity of an entry, without its content. */
export function entryId(id: PageEntryId): PageEntryId;
export function entryId(id: EntryId): EntryId;
export function entryId(id: EntryId): EntryId {
  switch (id.kind) {
    case "cookie":
      return { kind: id.kind, ...cookieId(id) };
    case "local":
    case "session":
      return { kind: id.kind, origin: id.origin, key: id.key };
    case "database":
      return { kind: id.kind, origin: id.origin, database: id.database };
    case "record":
      return { kind: id.kind, origin: id.origin, database: id.database, store: id.store, key: id.key };
  }
}
