import type { Entry, EntryChange, EntryId } from "../state/entry.ts";
import { entryId } from "../state/entryId.ts";
import { entryKey } from "../state/entryKey.ts";

/**
 * The records that would be there after the changes without the database or the object store they belong to: no browser can
 * hold them. Of a database that neither `here` nor the changes name, only the records in the changes are.
 */
export function findHomeless(
  here: ReadonlyMap<string, { id: EntryId; entry?: Entry }>,
  changes: ReadonlyMap<string, EntryChange>,
): { key: string; id: EntryId }[] {
  const after = new Map<string, { id: EntryId; entry?: Entry | undefined }>(here);
  for (const [key, change] of changes) {
    after.set(key, change.kind === "set" ? { id: change.entry, entry: change.entry } : { id: change.id });
  }

  return [...after].flatMap(([key, { id, entry }]) => {
    if (entry?.kind !== "record" || id.kind !== "record") return [];
    const database = after.get(entryKey({ kind: "database", origin: id.origin, database: id.database }));
    if (!database && !changes.has(key)) return [];
    const hasHome = database?.entry?.kind === "database" && database.entry.shape.stores.some(({ name }) => name === id.store);
    return hasHome ? [] : [{ key, id: entryId(id) }];
  });
}
