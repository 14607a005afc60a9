import * as z from "zod/mini";
import { portChannel } from "../browser/portChannel.ts";
import { webext } from "../browser/webext.ts";
import { text } from "../ui/text.ts";
import { startApp } from "./app.ts";
import { background } from "./background.ts";

// The page's content security policy forbids eval.
z.config({ jitless: true });

document.documentElement.lang = text("localeTag");
document.documentElement.dir = text("textDirection");

const root = document.getElementById("app");
if (!root) throw new Error("page.html has no element #app.");

// Firefox opens an ext+stead link of a frame in that frame: there the page around it could lay itself over the answers.
if (window.top === window) start(root);
else root.textContent = text("pageFramed");

function start(root: Element): void {
  const app = startApp({
    root,
    ...addressOf(new URLSearchParams(location.search)),
    background: background({
      connect: () => portChannel(webext.runtime.connect({ name: "page" })),
      version: webext.runtime.getManifest().version,
      question: () => app.question(),
      changed: (state) => app.send({ kind: "answered", call: { kind: "state", id: app.question() }, result: { kind: "state", state } }),
      lost: (error) => app.send({ kind: "failed", call: { kind: "state", id: app.question() }, error }),
    }),
    openRules: () => {
      void webext.tabs.create({ url: webext.runtime.getURL("options/options.html#rules") });
    },
  });
}

/** A link that Firefox handed over stands where the page that had it stood; a question of the background page in a tab of its own. */
function addressOf(search: URLSearchParams): { address: { id: string } | { link: string }; keep: boolean } {
  const link = search.get("link");
  if (link !== null) return { address: { link }, keep: history.length > 1 };
  return { address: { id: search.get("id") ?? "" }, keep: search.has("keep") };
}
