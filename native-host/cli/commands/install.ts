import { browserName } from "../../install/browsers.ts";
import { install } from "../../install/install.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";

/** `stead install`. Throws `installFailed`, `usage` for an unknown browser. */
export async function installHost({ installation }: CliContext, options: { browser?: string }): Promise<Answer> {
  const { installed, wrapper } = await install(installation, options.browser === undefined ? undefined : browserName(options.browser));
  const lines = installed.map(({ browser, manifest }) => `Registered with ${browser}: ${manifest}`);
  return { json: { installed, wrapper }, text: [...lines, `Firefox starts: ${wrapper}`].join("\n") };
}
