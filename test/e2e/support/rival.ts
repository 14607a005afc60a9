import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";

const manifest = {
  manifest_version: 3,
  name: "Rival",
  version: "1",
  browser_specific_settings: { gecko: { id: "rival@stead.test", strict_min_version: "142.0" } },
  permissions: ["cookies", "contextualIdentities", "tabs", "webRequest", "webRequestBlocking"],
  host_permissions: ["<all_urls>"],
  background: { scripts: ["rival.js"] },
};

const background = `
const wishes = { "/theirs": "theirs", "/ours": "acme" };
let containers = {};

async function learn() {
  const all = await browser.contextualIdentities.query({});
  containers = Object.fromEntries(all.map(({ name, cookieStoreId }) => [name, cookieStoreId]));
}

for (const event of ["onCreated", "onUpdated", "onRemoved"]) browser.contextualIdentities[event].addListener(() => void learn());
void learn();

async function move(tabId, url, cookieStoreId) {
  const tab = await browser.tabs.get(tabId);
  await browser.tabs.create({ url, cookieStoreId, index: tab.index + 1, active: tab.active });
  if (/^about:(blank|newtab|home)/.test(tab.url)) await browser.tabs.remove(tabId);
}

browser.webRequest.onBeforeRequest.addListener(
  ({ tabId, url, cookieStoreId }) => {
    const wish = Object.entries(wishes).find(([path]) => new URL(url).pathname.startsWith(path))?.[1];
    const wanted = containers[wish];
    if (wanted === undefined || wanted === cookieStoreId) return {};
    void move(tabId, url, wanted).catch(() => undefined);
    return { cancel: true };
  },
  { urls: ["<all_urls>"], types: ["main_frame"] },
  ["blocking"],
);
`;

/**
 * Writes another add-on that gives sites to containers, below `folder`, and answers its directory: pages below /theirs go
 * to the container named "theirs", those below /ours to the one named "acme". As such add-ons do, it opens the page anew
 * and closes a tab that shows nothing.
 */
export async function writeRival(folder: string): Promise<string> {
  const directory = await mkdtemp(join(folder, "rival-"));
  await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(directory, "rival.js"), background);
  return directory;
}
