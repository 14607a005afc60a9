import { SteadError } from "../../shared/errors.ts";
import type { Project, ProjectId } from "../../shared/models.ts";
import { follow, followContainers, type Followed, oldName } from "../core/followContainers.ts";
import { type Container, knownProject, withContainer, withoutContainer } from "../core/localState.ts";
import { type Identity, resolveContainer } from "../core/resolveContainer.ts";
import type { Local } from "./local.ts";
import { webext } from "./webext.ts";

/** The containers that carry projects in this Firefox profile. */
export class Containers {
  readonly #local: Local;
  readonly #fill: (project: ProjectId) => Promise<void>;
  readonly #making = new Map<ProjectId, Promise<string>>();

  /** `fill` puts the project's state into a container that is new to it. */
  constructor(local: Local, fill: (project: ProjectId) => Promise<void>) {
    this.#local = local;
    this.#fill = fill;
  }

  /**
   * The project's container, made and filled when there is none yet. Throws `unknownProject`, and `adoptionNeeded` when
   * one of its name exists and the user has not said what to do (`adopt`).
   */
  async of(id: ProjectId, adopt?: boolean): Promise<string> {
    // Two requests at once must not make two containers, nor the second open its page in one that is not filled yet.
    const underWay = this.#making.get(id);
    if (underWay) return underWay;
    const making = this.#ensure(knownProject(this.#local.state, id), adopt).finally(() => this.#making.delete(id));
    this.#making.set(id, making);
    return making;
  }

  /** Gives the container the project's name, colour and icon, where it differs from what Stead last saw; `force`: anyway. */
  async redraw(project: Project, force = false): Promise<void> {
    const container = this.#local.state.containers[project.id];
    if (!container) return;
    const { name, color, icon } = project;
    if (!force && container.name === name && container.color === color && container.icon === icon) return;
    this.#local.update((state) => withContainer(state, project.id, { ...container, name, color, icon }));
    await webext.contextualIdentities.update(container.cookieStoreId, { name, color, icon });
  }

  /** Compares with what Firefox has: after a start, when events may have been missed. `stale` as in followContainers(). */
  async check(stale: boolean): Promise<Followed[]> {
    const followed = followContainers(this.#local.state, await identities(), stale);
    for (const one of followed) this.#note(one);
    return followed;
  }

  /** Firefox says a container changed; answers what follows for its project. */
  updated(identity: Identity): Followed | undefined {
    const entry = this.#entry(identity.cookieStoreId);
    const followed = entry && follow(entry[0], entry[1], identity);
    if (followed) this.#note(followed);
    return followed;
  }

  /** Firefox says a container was removed; answers the project it carried. */
  removed(cookieStoreId: string): ProjectId | undefined {
    const project = this.#entry(cookieStoreId)?.[0];
    if (project !== undefined) this.#note({ kind: "lost", project });
    return project;
  }

  /** Removes the container of a project that was removed; one that was there before Stead stays. */
  async discard(container: Container): Promise<void> {
    const tabs = await webext.tabs.query({ cookieStoreId: container.cookieStoreId });
    const ids = tabs.flatMap((tab) => tab.id ?? []);
    if (container.adopted) {
      if (ids.length > 0) await webext.tabs.show(ids);
      return;
    }
    await keepWindowsOpen(new Set(ids));
    await webext.tabs.remove(ids);
    await webext.contextualIdentities.remove(container.cookieStoreId);
  }

  async #ensure(project: Project, adopt: boolean | undefined): Promise<string> {
    const decision = resolveContainer(project, this.#local.state.containers, await identities(), adopt);
    const { name, color, icon } = project;
    switch (decision.kind) {
      case "use":
        return decision.cookieStoreId;
      case "ask":
        throw new SteadError("adoptionNeeded", `Firefox already has a container named “${name}” that Stead did not make.`);
      case "adopt": {
        const { cookieStoreId } = decision.identity;
        this.#remember(project, cookieStoreId, true);
        await webext.contextualIdentities.update(cookieStoreId, { color, icon });
        return this.#filled(project, cookieStoreId);
      }
      case "create": {
        const { cookieStoreId } = await webext.contextualIdentities.create({ name, color, icon });
        this.#remember(project, cookieStoreId, false);
        return this.#filled(project, cookieStoreId);
      }
    }
  }

  /** Before any page loads in it: a container made again must come back with its login. */
  async #filled({ id }: Project, cookieStoreId: string): Promise<string> {
    await this.#fill(id).catch((error: unknown) => console.error("Stead could not fill the container", error));
    return cookieStoreId;
  }

  #remember({ id, name, color, icon }: Project, cookieStoreId: string, adopted: boolean): void {
    this.#local.update((state) => withContainer(state, id, { cookieStoreId, name, color, icon, adopted }));
  }

  #note(followed: Followed): void {
    const { project } = followed;
    switch (followed.kind) {
      case "changed":
      case "moved":
        this.#local.update((state) => withContainer(state, project, followed.container));
        return;
      case "lost":
        this.#local.update((state) => withoutContainer(state, project));
        return;
      case "rolledBack":
    }
  }

  #entry(cookieStoreId: string): [ProjectId, Container] | undefined {
    return Object.entries(this.#local.state.containers).find(([, container]) => container.cookieStoreId === cookieStoreId);
  }
}

export async function identities(): Promise<Identity[]> {
  const all = await webext.contextualIdentities.query({});
  return all.map(({ cookieStoreId, name, color, icon }) => ({ cookieStoreId, name, color: oldName(color), icon }));
}

/** A window that would lose its last tab closes, and Firefox with its last window: such a window gets a new tab first. */
async function keepWindowsOpen(closing: ReadonlySet<number>): Promise<void> {
  for (const window of await webext.windows.getAll({ populate: true, windowTypes: ["normal"] })) {
    const remaining = window.tabs?.some((tab) => tab.id !== undefined && !closing.has(tab.id) && tab.hidden !== true);
    if (!remaining && window.id !== undefined) await webext.tabs.create({ windowId: window.id });
  }
}
