import type { Area } from "../../../shared/protocol/contentStorage.ts";
import type { PageEntryId } from "../../../shared/state/pageEntry.ts";

/** The kind of storage an item is in. */
export function areaOf({ kind }: PageEntryId): Area {
  return kind === "local" || kind === "session" ? kind : "indexedDB";
}

/** Whether it is one of these databases, or a record of one. */
export function isOf(id: PageEntryId, databases: readonly string[]): boolean {
  return (id.kind === "database" || id.kind === "record") && databases.includes(id.database);
}
