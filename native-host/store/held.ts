import type { ProjectId } from "../../shared/models.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { Base, Held, Theirs } from "../../shared/sync/merge.ts";
import type { History } from "./history.ts";
import type { Items } from "./items.ts";
import { endingAt, endOf, type Ttl } from "./ttl.ts";
import type { StoredEntry } from "./types.ts";

interface Question {
  project: ProjectId;
  theirs: Theirs;
  /** What the consumer knows: the state at that revision, and what was written since under the lease of that fence. */
  seen: { revision: number; fence?: number | undefined };
  /** Milliseconds since 1970. */
  now: number;
  /** Of the project. */
  ttls: readonly Ttl[];
}

/** What merge() must be given of a project: all for a whole state, what they touch for changes. */
export function listHeld(items: Items, history: History, { project, theirs, seen, now, ttls }: Question): Held[] {
  const stored = theirs.kind === "whole" ? items.list(project, now, { tombstones: true }) : listTouched(items, project, theirs.changes, now);
  const first = history.first(project) ?? Infinity;
  const given = new Map(entriesOf(theirs).map((entry) => [entryKey(entry), entry]));
  return stored.map((one) => {
    const { id, entry, at } = one;
    return { id, at, base: baseOf(one), ...(entry && { entry }) };
  });

  function baseOf({ id, revision, fence, ended }: StoredEntry): Base {
    const wanted = given.get(entryKey(id));
    // They have it still that has outlived its time here: that is no change of theirs.
    if (wanted && items.isEnded(project, { ended }, wanted)) return { kind: "was", entry: wanted };
    if (revision <= seen.revision || (fence !== undefined && fence === seen.fence)) return { kind: "unchanged" };
    const then = history.known(project, { id }, seen);
    if (then) return { kind: "was", ...(then.entry && { entry: endingAt(then.entry, endOf(then, ttls)) }) };
    return seen.revision >= first ? { kind: "was" } : { kind: "unknown" };
  }
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
    if (id.kind !== "database") continue;
    for (const one of items.list(project, now, { origin: id.origin, tombstones: true })) {
      if (one.id.kind === "record" && one.id.database === id.database) add(one);
    }
  }
  return [...touched.values()];
}
