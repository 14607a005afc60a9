import type { ProjectId } from "../../../shared/models.ts";
import type { Access, AuditFilter } from "../audit.ts";
import { type AuditLimits, auditLimits, setAuditLimits } from "../auditLimits.ts";
import { type AuditLine, unnamedLine } from "../auditLines.ts";
import { registryOwner } from "../dataKeys.ts";
import type { StoreParts } from "../storeParts.ts";

/** One line of the audit; times in milliseconds since 1970. `count`: how many items it was about. */
export interface AuditEvent extends AuditLine {
  at: number;
  /** The last time: the same actor's same actions within a minute are one event. */
  until: number;
  /** An instance's name, a lease's holder, `cli` … */
  actor: string;
  action: string;
  /** Its name; null for what is about the store. */
  project: string | null;
}

/** Who read or wrote what. */
export interface AuditMethods {
  /**
   * Who read or wrote what, the newest last; `since` in milliseconds since 1970. Every method that lets values in or out writes it.
   * `damaged`: how many records did not open.
   */
  audit(filter?: AuditFilter): { events: AuditEvent[]; damaged: number };
  /** For what is done outside of these methods, such as a backup. */
  recordAccess(access: Access & { project?: ProjectId; count?: number }): void;
  auditLimits(): AuditLimits;
  /** What is over the limits is gone at once. */
  setAuditLimits(limits: AuditLimits): void;
}

export function auditMethods({ db, now, read, write, audit, instances, projects }: StoreParts): AuditMethods {
  return {
    audit: (filter = {}) =>
      read(() => {
        if (filter.project !== undefined) projects.expect(filter.project);
        const names = new Map(projects.list().map(({ id, name }) => [id, name]));
        const instanceNames = instances.names();
        const { batches, damaged } = audit.list(filter);
        const events = batches.flatMap(({ by, action, at, until, owner, name, lines }) =>
          lines.map((line) => ({ at, until, actor: instanceNames.get(by) ?? by, action, project: name ?? names.get(owner) ?? null, ...line })),
        );
        return { events, damaged };
      }),

    recordAccess: ({ by, action, project, count = 0 }) =>
      write(() => {
        if (project !== undefined) projects.expect(project);
        audit.record(project ?? registryOwner, { by, action, now: now(), lines: [unnamedLine(count)] });
      }),

    auditLimits: () => read(() => auditLimits(db)),
    setAuditLimits: (limits) =>
      write(() => {
        setAuditLimits(db, limits);
        audit.trim(now());
      }),
  };
}
