import type { ProjectId } from "../../shared/models.ts";
import type { EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { Base, Held, Theirs } from "../../shared/sync/merge.ts";
import type { History } from "./history.ts";
import type { Items } from "./items.ts";
import type { StoredEntry } from "./types.ts";

interface Question {
  project: ProjectId;
  theirs: Theirs;
  /** What the consumer knows: the state at that revision, and what was written since under the lease of that fence. */
  seen: { revision: number; fence?: number | undefined };
  /** Milliseconds since 1970. */
  now: number;
}

/** What merge() must be given of a project: all for a whole state, what they touch for changes. */
export function listHeld(items: Items, history: History, { project, theirs, seen, now }: Question): Held[] {
  const stored = theirs.kind === "whole" ? items.list(project, now, { tombstones: true }) : listTouched(items, project, theirs.changes, now);
  const first = history.first(project) ?? Infinity;
  return stored.map((one) => {
    const { id, entry, at } = one;
    return { id, at, base: baseOf(one), ...(entry && { entry }) };
  });

  function baseOf({ id, revision, fence }: StoredEntry): Base {
    if (revision <= seen.revision || (fence !== undefined && fence === seen.fence)) return { kind: "unchanged" };
    const then = history.known(project, { id }, seen);
    if (then) return { kind: "was", ...(then.entry && { entry: then.entry }) };
    return seen.revision >= first ? { kind: "was" } : { kind: "unknown" };
  }
}

function listTouched(items: Items, project: ProjectId, changes: readonly EntryChange[], now: number): StoredEntry[] {
  const touched = new Map<string, StoredEntry>();
  const add = (one: StoredEntry | undefined): void => {
    if (one) touched.set(entryKey(one.id), one);
  };
  for (const change of changes) {
    const id: EntryId = change.kind === "set" ? change.entry : change.id;
    add(items.find(project, id));
    if (id.kind === "record") add(items.find(project, { kind: "database", origin: id.origin, database: id.database }));
    if (id.kind !== "database") continue;
    for (const one of items.list(project, now, { origin: id.origin, tombstones: true })) {
      if (one.id.kind === "record" && one.id.database === id.database) add(one);
    }
  }
  return [...touched.values()];
}
