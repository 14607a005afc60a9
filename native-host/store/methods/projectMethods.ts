import type { Project, ProjectId, ProjectPatch } from "../../../shared/models.ts";
import type { Registry } from "../../../shared/protocol/store.ts";
import type { ActiveProject } from "../activeProject.ts";
import { unnamedLine } from "../auditLines.ts";
import { registryOwner } from "../dataKeys.ts";
import { nextRevision } from "../meta.ts";
import { beginShredding } from "../shredding.ts";
import type { StoreParts } from "../storeParts.ts";

/** The projects themselves, and which one is active. */
export interface ProjectMethods {
  registry(): Registry;
  addProject(project: { id?: ProjectId | undefined; name: string; color?: Project["color"] | undefined; icon?: Project["icon"] | undefined }): Project;
  updateProject(id: ProjectId, patch: ProjectPatch): Project;
  /** Destroys the project's data key, items and rules, and its audit but for one line that it was removed. */
  removeProject(id: ProjectId, options: { by: string }): { name: string; items: number; rules: number };

  active(): ActiveProject;
  /** Ignored when an active project with a later `at` is recorded. */
  setActive(active: ActiveProject): void;
}

export function projectMethods(parts: StoreParts): ProjectMethods {
  const { db, id: store, source, now, read, write, active, audit, history, items, leases, projects, rules, settings } = parts;
  return {
    registry: () =>
      read(() => ({
        projects: projects.list().map((project) => ({ ...project, items: items.count(project.id, now()), rules: rules.count(project.id) })),
        active: active.read().project,
        vault: { state: "unlocked", source },
        removed: projects.removed(),
        settings: settings.read(),
        rules: { store, revision: rules.latest() },
        leases: leases.list(now()),
        conflicts: history.changes.conflicts(now()),
      })),

    addProject: (project) => write(() => projects.add(project)),
    updateProject: (id, patch) => write(() => projects.update(id, patch)),

    removeProject(id, { by }) {
      const removed = write(
        () => {
          const { name } = projects.get(id);
          const [itemCount, ruleCount] = [items.count(id, now()), rules.count(id)];
          if (active.read().project === id) active.write({ project: null, at: now(), pending: false });
          projects.destroy(id);
          // Its own lines went with its key.
          audit.record(registryOwner, { by, action: "remove", now: now(), lines: [unnamedLine(itemCount)], name });
          beginShredding(db);
          return { name, items: itemCount, rules: ruleCount };
        },
        { frees: true },
      );
      parts.finishShredding();
      return removed;
    },

    active: () => read(() => active.read()),

    setActive: (next) =>
      write(() => {
        if (next.project !== null) projects.expect(next.project);
        const before = active.read();
        if (before.at > next.at) return;
        if (before.project === next.project && before.pending === next.pending && before.at === next.at) return;
        active.write(next);
        nextRevision(db);
      }),
  };
}
