import * as z from "zod/mini";
import { parseUrl } from "../../shared/rules/parseUrl.ts";
import { readWebUrl } from "../../shared/webUrl.ts";
import { containerIcon } from "../core/containerIcon.ts";
import { projectOf } from "../core/localState.ts";
import { aboveAlwaysId, alwaysId, menuClick, type MenuClick, type MenuItem, menuItems, menuText } from "../core/menuItems.ts";
import { suggestPatterns } from "../core/suggestPatterns.ts";
import type { Local } from "./local.ts";
import type { LocalRules } from "./localRules.ts";
import type { Opener } from "./opener.ts";
import type { Router } from "./router.ts";
import { webext } from "./webext.ts";

const key = "menus";
const Stored = z.object({ [key]: z.optional(z.string()) });

/** Pages that rules can name. */
const webPages = ["http://*/*", "https://*/*"];

interface Parts {
  local: Local;
  rules: LocalRules;
  opener: Opener;
  /** Made later. */
  router: () => Pick<Router, "applyRules">;
}

/**
 * The context menus of tabs, pages and links. Firefox keeps an event page's menus while it sleeps, and throws them away
 * when the extension is updated: what was made is noted in storage.session, whose life is about as long, and made again
 * whole when it is to change. To be made before anything is awaited.
 */
export class Menus {
  readonly #parts: Parts;
  #last: Promise<unknown> = Promise.resolve();
  /** Whether "Always open …" may be in the words for one tab; the page may have slept while a menu was open. */
  #said = true;

  constructor(parts: Parts) {
    this.#parts = parts;
    webext.menus.onClicked.addListener((info, tab) => {
      const click = menuClick(String(info.menuItemId));
      if (click === undefined || tab === undefined) return;
      this.#clicked(click, info, tab).catch((error: unknown) => console.error("Stead could not do what the menu said", error));
    });
    webext.menus.onShown.addListener((info, tab) => {
      if (info.menuIds.includes(alwaysId)) this.#say(tab, true);
    });
    // The menu of the next tab must not begin with the words for this one.
    webext.menus.onHidden.addListener(() => this.#say(undefined, false));
    webext.runtime.onInstalled.addListener(() => {
      // The extension was updated, or reloaded by hand: Firefox has thrown the menus away.
      this.#last = this.#last.then(() => webext.storage.session.remove(key)).catch(() => undefined);
      this.update();
    });
  }

  /** Projects changed: the menus list them. */
  update(): void {
    this.#last = this.#last.then(() => this.#make()).catch((error: unknown) => console.error("Stead could not make its menus", error));
  }

  async #make(): Promise<void> {
    const { local } = this.#parts;
    await local.ready;
    const items = menuItems(local.state.projects, local.state.recent);
    const picture = JSON.stringify([items, webext.i18n.getUILanguage()]);
    const stored = Stored.safeParse(await webext.storage.session.get(key));
    if (!stored.success || stored.data[key] !== picture) {
      await webext.menus.removeAll();
      await Promise.all(items.map(create));
      await webext.storage.session.set({ [key]: picture });
      this.#said = false;
    } else if (items.length > 0) this.#say(undefined, false);
  }

  async #clicked(click: MenuClick, { linkUrl }: browser.menus.OnClickData, tab: browser.tabs.Tab): Promise<void> {
    const { local, opener } = this.#parts;
    await local.ready;
    switch (click.kind) {
      case "reopen":
        for (const one of await chosenWith(tab)) await opener.reopen(one, click.project);
        return;
      case "always":
        await this.#always(tab);
        return;
      case "openLink":
      case "openHere": {
        const url = readWebUrl(linkUrl ?? "");
        if (url === undefined) return;
        if (click.kind === "openLink") await opener.beside(tab, url, click.project);
        else await opener.besideHere(tab, url);
      }
    }
  }

  async #always(tab: browser.tabs.Tab): Promise<void> {
    const { local, rules, router } = this.#parts;
    const project = projectOf(local.state, tab.cookieStoreId);
    const pattern = suggestPatterns(tab.url ?? "")[0]?.pattern;
    if (project === undefined || pattern === undefined) return;
    const { put } = await rules.change({ put: [{ project, pattern, ask: false }], remove: [] });
    await router().applyRules(put.map(({ id }) => id));
  }

  /**
   * While a menu is shown, says of which host and project its "Always open …" is, and in general words afterwards. Best
   * effort: a page that sleeps is not woken for it.
   */
  #say(tab: browser.tabs.Tab | undefined, isShown: boolean): void {
    if (!isShown && !this.#said) return;
    this.#said = isShown;
    const { title, visible } = this.#wordsFor(tab, isShown);
    this.#last = this.#last
      .then(() => Promise.all([webext.menus.update(alwaysId, { title, visible }), webext.menus.update(aboveAlwaysId, { visible })]))
      .then(() => (isShown ? webext.menus.refresh() : undefined))
      .catch((error: unknown) => console.error("Stead could not change its menu", error));
  }

  #wordsFor(tab: browser.tabs.Tab | undefined, isShown: boolean): { title: string; visible: boolean } {
    const { local } = this.#parts;
    const { getMessage } = webext.i18n;
    const project = local.state.projects.find(({ id }) => id === projectOf(local.state, tab?.cookieStoreId));
    const host = parseUrl(tab?.url ?? "")?.host;
    if (project === undefined || host === undefined) return { title: getMessage("menuAlwaysHere"), visible: !isShown };
    return { title: menuText(getMessage("menuAlways", [host, project.name])), visible: true };
  }
}

/** The tab, or all that are selected together with it. */
async function chosenWith(tab: browser.tabs.Tab): Promise<browser.tabs.Tab[]> {
  if (!tab.highlighted || tab.windowId === undefined) return [tab];
  return webext.tabs.query({ windowId: tab.windowId, highlighted: true });
}

function create(item: MenuItem): Promise<void> {
  return new Promise((resolve, reject) => {
    webext.menus.create(propertiesOf(item), () => {
      const { lastError } = webext.runtime;
      if (lastError) reject(new Error(lastError.message));
      else resolve();
    });
  });
}

function propertiesOf(item: MenuItem): browser.menus._CreateCreateProperties {
  const { getMessage } = webext.i18n;
  switch (item.kind) {
    case "menu":
      return {
        id: item.id,
        title: getMessage(item.message),
        ...(item.place === "tab"
          ? { contexts: ["tab", "page"], documentUrlPatterns: webPages }
          : { contexts: ["link"], targetUrlPatterns: webPages }),
      };
    case "project":
      return { id: item.id, parentId: item.parent, title: menuText(item.name), icons: { 16: containerIcon(item.icon, item.color) }, contexts: ["all", "tab"] };
    case "action":
      return { id: item.id, parentId: item.parent, title: getMessage(item.message), contexts: ["all", "tab"] };
    case "separator":
      return { id: item.id, parentId: item.parent, type: "separator", contexts: ["all", "tab"] };
  }
}
