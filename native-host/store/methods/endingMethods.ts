import type { ProjectId } from "../../../shared/models.ts";
import { applyChanges } from "../applyChanges.ts";
import { unnamedLine } from "../auditLines.ts";
import { dropEnded, noLimit } from "../dropEnded.ts";
import { forget } from "../forget.ts";
import { readRevision } from "../meta.ts";
import { beginShredding } from "../shredding.ts";
import { canWait } from "../sqliteErrors.ts";
import type { StoreParts } from "../storeParts.ts";
import type { Ttl } from "../ttl.ts";

/** What is not to stay: forgotten when someone says so, or when its time to live is over. */
export interface EndingMethods {
  /**
   * Removes all items, or those of the host `domain` and the hosts below it, with their history: this cannot be undone. Ends
   * the lease, whose holder has them still. What stays is that something of that name was removed, for Firefox to be told. The
   * audit's lines of them go too, for one that says how many were forgotten, and not of what.
   */
  forget(project: ProjectId, options: { by: string; domain?: string }): { revision: number; forgotten: number };
  /** How long the project keeps what was not changed; empty where that is for as long as it is good. */
  ttls(project: ProjectId): Ttl[];
  /**
   * Keeps what belongs to the host `domain` and those below it, or with null all that no other is for, so many seconds after it
   * was last changed; with null no longer than it is good. What has outlived that ends at once. `ended`: how many did. Throws
   * `usage` for less than a minute and more than ten years.
   */
  setTtl(project: ProjectId, ttl: { domain: string | null; seconds: number | null }): { revision: number; ended: number };
  /**
   * Ends what has outlived its time, in all projects; how many. Nothing shows it before either: this destroys it, with its
   * history, and lets Firefox be told.
   */
  endOutlived(): number;
  /** When the next item will have outlived its time, in milliseconds since 1970; Infinity while none will, null while no project has a time to live. */
  nextEnd(): number | null;
}

export function endingMethods(parts: StoreParts): EndingMethods {
  const { db, now, read, write, audit, endings, gaps, history, items, leases, projects, ttls } = parts;

  function endOutlived(): number {
    let total = 0;
    try {
      for (const project of read(() => ttls.projects())) {
        // A look first: who has nothing to end waits for no writer.
        while (read(() => endings.isDue(project, now()))) {
          total += write(
            () => {
              endings.trimHistory(project, now());
              return dropEnded(parts, project);
            },
            { frees: true },
          );
        }
      }
      if (total > 0) parts.finishShredding();
    } catch (error) {
      if (!canWait(error)) throw error;
    }
    return total;
  }

  return {
    forget(project, { by, domain }) {
      const result = write(
        () => {
          projects.expect(project);
          dropEnded(parts, project, noLimit);
          const forgotten = forget(items, history, { project, domain, now: now() }, (changes) => applyChanges(parts, project, changes, { by }).length);
          gaps.forget(project, domain);
          leases.end(project);
          // The line must not name again what was forgotten.
          audit.forget(project, domain);
          audit.record(project, { by, action: "forget", now: now(), lines: [unnamedLine(forgotten)] });
          beginShredding(db);
          return { revision: readRevision(db), forgotten };
        },
        { frees: true },
      );
      // What was deleted is in the log still.
      parts.finishShredding();
      return result;
    },

    ttls: (project) =>
      read(() => {
        projects.expect(project);
        return ttls.of(project);
      }),

    setTtl(project, ttl) {
      write(
        () => {
          projects.expect(project);
          ttls.set(project, ttl);
          endings.retime(project);
        },
        { frees: ttl.seconds === null },
      );
      return { ended: endOutlived(), revision: db.read(() => readRevision(db)) };
    },

    endOutlived,

    nextEnd: () =>
      read(() => {
        const timed = ttls.projects().filter((project) => !ttls.isDamaged(project));
        return timed.length === 0 ? null : Math.min(...timed.map((project) => endings.next(project)));
      }),
  };
}
