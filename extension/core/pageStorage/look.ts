import type { SeenChange } from "../../../shared/protocol/contentStorage.ts";
import type { Gap, HeldEntry } from "../../../shared/protocol/pageStorage.ts";
import { entryDigest } from "../../../shared/state/entryDigest.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import type { PageEntry, PageEntryId } from "../../../shared/state/pageEntry.ts";
import { isOf } from "./areas.ts";

export const webAreas = ["local", "session"] as const;
export type WebArea = (typeof webAreas)[number];

/** What a document's origin holds, and what of it could be looked at. */
export interface Look {
  web: ReadonlyMap<WebArea, ReadonlyMap<string, string>>;
  /** Undefined where IndexedDB could not be read this time. */
  databases: { held: ReadonlyMap<string, HeldEntry>; skipped: string[]; gaps: Gap[] } | undefined;
}

interface Looking {
  origin: string;
  before: Look;
  now: Look;
  /** Milliseconds since 1970. */
  at: number;
}

/** What changed between two looks at the two storages. Of one that could not be looked at both times nothing is said. */
export function webChanges({ origin, before, now, at }: Looking): SeenChange[] {
  return [...now.web].flatMap(([kind, values]): SeenChange[] => {
    const known = before.web.get(kind);
    if (!known) return [];
    const set = [...values].filter(([key, value]) => known.get(key) !== value).map(([key, value]): PageEntry => ({ kind, origin, key, value }));
    const removed = [...known.keys()].filter((key) => !values.has(key));
    return [
      ...set.map((entry) => ({ kind: "set" as const, entry, digest: entryDigest(entry), at })),
      ...removed.map((key) => ({ kind: "remove" as const, id: { kind, origin, key }, at })),
    ];
  });
}

/** The same of databases; `entries`: what the second look read. Nothing where one of them could not read any: see `fromNothing`. */
export function databaseChanges({ before, now, at }: Looking, entries: readonly PageEntry[]): SeenChange[] {
  if (!before.databases || !now.databases) return [];
  const { held, skipped } = now.databases;
  const known = before.databases.held;
  const set = entries.flatMap((entry): SeenChange[] => {
    const key = entryKey(entry);
    const digest = held.get(key)?.digest;
    return digest === undefined || digest === known.get(key)?.digest ? [] : [{ kind: "set", entry, digest, at }];
  });
  const removed = [...known].filter(([key, { id }]) => !held.has(key) && !isOf(id, skipped));
  return [...set, ...removed.map(([, { id }]) => ({ kind: "remove" as const, id, at }))];
}

/** The look as one that found no databases where it could read none, so that all of them are told when they can be. */
export function fromNothing(look: Look): Look {
  return { ...look, databases: look.databases ?? { held: new Map(), skipped: [], gaps: [] } };
}

export interface Written {
  set: readonly PageEntry[];
  remove: readonly PageEntryId[];
  failed: readonly PageEntryId[];
}

/**
 * What the next look is compared with after items were written, of which `now` is the first: they are no changes of the page's. What
 * the page made of them or of others meanwhile still is; of records that is not told apart from what Firefox makes of them.
 */
export function afterWriting(last: Look, now: Look, { set, remove, failed }: Written): Look {
  const bad = new Set(failed.map(entryKey));
  const web = new Map([...last.web].map(([area, values]) => [area, new Map(values)]));
  for (const id of remove) if (isWeb(id) && !bad.has(entryKey(id))) web.get(id.kind)?.delete(id.key);
  for (const entry of set) if (isWeb(entry) && !bad.has(entryKey(entry))) web.get(entry.kind)?.set(entry.key, entry.value);
  const { databases } = last;
  if (!databases || !now.databases) return { web, databases };
  const written = new Set([...set, ...remove].map(entryKey));
  const held = new Map([...databases.held].filter(([key]) => !written.has(key)));
  // A database may have come with the records that were written into it.
  for (const [key, one] of now.databases.held) if (written.has(key) || (one.id.kind === "database" && !databases.held.has(key))) held.set(key, one);
  return { web, databases: { ...databases, held } };
}

function isWeb<Id extends PageEntryId>(id: Id): id is Extract<Id, { kind: WebArea }> {
  return id.kind === "local" || id.kind === "session";
}
