import type { ProjectId } from "../../shared/models.ts";
import type { SwitchRequest, SwitchResult } from "../../shared/protocol/extensionHost.ts";
import { projectOf, withActive } from "../core/localState.ts";
import { type Snapshot, type SwitchPlan, switchPlan } from "../core/switchPlan.ts";
import type { Containers } from "./containers.ts";
import type { Local } from "./local.ts";
import { webext } from "./webext.ts";
import type { WindowBindings } from "./windowBindings.ts";

/** Makes a project the active one. Switches run one after the other. */
export class Switcher {
  readonly #local: Local;
  readonly #containers: Containers;
  readonly #windows: WindowBindings;
  readonly #onActive: (project: ProjectId) => void;
  #last: Promise<unknown> = Promise.resolve();

  /** `onActive` is called when a project has become the active one. */
  constructor(local: Local, containers: Containers, windows: WindowBindings, onActive: (project: ProjectId) => void) {
    this.#local = local;
    this.#containers = containers;
    this.#windows = windows;
    this.#onActive = onActive;
  }

  /** Throws `unknownProject`, `adoptionNeeded`. */
  switch(request: SwitchRequest): Promise<SwitchResult> {
    const done = this.#last.then(() => this.#switch(request));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** A new tab in the project's container, in the focused window. */
  async openTab(project: ProjectId): Promise<void> {
    const cookieStoreId = await this.#containers.of(project);
    await webext.tabs.create({ cookieStoreId });
  }

  async #switch({ project, window, adopt }: SwitchRequest): Promise<SwitchResult> {
    const [cookieStoreId, snapshot] = await Promise.all([this.#containers.of(project, adopt), this.#gather()]);
    const plan = switchPlan(snapshot, project, window);
    // A window bound to a project is that window's matter alone.
    const isActive = plan.bind?.project !== project;
    if (isActive) this.#local.update((state) => withActive(state, project));
    const hidden = await this.#perform(plan, cookieStoreId);
    if (isActive) this.#onActive(project);
    return { project, shown: plan.show.length, hidden };
  }

  async #gather(): Promise<Snapshot> {
    const [windows, tabs] = await Promise.all([
      webext.windows.getAll({ windowTypes: ["normal"] }),
      webext.tabs.query({ windowType: "normal" }),
    ]);
    return {
      windows: await this.#windows.view(windows),
      tabs: tabs.flatMap((tab) =>
        tab.id === undefined || tab.windowId === undefined
          ? []
          : {
              id: tab.id,
              windowId: tab.windowId,
              project: projectOf(this.#local.state, tab.cookieStoreId),
              active: tab.active,
              pinned: tab.pinned,
              hidden: tab.hidden ?? false,
              lastAccessed: tab.lastAccessed ?? 0,
            },
      ),
    };
  }

  /** Shows first and hides last: at no moment is a window left without the tab it is to show. Answers how many were hidden. */
  async #perform(plan: SwitchPlan, cookieStoreId: string): Promise<number> {
    if (plan.bind) await this.#windows.bind(plan.bind.window, plan.bind.project);
    if (plan.show.length > 0) await webext.tabs.show(plan.show);
    await Promise.all(plan.activate.map((tab) => webext.tabs.update(tab, { active: true })));
    if (plan.window === null) await webext.windows.create({ cookieStoreId });
    else if (plan.open) await webext.tabs.create({ windowId: plan.window, cookieStoreId, active: true });
    if (plan.window !== null && plan.window !== this.#windows.focused) await webext.windows.update(plan.window, { focused: true });
    return plan.hide.length > 0 ? this.#hide(plan.hide) : 0;
  }

  async #hide(ids: number[]): Promise<number> {
    try {
      return (await webext.tabs.hide(ids)).length;
    } catch {
      // One of them was closed in this moment, and Firefox refuses the whole list.
      const open = new Set((await webext.tabs.query({})).map((tab) => tab.id));
      return (await webext.tabs.hide(ids.filter((id) => open.has(id)))).length;
    }
  }
}
