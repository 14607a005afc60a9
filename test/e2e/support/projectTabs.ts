import type { Firefox, Tab } from "../../support/firefox.ts";
import { waitFor } from "../../support/waitFor.ts";
import { containerOf, type World } from "./world.ts";

const policy = 'WebExtensionPolicy.getByID("stead@stead").extension';

/** Makes projects with their containers. */
export async function makeProjects(world: World, firefox: Firefox, names: readonly string[]): Promise<Record<string, number>> {
  const containers: Record<string, number> = {};
  for (const name of names) {
    await world.json("project", "add", name);
    await world.json("switch", name);
    containers[name] = await containerOf(firefox, name);
  }
  return containers;
}

/** Makes a rule, and waits until Firefox has it. */
export async function makeRule(world: World, firefox: Firefox, project: string, pattern: string): Promise<void> {
  await world.json("rule", "add", project, pattern);
  await waitFor(`the rule ${pattern} in Firefox`, async () =>
    firefox.extension(`browser.storage.local.get().then((all) => JSON.stringify(all).includes(${JSON.stringify(`"pattern":"${pattern}"`)}))`));
}

/** Opens the address in a new tab as another program would, or in a container; waits for nothing. */
export async function openAddress(firefox: Firefox, url: string, userContextId = 0): Promise<void> {
  await firefox.chrome(`void gBrowser.addTab(${JSON.stringify(url)}, {
    userContextId: ${userContextId}, inBackground: true, triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
  })`);
}

/** Waits for a tab that shows it. */
export async function tabAt(firefox: Firefox, url: string | RegExp): Promise<Tab> {
  return waitFor(`a tab at ${String(url)}`, async () => (await firefox.tabs()).find((tab) => (typeof url === "string" ? tab.url === url : url.test(tab.url))));
}

/** The extension's page with a question or a word; waits for its text. */
export async function pageText(firefox: Firefox, includes: string): Promise<string> {
  return waitFor(`a page of Stead's with “${includes}”`, async () => {
    for (const { context, url } of await firefox.tabs()) {
      if (!url.startsWith("moz-extension:") || !url.includes("/page/page.html")) continue;
      const text = String(await firefox.evaluate(context, "document.body.innerText"));
      if (text.includes(includes)) return text;
    }
    return undefined;
  });
}

/** Puts the event page to sleep, as Firefox does when it has been idle; the next event wakes it, and that may be at once. */
export async function sleepBackground(firefox: Firefox): Promise<void> {
  await firefox.background("void (background.isOfBefore = true)");
  await firefox.chrome(`${policy}.terminateBackground({ ignoreDevtoolsAttached: true, disableResetIdleForTest: true })`);
  const isOfBefore = await firefox.background("background.isOfBefore ?? false");
  if (isOfBefore !== false) throw new Error("The event page did not go to sleep.");
}

/** Closes every tab but the first, and no window. */
export async function closeTabs(firefox: Firefox): Promise<void> {
  await firefox.chrome(`(() => {
    const [first, ...rest] = gBrowser.tabs;
    for (const tab of rest) gBrowser.removeTab(tab);
    gBrowser.selectedTab = first;
  })()`);
}
