import { SteadError } from "../../shared/errors.ts";
import { leastUsedColor } from "../../shared/leastUsedColor.ts";
import { type Color, type Icon, type Project, type ProjectId, ProjectName, type ProjectPatch } from "../../shared/models.ts";
import { sameName } from "../../shared/projectName.ts";
import type { Registry } from "../../shared/protocol/store.ts";
import type { Followed } from "../core/followContainers.ts";
import { knownProject, patched, withoutProject, withPatch } from "../core/localState.ts";
import { mergeRegistry, withProjectId } from "../core/mergeRegistry.ts";
import type { Containers } from "./containers.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Local } from "./local.ts";
import type { LocalRules } from "./localRules.ts";
import type { WindowBindings } from "./windowBindings.ts";

interface Removed {
  name: string;
  items: number;
  rules: number;
}

/** The projects as this profile knows them, kept in step with the store whenever the host is there. */
export class Projects {
  /** Items and rules by project, from the store's last word; undefined before it. */
  counts: ReadonlyMap<ProjectId, { items: number; rules: number }> | undefined;
  readonly #local: Local;
  readonly #host: HostConnection;
  readonly #containers: Containers;
  readonly #windows: WindowBindings;
  readonly #rules: Pick<LocalRules, "renameProject">;
  #last: Promise<unknown> = Promise.resolve();

  constructor(local: Local, host: HostConnection, containers: Containers, windows: WindowBindings, rules: Pick<LocalRules, "renameProject">) {
    this.#local = local;
    this.#host = host;
    this.#containers = containers;
    this.#windows = windows;
    this.#rules = rules;
  }

  /** Without a host the project is made here and told at the next connection. Throws `badName`, `projectExists`. */
  async add({ name, color, icon }: { name: string; color?: Color | undefined; icon?: Icon | undefined }): Promise<Project> {
    this.#checkName(name, undefined);
    const made: Project = {
      id: crypto.randomUUID(),
      name,
      color: color ?? leastUsedColor(this.#local.state.projects),
      icon: icon ?? "circle",
    };
    const { project } = this.#host.live ? await this.#host.call("project.add", made) : { project: made };
    this.#local.update((state) =>
      state.projects.some((known) => known.id === project.id) ? state : { ...state, projects: [...state.projects, project] },
    );
    return project;
  }

  /** Throws `unknownProject`, `badName`, `projectExists`. */
  async update(id: ProjectId, patch: ProjectPatch): Promise<Project> {
    const before = knownProject(this.#local.state, id);
    if (patch.name !== undefined && patch.name !== before.name) this.#checkName(patch.name, id);
    const told = this.#host.live;
    const project = told ? (await this.#host.call("project.update", { id, patch })).project : patched(before, patch);
    this.#local.update((state) => withPatch(state, id, project, told));
    await this.#containers.redraw(project);
    return project;
  }

  /** Needs the host: without it the project's key could not be destroyed. Throws `hostMissing`, `vaultLocked`. */
  async remove(id: ProjectId): Promise<Removed> {
    const { removed } = await this.#host.call("project.remove", { id });
    await this.#forget(id);
    return removed;
  }

  /** The store's list changed, or this is the first of a connection. One list is taken after the other. */
  take(registry: Registry): Promise<void> {
    const taken = this.#last.then(() => this.#take(registry));
    this.#last = taken.catch(() => undefined);
    return taken;
  }

  /** What happened to a container, for its project: it follows a new name or colour, unless the name is taken. */
  async follow(followed: Followed): Promise<void> {
    switch (followed.kind) {
      case "changed":
        try {
          await this.update(followed.project, followed.patch);
        } catch {
          await this.#containers.redraw(knownProject(this.#local.state, followed.project));
        }
        return;
      case "rolledBack":
        await this.#containers.redraw(knownProject(this.#local.state, followed.project), true);
        return;
      case "moved":
      case "lost":
    }
  }

  async #take(registry: Registry): Promise<void> {
    this.counts = new Map(registry.projects.map(({ id, items, rules }) => [id, { items, rules }]));
    const { state, removed, unknown } = mergeRegistry(this.#local.state, registry);
    for (const id of removed) await this.#forget(id);
    this.#local.update((now) => ({ ...now, projects: state.projects }));
    for (const project of unknown) await this.#introduce(project, registry);
    for (const [id, patch] of Object.entries(this.#local.state.unsent)) await this.#tell(id, patch);
    await Promise.all(this.#local.state.projects.map((project) => this.#containers.redraw(project)));
  }

  async #forget(id: ProjectId): Promise<void> {
    const container = this.#local.state.containers[id];
    this.#local.update((state) => withoutProject(state, id));
    await this.#windows.forget(id);
    if (container) await this.#containers.discard(container);
  }

  /** Tells the store of a project it does not know. One that has its name there already is the same project. */
  async #introduce(project: Project, registry: Registry): Promise<void> {
    const namesake = registry.projects.find((known) => sameName(known.name, project.name));
    if (namesake) {
      this.#local.update((state) => withProjectId(state, project.id, namesake.id));
      this.#rules.renameProject(project.id, namesake.id);
    } else await this.#host.call("project.add", project);
  }

  async #tell(id: ProjectId, patch: ProjectPatch): Promise<void> {
    try {
      const { project } = await this.#host.call("project.update", { id, patch });
      this.#local.update((state) => withPatch(state, id, project, true));
    } catch (error) {
      // The name was taken meanwhile: the store's word stands.
      if (!(error instanceof SteadError && (error.code === "projectExists" || error.code === "unknownProject"))) throw error;
      this.#local.update((state) => withPatch(state, id, {}, true));
    }
  }

  #checkName(name: string, self: ProjectId | undefined): void {
    if (!ProjectName.safeParse(name).success) throw new SteadError("badName", "This is not a name a project can have.");
    if (this.#local.state.projects.some((known) => known.id !== self && sameName(known.name, name))) {
      throw new SteadError("projectExists", `There is a project named “${name}” already.`);
    }
  }
}
