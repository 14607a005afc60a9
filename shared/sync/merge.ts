import { isExpired } from "../cookie.ts";
import type { Entry, EntryChange, EntryId } from "../state/entry.ts";
import { entryId } from "../state/entryId.ts";
import { entryKey } from "../state/entryKey.ts";
import { sameEntry } from "../state/sameEntry.ts";
import { type EntryName, entryName } from "../state/entryName.ts";
import { sameButCounters, withHighestCounters } from "./counters.ts";
import { findHomeless } from "./findHomeless.ts";

/** What the consumer knew of an entry when it took the state out, or wrote itself since. */
export type Base =
  /** What the store holds now, a tombstone included. */
  | { kind: "unchanged" }
  /** The store's was changed since, from this; without `entry` it was not there. */
  | { kind: "was"; entry?: Entry }
  /** The store's was changed since, and its history no longer reaches back to tell from what. */
  | { kind: "unknown" };

/** An entry or a tombstone as the store has it now. */
export interface Held {
  id: EntryId;
  /** Absent for a tombstone. */
  entry?: Entry;
  /** When it was changed, in milliseconds since 1970. */
  at: number;
  base: Base;
}

export type Theirs =
  /**
   * All that the consumer has. What it lacks was deleted only where `covers` says that it would have been named: formats have
   * no place for everything. `refine` gives an entry back what its format or the consumer cannot but have lost of the one it was
   * given. `at`: when it was so.
   */
  | {
      kind: "whole";
      entries: readonly Entry[];
      covers: (id: EntryId) => boolean;
      refine?: ((theirs: Entry, given: Entry) => Entry) | undefined;
      at: number;
    }
  /** What the consumer changed, in order. */
  | { kind: "changes"; changes: readonly EntryChange[] };

export interface Merging {
  /**
   * What the store holds: all of it for a whole state; for changes all that they name, and of a database that they name or
   * name a record of, the database with its records.
   */
  held: readonly Held[];
  theirs: Theirs;
  /** Lets a whole state without entries delete everything. */
  force?: boolean | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

export type Merged =
  | {
      kind: "merged";
      /** To be written: where theirs stands. */
      changes: EntryChange[];
      /** Theirs where the store's stands: to be kept in history, in one revision with what is written. */
      lost: EntryChange[];
      /** What both changed, whichever stands; for both to be told. */
      conflicts: EntryName[];
    }
  /** An empty state would delete so many entries: refused without `force`. */
  | { kind: "emptied"; entries: number };

/**
 * Merges a consumer's state into the store's, entry by entry and three ways. Who changed an entry alone has it; where both
 * did, the newer change stands and the other is kept. Not seen is not deleted, and what was deleted comes back only by a
 * change that came after its deletion was known, or is newer. What has expired is neither there nor deleted.
 */
export function merge({ held, theirs, force = false, now }: Merging): Merged {
  const here = new Map(held.filter(({ entry }) => !hasExpired(entry, now)).map((one) => [entryKey(one.id), one]));
  const wishes = theirs.kind === "whole" ? wishesOfWhole(here, theirs, now) : wishesOfChanges(theirs.changes, now);
  if (theirs.kind === "whole" && !force && isEmpty(theirs, now)) {
    const entries = [...wishes.values()].filter((wish) => wish.kind === "remove").length;
    if (entries > 0) return { kind: "emptied", entries };
  }

  const changes = new Map<string, EntryChange>();
  const lost = new Map<string, EntryChange>();
  const conflicts = new Map<string, EntryName>();
  for (const [key, given] of wishes) {
    const one = here.get(key);
    const wish = complete(given, one, theirs);
    switch (judge(one, wish)) {
      case "nothing":
        if (one?.entry && wish.kind === "set") {
          const entry = withHighestCounters(one.entry, wish.entry);
          if (!sameEntry(entry, one.entry)) changes.set(key, { ...wish, entry });
        }
        break;
      case "theirs":
        changes.set(key, wish);
        break;
      case "theirs in conflict":
        changes.set(key, wish);
        conflicts.set(key, entryName(idOf(wish)));
        break;
      case "ours in conflict":
        lost.set(key, wish);
        conflicts.set(key, entryName(idOf(wish)));
    }
  }

  for (const { key, id } of findHomeless(here, changes)) {
    const wish = changes.get(key);
    const one = here.get(key);
    if (wish) lost.set(key, wish);
    changes.delete(key);
    if (one?.entry) changes.set(key, { kind: "remove", id, at: now });
    if (wish || one?.base.kind !== "unchanged") conflicts.set(key, entryName(id));
  }
  return { kind: "merged", changes: [...changes.values()], lost: [...lost.values()], conflicts: [...conflicts.values()] };
}

/** The wish with what the consumer cannot know or keep. */
function complete(wish: EntryChange, one: Held | undefined, theirs: Theirs): EntryChange {
  if (wish.kind === "remove" || !one) return wish;
  const given = one.base.kind === "was" ? one.base.entry : one.base.kind === "unchanged" ? one.entry : undefined;
  const refined = given && theirs.kind === "whole" && theirs.refine ? theirs.refine(wish.entry, given) : wish.entry;
  return { ...wish, entry: withHighestCounters(refined, one.entry) };
}

type Judgement = "nothing" | "theirs" | "theirs in conflict" | "ours in conflict";

function judge(one: Held | undefined, wish: EntryChange): Judgement {
  const wanted = wish.kind === "set" ? wish.entry : undefined;
  if (sameButCounters(one?.entry, wanted)) return "nothing";
  if (!one) return "theirs";
  switch (one.base.kind) {
    case "unchanged":
      return "theirs";
    case "was":
      if (sameButCounters(one.base.entry, wanted)) return "nothing";
      if (sameButCounters(one.base.entry, one.entry)) return "theirs";
      return wish.at > one.at ? "theirs in conflict" : "ours in conflict";
    case "unknown":
      return "ours in conflict";
  }
}

/** Later changes of an entry replace earlier ones; a clock that is ahead does not win for ever. */
function wishesOfChanges(changes: readonly EntryChange[], now: number): Map<string, EntryChange> {
  return new Map(
    changes.map((change) => {
      const at = Math.min(change.at, now);
      const id = idOf(change);
      // Setting a cookie that has expired is how a server removes it.
      const wish: EntryChange = change.kind === "set" && hasExpired(change.entry, now) ? { kind: "remove", id, at } : { ...change, at };
      return [entryKey(id), wish];
    }),
  );
}

function wishesOfWhole(here: ReadonlyMap<string, Held>, { entries, covers, at: then }: Theirs & { kind: "whole" }, now: number): Map<string, EntryChange> {
  const at = Math.min(then, now);
  const wishes = new Map<string, EntryChange>();
  const expired = new Set<string>();
  for (const entry of entries) {
    if (hasExpired(entry, now)) expired.add(entryKey(entry));
    else wishes.set(entryKey(entry), { kind: "set", entry, at });
  }
  for (const [key, one] of here) {
    if (wishes.has(key) || expired.has(key) || !mayBeSeen(one) || !covers(one.id)) continue;
    wishes.set(key, { kind: "remove", id: one.id, at });
  }
  return wishes;
}

/** Whether the absence of the entry may say something. Of what came after the consumer looked, judge() knows that it was not there. */
function mayBeSeen({ entry, base }: Held): boolean {
  return entry !== undefined && base.kind !== "unknown";
}

function isEmpty({ entries }: Theirs & { kind: "whole" }, now: number): boolean {
  return entries.every((entry) => hasExpired(entry, now));
}

function hasExpired(entry: Entry | undefined, now: number): boolean {
  return entry?.kind === "cookie" && isExpired(entry, now);
}

function idOf(change: EntryChange): EntryId {
  return entryId(change.kind === "set" ? change.entry : change.id);
}
