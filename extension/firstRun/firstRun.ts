import * as z from "zod/mini";
import { portChannel } from "../browser/portChannel.ts";
import { webext } from "../browser/webext.ts";
import { text } from "../ui/text.ts";
import { startApp } from "./app.ts";

// The page's content security policy forbids eval.
z.config({ jitless: true });

document.documentElement.lang = text("localeTag");
document.documentElement.dir = text("textDirection");
document.title = text("firstRunTitle");

const root = document.getElementById("app");
if (!root) throw new Error("firstRun.html has no element #app.");

startApp(root, {
  connect: () => portChannel(webext.runtime.connect({ name: "options" })),
  version: webext.runtime.getManifest().version,
  tabs: openAddresses,
  close: () => void closeThisTab(),
});

async function openAddresses(): Promise<string[]> {
  const tabs = await webext.tabs.query({});
  return tabs
    .filter((tab) => !tab.incognito)
    .sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))
    .flatMap(({ url }) => url ?? []);
}

async function closeThisTab(): Promise<void> {
  const tab = await webext.tabs.getCurrent();
  if (tab?.id !== undefined) await webext.tabs.remove(tab.id);
}
