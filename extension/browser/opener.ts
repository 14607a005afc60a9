import type { ProjectId } from "../../shared/models.ts";
import { readWebUrl } from "../../shared/webUrl.ts";
import { webext } from "./webext.ts";
import type { Local } from "./local.ts";
import type { Placer } from "./placer.ts";
import type { Redelivery } from "./redelivery.ts";
import type { Router } from "./router.ts";

/** The container of tabs that are in none. */
const noContainer = "firefox-default";

/** Opens pages where a person said, and has the rules leave them there. Project null: in none. All throw as Placer.move() does. */
export class Opener {
  readonly #local: Local;
  readonly #placer: Placer;
  readonly #redelivery: Pick<Redelivery, "expectChosen">;
  readonly #router: () => Pick<Router, "letStay">;

  /** `router` is asked for at the first opening: it is made later. */
  constructor(local: Local, placer: Placer, redelivery: Pick<Redelivery, "expectChosen">, router: () => Pick<Router, "letStay">) {
    this.#local = local;
    this.#placer = placer;
    this.#redelivery = redelivery;
    this.#router = router;
  }

  /** The tab's page again, in the project: a tab there takes its place. Nothing for a page that no project can have. */
  async reopen(tab: browser.tabs.Tab, project: ProjectId | null): Promise<void> {
    const url = readWebUrl(tab.url ?? "");
    if (url !== undefined && !this.#isIn(tab, project)) await this.#placer.move(tab, url, project, { keep: false });
  }

  /**
   * The address in the place of a page of ours, whose tab closes unless it is to be kept. `from`: the page that asked for
   * it, null when that is not known, undefined for nobody's (Redelivery.expectChosen).
   */
  async instead(tab: browser.tabs.Tab, url: string, project: ProjectId | null, { keep, from }: { keep: boolean; from: string | null | undefined }): Promise<void> {
    this.#redelivery.expectChosen(url, this.#containerOf(project), from);
    if (keep || !this.#isIn(tab, project) || tab.id === undefined) {
      await this.#placer.move(tab, url, project, { keep });
      return;
    }
    this.#router().letStay(tab.id, url);
    await webext.tabs.update(tab.id, { url, loadReplace: true });
  }

  /** A link of the tab's page in a new tab beside it, behind it as Firefox's own "open link in new tab" does. */
  async beside(tab: browser.tabs.Tab, url: string, project: ProjectId | null): Promise<void> {
    this.#redelivery.expectChosen(url, this.#containerOf(project), tab.url);
    await this.#placer.move({ ...tab, active: false }, url, project, { keep: true });
  }

  /** The same, in the tab's own container. */
  async besideHere(tab: browser.tabs.Tab, url: string): Promise<void> {
    const { id, index, windowId, cookieStoreId } = tab;
    const { id: opened } = await webext.tabs.create({
      active: false,
      index: index + 1,
      url: "about:blank",
      ...(id !== undefined && { openerTabId: id }),
      ...(windowId !== undefined && { windowId }),
      ...(cookieStoreId !== undefined && { cookieStoreId }),
    });
    if (opened === undefined) return;
    this.#router().letStay(opened, url);
    this.#redelivery.expectChosen(url, cookieStoreId, tab.url);
    await webext.tabs.update(opened, { url, loadReplace: true });
  }

  #isIn(tab: browser.tabs.Tab, project: ProjectId | null): boolean {
    return tab.cookieStoreId === this.#containerOf(project);
  }

  #containerOf(project: ProjectId | null): string | undefined {
    return project === null ? noContainer : this.#local.state.containers[project]?.cookieStoreId;
  }
}
