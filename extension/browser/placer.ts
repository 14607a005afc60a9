import type { ProjectId } from "../../shared/models.ts";
import type { Containers } from "./containers.ts";
import type { Local } from "./local.ts";

/** Puts pages into tabs of projects. */
export class Placer {
  readonly #local: Local;
  readonly #containers: Containers;

  constructor(local: Local, containers: Containers) {
    this.#local = local;
    this.#containers = containers;
  }

  /**
   * Opens the address where the tab stands (window, index, opener, active, pinned, group), in the project's container
   * (null: in none), and answers the new tab. `keep`: the old tab has a page and stays, with its history; else it closes.
   */
  move(tab: browser.tabs.Tab, url: string, project: ProjectId | null, { keep }: { keep: boolean }): Promise<browser.tabs.Tab> {
    throw new Error(`not yet ${tab.id} ${url} ${project} ${keep} ${this.#local.state.instance} ${typeof this.#containers}`);
  }

  /** Opens the address in a new active tab of the focused window. */
  open(url: string, project: ProjectId | null): Promise<browser.tabs.Tab> {
    throw new Error(`not yet ${url} ${project}`);
  }
}
