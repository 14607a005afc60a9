import * as z from "zod/mini";
import { toErrorShape } from "../../shared/errors.ts";
import { webext } from "../browser/webext.ts";
import { portChannel } from "../browser/portChannel.ts";
import type { PopupEvent } from "../core/popupModel.ts";
import { text } from "../ui/text.ts";
import { startApp } from "./app.ts";
import { background } from "./background.ts";
import { lastCount } from "./lastCount.ts";

// The page's content security policy forbids eval.
z.config({ jitless: true });

document.documentElement.lang = text("localeTag");
document.documentElement.dir = text("textDirection");
document.title = text("extName");

const root = document.getElementById("app");
if (!root) throw new Error("popup.html has no element #app.");

const send: (event: PopupEvent) => void = startApp({
  root,
  background: background({
    connect: () => portChannel(webext.runtime.connect({ name: "popup" })),
    version: webext.runtime.getManifest().version,
    changed: (state) => send({ kind: "changed", state }),
    lost: (error) => send({ kind: "failed", call: { kind: "state" }, error }),
  }),
  mac: navigator.platform.startsWith("Mac"),
  grant: () => {
    webext.permissions.request({ origins: ["<all_urls>"] }).catch((error: unknown) => {
      send({ kind: "failed", call: { kind: "state" }, error: toErrorShape(error) });
    });
  },
  openOptions: () => {
    // Closed any sooner, the popup would take its request along.
    void webext.runtime.openOptionsPage().finally(() => window.close());
  },
  lastCount,
});
