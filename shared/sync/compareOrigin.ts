import type { HeldEntry, PageMark } from "../protocol/pageStorage.ts";
import type { EntryId } from "../state/entry.ts";
import { entryDigest } from "../state/entryDigest.ts";
import { entryKey } from "../state/entryKey.ts";
import type { PageChange, PageEntry, PageEntryId } from "../state/pageEntry.ts";
import { sameButCounters } from "./counters.ts";
import type { Base } from "./merge.ts";

/** An item of an origin, or a tombstone, as the store has it. */
export interface StoredPageEntry {
  id: PageEntryId;
  /** Absent for a tombstone. */
  entry?: PageEntry;
  revision: number;
  at: number;
  /** What the container last had of it. */
  base: Base;
  /** Digests of what it was before, for a container that may be in the past; undefined where that is not known. */
  past?: ReadonlySet<string> | undefined;
}

/** What was looked at of an origin in its container. */
export interface Look {
  areas: readonly ("local" | "session" | "indexedDB")[];
  /** Databases that were not. */
  skipped: readonly string[];
  held: readonly HeldEntry[];
  /** Changes of the container that the store has not been told, by identity. */
  marks: readonly PageMark[];
  /** The container may be in the past (reconcile.ts): Firefox writes localStorage to disk five seconds late, and loses that in a crash. */
  stale: boolean;
}

export interface OriginComparison {
  /** What the container takes over, databases before their records. */
  set: PageEntry[];
  remove: PageEntryId[];
  /** What the store is to be sent: what the container has changed, and of what it loses to the store what a mark tells of. */
  want: PageEntryId[];
  /** The oldest revision of what others changed and the answer does not bring: it was not looked at, or is yet to be merged. Infinity: none. */
  open: number;
}

/** The removals that marks tell of, for the store: of what was looked at, and is not there. */
export function markedRemovals(look: Look): PageChange[] {
  const held = new Set(look.held.map(({ id }) => entryKey(id)));
  return look.marks.flatMap(({ id, at, removed }): PageChange[] =>
    removed && !held.has(entryKey(id)) && wasLookedAt(look, id) ? [{ kind: "remove", id, at }] : [],
  );
}

/**
 * Compares an origin with what the store has of it after markedRemovals(), item by item, as reconcile() does with cookies: what the
 * container lacks is put back. Who wins is what merge() will say of what is sent.
 */
export function compareOrigin(look: Look, stored: readonly StoredPageEntry[]): OriginComparison {
  const held = new Map(look.held.filter(({ id }) => wasLookedAt(look, id)).map((one) => [entryKey(one.id), one]));
  const theirs = new Map(stored.map((one) => [entryKey(one.id), one]));
  const marks = new Map(look.marks.map((mark) => [entryKey(mark.id), mark]));
  const set = new Map<string, PageEntry>();
  const remove = new Map<string, PageEntryId>();
  const want = new Map<string, PageEntryId>();

  for (const [key, { id, digest }] of held) {
    const one = theirs.get(key);
    if (one?.entry && entryDigest(one.entry) === digest) continue;
    const mark = marks.get(key);
    if (!one || !storeWins(one, mark, look.stale && isPast(one, digest))) {
      want.set(key, id);
      continue;
    }
    if (mark) want.set(key, id);
    if (one.entry) set.set(key, one.entry);
    else remove.set(key, one.id);
  }

  let open = Infinity;
  for (const [key, one] of theirs) {
    const { entry } = one;
    const isMissing = entry !== undefined && !held.has(key);
    const isLookedAt = wasLookedAt(look, one.id);
    // Which object stores the container has is known when it has sent its shape.
    const isBrought = isLookedAt && !(isMissing && isOfOwnShape(one.id));
    if (isMissing && isBrought) set.set(key, entry);
    const isContested = isWantedAlone(key);
    if (hasMoved(one) && (!isBrought || isContested)) open = Math.min(open, one.revision);
  }
  for (const { entry } of stored) {
    // A database of another shape is made anew, so its records are given whole: only what the store is about to be sent stays.
    if (entry?.kind === "record" && set.has(entryKey(databaseOf(entry))) && !isWantedAlone(entryKey(entry))) set.set(entryKey(entry), entry);
  }
  return { set: databasesFirst([...set.values()]), remove: [...remove.values()], want: databasesFirst([...want.values()]), open };

  function isOfOwnShape(id: PageEntryId): boolean {
    return id.kind === "record" && isWantedAlone(entryKey(databaseOf(id)));
  }

  function isWantedAlone(key: string): boolean {
    return want.has(key) && !set.has(key) && !remove.has(key);
  }
}

/** Databases before their records, and nothing else moved. */
export function databasesFirst<Id extends PageEntryId>(ids: readonly Id[]): Id[] {
  return [...ids.filter(({ kind }) => kind === "database"), ...ids.filter(({ kind }) => kind !== "database")];
}

/** Whether others have changed the item since the container had it, as merge() sees it. */
export function hasMoved({ base, entry }: Pick<StoredPageEntry, "base" | "entry">): boolean {
  return base.kind === "unknown" || (base.kind === "was" && !sameButCounters(base.entry, entry));
}

/** What was never seen before is no past: the page wrote it while nobody looked, such as in the moment it closed. */
function isPast({ past }: StoredPageEntry, digest: string): boolean {
  return past === undefined || past.has(digest);
}

function storeWins(one: StoredPageEntry, mark: PageMark | undefined, isOld: boolean): boolean {
  if (!mark) return hasMoved(one) || isOld;
  return hasMoved(one) && (one.base.kind === "unknown" || mark.at <= one.at);
}

function wasLookedAt({ areas, skipped }: Look, id: PageEntryId): boolean {
  if (id.kind === "local" || id.kind === "session") return areas.includes(id.kind);
  return areas.includes("indexedDB") && !skipped.includes(id.database);
}

export function databaseOf({ origin, database }: Extract<EntryId, { kind: "record" }>): Extract<PageEntryId, { kind: "database" }> {
  return { kind: "database", origin, database };
}
