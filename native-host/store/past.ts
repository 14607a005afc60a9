import { commonSite } from "../../shared/formats/host.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryConcerns } from "../../shared/state/entryConcerns.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import { SteadError } from "../../shared/errors.ts";
import type { Change } from "./changes.ts";
import { beforeHistory, type History } from "./history.ts";
import type { Items } from "./items.ts";
import { endOf, type Ttl } from "./ttl.ts";

interface Question {
  project: ProjectId;
  /** A host; everything where it is undefined. */
  domain: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** The revisions that can be had again, the newest first, with what of each concerns the domain. */
export function listChanges(items: Items, history: History, { project, domain, now }: Question): Change[] {
  const changes = history.changes.list(project);
  if (domain === undefined) return changes;
  const site = commonSite(domain);
  const counts = new Map<number, number>();
  for (const { id, revision } of [...items.list(project, now, { site, tombstones: true }), ...history.list(project, site)]) {
    if (entryConcerns(id, domain)) counts.set(revision, (counts.get(revision) ?? 0) + 1);
  }
  return changes.flatMap((change) => {
    const count = counts.get(change.revision);
    return count === undefined ? [] : { ...change, items: count };
  });
}

export interface Back {
  /** What makes the project what it was. */
  changes: EntryChange[];
  /** What was there and has expired since, or outlived its time to live. */
  expired: number;
  /** How many items would go where none would be left; 0 where some are. */
  emptied: number;
}

/** What brings a project back to a revision or a time; `latest` is the store's. Costs what changed since. Throws `usage` for what history does not reach. */
export function changesBack(
  items: Items,
  history: History,
  { project, to, latest, domain, now, ttls }: Question & { to: { revision: number } | { time: number }; latest: number; ttls: readonly Ttl[] },
): Back {
  const revision = "revision" in to ? checkedRevision(history, project, to.revision, latest) : revisionAt(history, project, to.time);
  const isMeant = (id: EntryId): boolean => domain === undefined || entryConcerns(id, domain);
  const changes = new Map<string, EntryChange>();
  // What is newer and not in history below was not there then.
  for (const { id, entry } of items.list(project, now, { since: revision })) {
    if (entry && isMeant(id)) changes.set(entryKey(id), { kind: "remove", id, at: now });
  }
  let expired = 0;
  for (const past of history.at(project, revision)) {
    const { id, entry } = past;
    if (!isMeant(id)) continue;
    const isGone = (endOf(past, ttls) ?? Infinity) <= now;
    if (isGone) expired++;
    changes.set(entryKey(id), entry && !isGone ? { kind: "set", entry, at: now } : { kind: "remove", id, at: now });
  }
  return { changes: [...changes.values()], expired, emptied: domain === undefined ? emptied(items, project, changes, now) : 0 };
}

function emptied(items: Items, project: ProjectId, changes: ReadonlyMap<string, EntryChange>, now: number): number {
  const removed = [...changes.values()].filter((change) => change.kind === "remove");
  if (removed.length < changes.size || removed.length === 0) return 0;
  const live = items.countEntries(project, now);
  return live > 0 && removed.filter(({ id }) => items.find(project, id)?.entry).length >= live ? live : 0;
}

function checkedRevision(history: History, project: ProjectId, revision: number, latest: number): number {
  const first = history.first(project) ?? 0;
  if (revision < first) throw beforeHistory(first);
  if (revision > latest) {
    throw new SteadError("usage", `The store is at revision ${latest}; revision ${revision} is still to come.`, {
      hint: "Run stead history to see the revisions there are.",
    });
  }
  return revision;
}

function revisionAt(history: History, project: ProjectId, time: number): number {
  const revision = history.changes.revisionAt(project, time);
  if (revision !== undefined) return revision;
  const first = history.first(project);
  // Nothing was let go: before its first change the project was empty.
  if (first === 0) return 0;
  throw first === undefined ? new SteadError("usage", "The project has no history yet.", { hint: "Nothing was changed." }) : beforeHistory(first);
}
