import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { type CookieId, Project, ProjectId, ProjectPatch } from "../../shared/models.ts";
import { PageMark } from "../../shared/protocol/pageStorage.ts";
import { Mark } from "../../shared/protocol/store.ts";

/** The container that carries a project in this Firefox profile, as Stead last saw it. */
export const Container = z.object({
  cookieStoreId: z.string(),
  name: z.string(),
  color: z.string(),
  icon: z.string(),
  /** It was there before Stead: it stays when the project is removed. */
  adopted: z.boolean(),
});
export type Container = z.infer<typeof Container>;

/** What the extension keeps in storage.local, so that it works while no host is there and after a restart. */
export const LocalState = z.object({
  /** Names this Firefox profile to the host; made once. */
  instance: z.string(),
  /** In the order of the list. */
  projects: z.array(Project),
  containers: z.record(ProjectId, Container),
  /** Most recently used first; the first is the active project unless `active` is null. */
  recent: z.array(ProjectId),
  active: z.nullable(ProjectId),
  /** Renamed or recoloured while the host could not be told. */
  unsent: z.record(ProjectId, ProjectPatch),
});
export type LocalState = z.infer<typeof LocalState>;

/** Changes the host has not been told, by project. */
export const Outbox = z.record(ProjectId, z.array(Mark));
export type Outbox = z.infer<typeof Outbox>;

/** The same of page storage, by project and origin. */
export const PageOutbox = z.record(ProjectId, z.record(z.string(), z.array(PageMark)));
export type PageOutbox = z.infer<typeof PageOutbox>;

export function newLocalState(instance: string): LocalState {
  return { instance, projects: [], containers: {}, recent: [], active: null, unsent: {} };
}

/** Throws `unknownProject`. */
export function knownProject(state: LocalState, id: ProjectId): Project {
  const project = state.projects.find((known) => known.id === id);
  if (!project) throw new SteadError("unknownProject", "Firefox does not know this project.");
  return project;
}

/** The project a container carries; undefined for containers that are none of Stead's business. */
export function projectOf(state: LocalState, cookieStoreId: string | undefined): ProjectId | undefined {
  return Object.entries(state.containers).find(([, container]) => container.cookieStoreId === cookieStoreId)?.[0];
}

/** The state after a switch to `project`. */
export function withActive(state: LocalState, project: ProjectId | null): LocalState {
  if (project === null) return { ...state, active: null };
  return { ...state, active: project, recent: [project, ...state.recent.filter((id) => id !== project)] };
}

export function withContainer(state: LocalState, project: ProjectId, container: Container): LocalState {
  return { ...state, containers: { ...state.containers, [project]: container } };
}

export function withoutContainer(state: LocalState, project: ProjectId): LocalState {
  return { ...state, containers: without(state.containers, project) };
}

/** The state with one project changed; `told` when the host knows already. */
export function withPatch(state: LocalState, project: ProjectId, patch: ProjectPatch, told: boolean): LocalState {
  return {
    ...state,
    projects: state.projects.map((known) => (known.id === project ? patched(known, patch) : known)),
    unsent: told ? without(state.unsent, project) : { ...state.unsent, [project]: { ...state.unsent[project], ...defined(patch) } },
  };
}

/** The project with a patch applied; absent fields stay. */
export function patched(project: Project, patch: ProjectPatch): Project {
  return { ...project, ...defined(patch) };
}

/** The state without a project and all that was known of it. */
export function withoutProject(state: LocalState, project: ProjectId): LocalState {
  return {
    ...state,
    projects: state.projects.filter((known) => known.id !== project),
    containers: without(state.containers, project),
    recent: state.recent.filter((id) => id !== project),
    active: state.active === project ? null : state.active,
    unsent: without(state.unsent, project),
  };
}

/** Identity only: a mark never carries a value. */
export function markOf(id: CookieId, at: number, removed: boolean): Mark {
  return { id, at, removed };
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** A patch's absent fields stay: they must not overwrite with undefined. */
function defined(patch: ProjectPatch): Partial<Project> {
  return {
    ...(patch.name !== undefined && { name: patch.name }),
    ...(patch.color !== undefined && { color: patch.color }),
    ...(patch.icon !== undefined && { icon: patch.icon }),
  };
}
