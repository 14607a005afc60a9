import { browserName } from "../../install/browsers.ts";
import { uninstall } from "../../install/uninstall.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";

/** `stead uninstall`: `installed` in the answer is what is left. Throws `installFailed`, `usage` for an unknown browser. */
export async function uninstallHost({ installation }: CliContext, options: { browser?: string }): Promise<Answer> {
  const { installed, removed } = await uninstall(installation, options.browser === undefined ? undefined : browserName(options.browser));
  const lines = removed.map(({ browser, manifest }) => `Removed from ${browser}: ${manifest}`);
  return { json: { installed, removed }, text: lines.length === 0 ? "Nothing of Stead's was registered." : lines.join("\n") };
}
