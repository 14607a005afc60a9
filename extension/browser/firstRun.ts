import type { Local } from "./local.ts";
import { webext } from "./webext.ts";

/** Opens the first-run page when Stead was just installed in a profile that knows no project. */
export function openFirstRun(local: Local): void {
  webext.runtime.onInstalled.addListener(({ reason }) => {
    if (reason !== "install") return;
    void local.ready.then(async () => {
      if (local.state.projects.length === 0) await webext.tabs.create({ url: webext.runtime.getURL("firstRun/firstRun.html") });
    });
  });
}
