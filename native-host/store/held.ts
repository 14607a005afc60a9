import type { ProjectId } from "../../shared/models.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { Base, Held, Theirs } from "../../shared/sync/merge.ts";
import { type History, knows, type Seen } from "./history.ts";
import type { Items } from "./items.ts";
import { endingAt, endOf, type Ttl } from "./ttl.ts";
import type { StoredEntry } from "./types.ts";

interface Question {
  project: ProjectId;
  theirs: Theirs;
  seen: Seen;
  /** Milliseconds since 1970. */
  now: number;
  /** Of the project. */
  ttls: readonly Ttl[];
}

/** What merge() must be given of a project: all for a whole state, what they touch for changes. */
export function listHeld(items: Items, history: History, { project, theirs, seen, now, ttls }: Question): Held[] {
  const stored = theirs.kind === "whole" ? items.list(project, now, { tombstones: true }) : listTouched(items, project, theirs.changes, now);
  const baseOf = bases(history, { project, seen, ttls });
  const given = new Map(entriesOf(theirs).map((entry) => [entryKey(entry), entry]));
  return stored.map((one) => {
    const { id, entry, at, ended } = one;
    const wanted = given.get(entryKey(id));
    // They have it still that has outlived its time here: that is no change of theirs.
    const base: Base = wanted && items.isEnded(project, { ended }, wanted) ? { kind: "was", entry: wanted } : baseOf(one);
    return { id, at, base, ...(entry && { entry }) };
  });
}

/** What a consumer knew of an item that is stored now. */
export function bases(history: History, { project, seen, ttls }: { project: ProjectId; seen: Seen; ttls: readonly Ttl[] }): (one: StoredEntry) => Base {
  const first = history.first(project) ?? Infinity;
  return (one) => {
    if (knows(seen, one)) return { kind: "unchanged" };
    const then = history.known(project, one, seen);
    if (then) return { kind: "was", ...(then.entry && { entry: endingAt(then.entry, endOf(then, ttls)) }) };
    return seen.revision >= first ? { kind: "was" } : { kind: "unknown" };
  };
}

function entriesOf(theirs: Theirs): readonly Entry[] {
  return theirs.kind === "whole" ? theirs.entries : theirs.changes.flatMap((change) => (change.kind === "set" ? change.entry : []));
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
    if (id.kind !== "database" || (change.kind === "set" && keepsStores(touched.get(entryKey(id))?.entry, change.entry))) continue;
    for (const one of items.list(project, now, { origin: id.origin, tombstones: true })) {
      if (one.id.kind === "record" && one.id.database === id.database) add(one);
    }
  }
  return [...touched.values()];
}

/** Whether the database as it is set has every object store that it has now: none of its records is touched then. */
function keepsStores(now: Entry | undefined, set: Entry): boolean {
  if (set.kind !== "database" || now?.kind !== "database") return true;
  const names = new Set(set.shape.stores.map(({ name }) => name));
  return now.shape.stores.every(({ name }) => names.has(name));
}
