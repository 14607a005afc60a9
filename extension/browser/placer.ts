import type { ProjectId } from "../../shared/models.ts";
import { withMove } from "../core/routing/guards.ts";
import type { Containers } from "./containers.ts";
import type { RoutingGuards } from "./routingGuards.ts";
import { webext } from "./webext.ts";

/** The container of tabs that are in none. */
const noContainer = "firefox-default";

/**
 * Puts pages into tabs of projects. The active project stays the active one: a page of another is shown where it was
 * asked for, in front if it would have been, for a tab that hides as it opens looks lost. The next switch sorts it to
 * its own. Only what a hidden tab asks for, by a script, opens hidden.
 */
export class Placer {
  readonly #containers: Containers;
  readonly #guards: RoutingGuards;

  constructor(containers: Containers, guards: RoutingGuards) {
    this.#containers = containers;
    this.#guards = guards;
  }

  /**
   * Opens the address, as a person wishes, where the tab stands (window, index, opener, active, pinned, group), in the
   * project's container (null: in none), and answers the new tab. Rules leave it there. `keep`: the old tab has a page
   * and stays, with its history, and the new one comes beside it; else the old one closes. Throws `unknownProject`,
   * `adoptionNeeded`.
   */
  async move(tab: browser.tabs.Tab, url: string, project: ProjectId | null, { keep }: { keep: boolean }): Promise<browser.tabs.Tab> {
    await this.#containerOf(project);
    this.#expect(url, project, tab.id);
    return this.put(tab, url, project, { keep });
  }

  /** Opens the address, as a person wishes, in a new active tab of the focused window, and brings that to the front. Throws as move(). */
  async open(url: string, project: ProjectId | null): Promise<browser.tabs.Tab> {
    await this.#containerOf(project);
    this.#expect(url, project, undefined);
    return this.put(undefined, url, project, { keep: true });
  }

  /** A new active tab that shows nothing yet, in no project: for a page of ours that asks. */
  openEmpty(): Promise<browser.tabs.Tab> {
    return inFront("about:blank", noContainer);
  }

  /** As move() and, without a tab, open(), for rules: what expects its request is noted already. Without a tab it opens in the focused window. Throws as move(). */
  async put(tab: browser.tabs.Tab | undefined, url: string, project: ProjectId | null, { keep }: { keep: boolean }): Promise<browser.tabs.Tab> {
    const cookieStoreId = await this.#containerOf(project);
    if (tab === undefined) return inFront(url, cookieStoreId);
    const window = await windowOf(tab);
    const made = window?.type === "popup" ? await popup(window, url, cookieStoreId) : await inPlace(tab, url, cookieStoreId, keep);
    // Closed by another hand meanwhile: so be it.
    if (!keep && tab.id !== undefined) await webext.tabs.remove(tab.id).catch(() => undefined);
    return made;
  }

  #containerOf(project: ProjectId | null): Promise<string> | string {
    return project === null ? noContainer : this.#containers.of(project);
  }

  #expect(url: string, project: ProjectId | null, tab: number | undefined): void {
    this.#guards.update((guards) => withMove(guards, { url, to: project, by: "user", from: tab ?? -1, at: Date.now() }));
  }
}

async function inPlace(tab: browser.tabs.Tab, url: string, cookieStoreId: string, keep: boolean): Promise<browser.tabs.Tab> {
  const { index, windowId, active, hidden, groupId, discarded, title } = tab;
  const openerTabId = await openerFor(tab, keep);
  const asleep = !keep && discarded === true;
  const made = await webext.tabs.create({
    url,
    cookieStoreId,
    index: keep ? index + 1 : index,
    active: active && !asleep,
    // A page opened from a pinned tab is not pinned: that is for one page, and it stays.
    pinned: tab.pinned && !keep,
    muted: (tab.mutedInfo?.muted ?? false) && !keep,
    ...(windowId !== undefined && { windowId }),
    ...(openerTabId !== undefined && { openerTabId }),
    ...(asleep && { discarded: true, ...(title !== undefined && { title }) }),
  });
  if (made.id === undefined) return made;
  if (groupId !== undefined && groupId !== -1 && made.groupId !== groupId) await webext.tabs.group({ groupId, tabIds: made.id });
  if (hidden === true) await webext.tabs.hide(made.id);
  return made;
}

/** The tab a new one returns to when it closes. Firefox refuses one of another window. */
async function openerFor(tab: browser.tabs.Tab, keep: boolean): Promise<number | undefined> {
  if (keep || tab.openerTabId === undefined) return keep ? tab.id : undefined;
  const opener = await webext.tabs.get(tab.openerTabId).catch(() => undefined);
  return opener?.windowId === tab.windowId ? opener?.id : undefined;
}

async function popup({ width, height, left, top }: browser.windows.Window, url: string, cookieStoreId: string): Promise<browser.tabs.Tab> {
  const window = await webext.windows.create({
    type: "popup",
    url,
    cookieStoreId,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(left !== undefined && { left }),
    ...(top !== undefined && { top }),
  });
  return firstTab(window);
}

async function inFront(url: string, cookieStoreId: string): Promise<browser.tabs.Tab> {
  const windows = await webext.windows.getAll({ windowTypes: ["normal"] });
  if (windows.length === 0) return firstTab(await webext.windows.create({ url, cookieStoreId }));
  const tab = await webext.tabs.create({ url, cookieStoreId, active: true });
  if (tab.windowId !== undefined) await webext.windows.update(tab.windowId, { focused: true });
  return tab;
}

async function windowOf({ windowId }: browser.tabs.Tab): Promise<browser.windows.Window | undefined> {
  return windowId === undefined ? undefined : webext.windows.get(windowId).catch(() => undefined);
}

function firstTab(window: browser.windows.Window): browser.tabs.Tab {
  const [tab] = window.tabs ?? [];
  if (!tab) throw new Error("Firefox opened a window without a tab.");
  return tab;
}
