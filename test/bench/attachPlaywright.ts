import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, firefox as playwright } from "playwright-core";
import type { Firefox } from "../support/firefox.ts";

/**
 * Playwright on a Firefox that runs already, for which its API has no word: the program that it starts says where that Firefox
 * listens, and ends with it. Firefox has one session at a time: ours ends here, and closing the browser ends Firefox.
 */
export async function attachPlaywright(firefox: Firefox): Promise<Browser> {
  const address = /WebDriver BiDi listening on ws:\S+/.exec(firefox.log)?.[0];
  if (address === undefined) throw new Error("Firefox did not say where it listens.");
  await firefox.session.send("session.end", {});
  firefox.session.close();
  const program = join(firefox.home, "running-firefox");
  await writeFile(program, `#!/bin/sh\necho '${address}' >&2\nexec tail --pid=${firefox.pid} -f /dev/null\n`, { mode: 0o700 });
  return playwright.launch({ channel: "moz-firefox", executablePath: program });
}
