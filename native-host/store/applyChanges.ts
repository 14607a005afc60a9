import type { ProjectId } from "../../shared/models.ts";
import type { EntryChange, EntryId } from "../../shared/state/entry.ts";
import { dropEnded } from "./dropEnded.ts";
import type { Conflicts, Writer } from "./items.ts";
import type { StoreParts } from "./storeParts.ts";

/** Writes changes as one revision; the items that they changed. In a transaction of the caller's. */
export function applyChanges(parts: StoreParts, project: ProjectId, changes: readonly EntryChange[], writer: Writer, conflicts?: Conflicts): EntryId[] {
  const { items, now } = parts;
  dropEnded(parts, project);
  const latest = items.latestCookie(project);
  const applied = items.write(project, changes, writer, now(), conflicts);
  if (applied.length > 0) advance(parts, writer.by, project, latest);
  return applied;
}

/** A container has the cookies that it wrote: when it was in step before, it still is. Page storage has marks of its own. */
export function advance({ instances, items }: StoreParts, by: string, project: ProjectId, latestBefore: number): void {
  if (!instances.isKnown(by) || instances.synced(by, project) < latestBefore) return;
  instances.setSynced(by, project, items.latest(project));
}
