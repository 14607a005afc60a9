import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import { merge, type Theirs } from "../../shared/sync/merge.ts";
import { applyChanges } from "./applyChanges.ts";
import type { AuditAction } from "./audit.ts";
import { dropEnded, noLimit } from "./dropEnded.ts";
import { listHeld } from "./held.ts";
import type { Writer } from "./items.ts";
import { readRevision } from "./meta.ts";
import type { StoreParts } from "./storeParts.ts";
import type { Checkin } from "./types.ts";

/** Merges what was made of a project as it was at revision `base`. Throws `conflict` for an empty state unless `force`. In a transaction of the caller's. */
export function mergeTheirs(
  parts: StoreParts,
  project: ProjectId,
  theirs: Theirs,
  writer: Writer & { action: AuditAction },
  { base, force }: { base: number; force?: boolean | undefined },
): Checkin {
  const { db, items, history, ttls } = parts;
  const now = parts.now();
  dropEnded(parts, project, noLimit);
  const held = listHeld(items, history, { project, now, theirs, seen: { revision: base, fence: writer.fence }, ttls: ttls.of(project) });
  const merged = merge({ held, theirs, force, now });
  if (merged.kind === "emptied") {
    throw new SteadError("conflict", `The state is empty; it would remove all ${merged.entries} items that it began with.`, {
      hint: "Repeat with --force to empty the project; nothing was changed.",
    });
  }
  const applied = applyChanges(parts, project, merged.changes, writer, merged);
  parts.record(project, writer, applied);
  return { revision: readRevision(db), applied: applied.length, conflicts: merged.conflicts };
}
