import type { Project, ProjectId } from "../../shared/models.ts";
import type { Registry } from "../../shared/protocol/store.ts";
import { type LocalState, patched, withoutProject } from "./localState.ts";

export interface RegistryMerge {
  state: LocalState;
  /** Removed on purpose elsewhere: what Firefox holds of them goes too. */
  removed: ProjectId[];
  /** Known here and not to the store: made while no host was there, or the store is another one. */
  unknown: Project[];
}

/** The store's list of projects against what this profile knows. Absence removes nothing; only `removed` does. */
export function mergeRegistry(state: LocalState, registry: Registry): RegistryMerge {
  const removed = registry.removed.filter(
    (id) => id in state.containers || state.projects.some((project) => project.id === id),
  );
  const remaining = removed.reduce(withoutProject, state);
  const listed = new Set(registry.projects.map((project) => project.id));
  const unknown = remaining.projects.filter((project) => !listed.has(project.id));
  const projects = registry.projects.map(({ id, name, color, icon }) => patched({ id, name, color, icon }, remaining.unsent[id] ?? {}));
  return {
    state: { ...remaining, projects: [...projects, ...unknown] },
    removed,
    unknown,
  };
}

/** The state when a project made here turns out to be one the store has by the same name: the store's id is the one that counts. */
export function withProjectId(state: LocalState, from: ProjectId, to: ProjectId): LocalState {
  const renamed = (id: ProjectId): ProjectId => (id === from ? to : id);
  const container = state.containers[from];
  return {
    ...withoutProject(state, from),
    containers: Object.fromEntries([
      ...Object.entries(state.containers).filter(([id]) => id !== from),
      ...(container && !(to in state.containers) ? [[to, container] as const] : []),
    ]),
    recent: [...new Set(state.recent.map(renamed))],
    active: state.active === null ? null : renamed(state.active),
  };
}
