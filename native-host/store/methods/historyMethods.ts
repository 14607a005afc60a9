import { SteadError } from "../../../shared/errors.ts";
import type { ProjectId } from "../../../shared/models.ts";
import { applyChanges } from "../applyChanges.ts";
import type { Change } from "../changes.ts";
import { dropEnded, noLimit } from "../dropEnded.ts";
import { type HistoryLimits, historyLimits, setHistoryLimits } from "../historyLimits.ts";
import { readRevision } from "../meta.ts";
import { changesBack, listChanges } from "../past.ts";
import type { StoreParts } from "../storeParts.ts";

/** What projects were, and back to it. */
export interface HistoryMethods {
  /**
   * The project's revisions that can be had again, the newest first; `items`: how many each changed. `domain`, a host: only
   * what concerns it, with the counts of what is still known. `by` is an instance's name where an instance made the change.
   */
  history(project: ProjectId, filter?: { domain?: string }): Change[];
  /**
   * Makes the project what it was at a revision or a time (milliseconds since 1970), as a new revision: undone by restoring
   * the one before. Only what concerns the host `domain`, where given. `expired`: what was there and has expired since.
   * Throws `usage` for what is not in history, and `conflict` for a state without items unless `force`.
   */
  restore(
    project: ProjectId,
    to: { revision: number } | { time: number },
    options: { by: string; domain?: string; force?: boolean },
  ): { revision: number; restored: number; expired: number };
  historyLimits(): HistoryLimits;
  /** For every project; what is over the limits is gone at once. */
  setHistoryLimits(limits: HistoryLimits): void;
}

export function historyMethods(parts: StoreParts): HistoryMethods {
  const { db, read, write, history, instances, items, projects, ttls, record } = parts;
  return {
    history: (project, { domain } = {}) =>
      read(() => {
        projects.expect(project);
        const names = instances.names();
        return listChanges(items, history, { project, domain, now: parts.now() }).map((change) => ({ ...change, by: names.get(change.by) ?? change.by }));
      }),

    restore: (project, to, { by, domain, force }) =>
      write(() => {
        projects.expect(project);
        const now = parts.now();
        dropEnded(parts, project, noLimit);
        const back = changesBack(items, history, { project, to, latest: readRevision(db), domain, now, ttls: ttls.of(project) });
        if (back.emptied > 0 && force !== true) {
          throw new SteadError("conflict", `That state has no items; it would remove all ${back.emptied} that are there now.`, {
            hint: "Repeat with --force to empty the project; nothing was changed.",
          });
        }
        const restored = applyChanges(parts, project, back.changes, { by });
        record(project, { by, action: "restore" }, restored);
        return { revision: readRevision(db), restored: restored.length, expired: back.expired };
      }),

    historyLimits: () => read(() => historyLimits(db)),
    setHistoryLimits: (limits) =>
      write(() => {
        setHistoryLimits(db, limits);
        for (const project of projects.ids()) history.trim(project, parts.now());
      }),
  };
}
