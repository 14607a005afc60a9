import * as z from "zod/mini";
import { portChannel } from "../browser/portChannel.ts";
import { webext } from "../browser/webext.ts";
import { text } from "../ui/text.ts";
import { startApp } from "./app.ts";
import { openShortcutSettings } from "./shortcuts.ts";

// The page's content security policy forbids eval.
z.config({ jitless: true });

document.documentElement.lang = text("localeTag");
document.documentElement.dir = text("textDirection");
document.title = text("optionsTitle");

const root = document.getElementById("app");
if (!root) throw new Error("options.html has no element #app.");

const send = startApp(root, {
  connect: () => portChannel(webext.runtime.connect({ name: "options" })),
  version: webext.runtime.getManifest().version,
  mac: navigator.platform.startsWith("Mac"),
  grant: () => webext.permissions.request({ origins: ["<all_urls>"] }),
  openFirstRun: () => void webext.tabs.create({ url: webext.runtime.getURL("firstRun/firstRun.html") }),
  openShortcutSettings,
});

webext.commands.onChanged.addListener(() => send({ to: "shortcuts", kind: "changed" }));
