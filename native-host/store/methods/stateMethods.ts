import { SteadError } from "../../../shared/errors.ts";
import { commonSite } from "../../../shared/formats/host.ts";
import type { CookieChange, ProjectId } from "../../../shared/models.ts";
import type { EntryChange } from "../../../shared/state/entry.ts";
import { entryConcerns } from "../../../shared/state/entryConcerns.ts";
import { applyChanges } from "../applyChanges.ts";
import type { AuditAction } from "../audit.ts";
import { cookieChange } from "../cookieChange.ts";
import { readRevision } from "../meta.ts";
import type { StoreParts } from "../storeParts.ts";
import type { Snapshot, StoredEntry, StoredItem } from "../types.ts";

export interface EntryFilter {
  since?: number;
  site?: string;
  origin?: string;
  tombstones?: boolean;
}

export interface WriteOptions {
  by: string;
  action?: Extract<AuditAction, "write" | "import">;
  expected?: number;
}

/** The items of projects, out of the store and into it. */
export interface StateMethods {
  /** Over all projects: each cookie, and each origin's localStorage, sessionStorage and IndexedDB. */
  itemCount(): number;

  /**
   * Hands items of every kind to `by`, in the order of their revisions, and says so in the audit before. `since`: only those above it.
   * `domain`: only what concerns this host. `site`: only this registrable domain. `origin`: only this origin's page storage.
   * Tombstones only with `tombstones`.
   */
  entries(
    project: ProjectId,
    options: { by: string; action: Extract<AuditAction, "export" | "read" | "backup">; domain?: string | undefined } & EntryFilter,
  ): StoredEntry[];
  /** For what Stead decides itself: values that are read so must not leave the process. `items` are cookies alone. */
  readonly unaudited: {
    items(project: ProjectId, filter?: Omit<EntryFilter, "origin">): StoredItem[];
    entries(project: ProjectId, filter?: EntryFilter): StoredEntry[];
    snapshot(project: ProjectId): Snapshot;
  };
  /**
   * Writes changes in order as one revision; what changes nothing is left out and takes no revision.
   * `expected`: refuse with `conflict` when the project has a row above this revision. `action`: what the audit calls it.
   */
  write(project: ProjectId, changes: readonly CookieChange[], options: WriteOptions): { revision: number; applied: number };
  /** As write(), of every kind. A database's removal removes its records, and so does a shape without their object store. */
  writeEntries(project: ProjectId, changes: readonly EntryChange[], options: WriteOptions): { revision: number; applied: number };

  /**
   * Hands the items that there are to `by`, with the store's revision at that moment: what changes are made to, for update(). Said in the
   * audit before. `domain`: only what concerns this host.
   */
  snapshot(project: ProjectId, options: { by: string; action: Extract<AuditAction, "export" | "read">; domain?: string | undefined }): Snapshot;
}

export function stateMethods(parts: StoreParts): StateMethods {
  const { db, now, read, write, items, projects, record } = parts;

  const unaudited: StateMethods["unaudited"] = {
    items: (project, filter = {}) =>
      read(() => {
        projects.expect(project);
        return items.cookies(project, now(), filter);
      }),
    entries: (project, filter = {}) =>
      read(() => {
        projects.expect(project);
        return items.list(project, now(), filter);
      }),
    snapshot: (project) =>
      read(() => {
        projects.expect(project);
        return { revision: readRevision(db), entries: items.entries(project, now()) };
      }),
  };

  const writeEntries: StateMethods["writeEntries"] = (project, changes, { by, action = "write", expected }) =>
    write(
      () => {
        projects.expect(project);
        const latest = items.latest(project);
        if (expected !== undefined && latest > expected) {
          throw new SteadError("conflict", `The project was expected to be at revision ${expected}, and is at ${latest}.`);
        }
        const applied = applyChanges(parts, project, changes, { by });
        if (applied.length > 0) record(project, { by, action }, applied);
        return { revision: readRevision(db), applied: applied.length };
      },
      { frees: changes.every((change) => change.kind === "remove") },
    );

  return {
    itemCount: () => read(() => projects.list().reduce((sum, project) => sum + items.count(project.id, now()), 0)),
    unaudited,

    entries(project, { by, action, domain, ...filter }) {
      const site = domain === undefined ? filter.site : commonSite(domain);
      const all = unaudited.entries(project, { ...filter, ...(site !== undefined && { site }) });
      const entries = domain === undefined ? all : all.filter(({ id }) => entryConcerns(id, domain));
      // No line, no values: when this throws, nothing leaves the store.
      write(() => record(project, { by, action }, entries.filter(({ entry }) => entry).map(({ id }) => id)));
      return entries;
    },

    write: (project, changes, options) => writeEntries(project, changes.map(cookieChange), options),
    writeEntries,

    snapshot(project, { by, action, domain }) {
      const site = domain === undefined ? undefined : commonSite(domain);
      // No line, no values: when this throws, nothing leaves the store.
      return write(() => {
        projects.expect(project);
        const all = items.entries(project, now(), site);
        const entries = domain === undefined ? all : all.filter((entry) => entryConcerns(entry, domain));
        const revision = readRevision(db);
        record(project, { by, action }, entries);
        return { revision, entries };
      });
    },
  };
}
