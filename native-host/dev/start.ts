import { join } from "node:path";
import { build, root } from "./build.ts";
import { openDevFirefox } from "./devFirefox.ts";
import { linkCommand } from "./linkCommand.ts";
import { obtainFirefox } from "./obtainFirefox.ts";
import { registerHost } from "./registerHost.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  say("Building …");
  await build();
  await linkCommand(root);
  await registerHost(root);
  const firefox = obtainFirefox();
  const headless = process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"];
  const profile = join(process.env["STEAD_HOME"] ?? root, process.env["STEAD_HOME"] === undefined ? ".dev-profile" : "dev-profile");
  const running = await openDevFirefox({ firefox, unpacked: join(root, "dist/extension"), profile, headless, scratch: join(root, ".build") });
  say(hints(firefox, profile, headless));

  let asked = false;
  const stop = (): void => {
    if (asked) return;
    asked = true;
    say("Closing Firefox …");
    void running.quit().catch(() => process.exit(1)); // web-ext ends what cannot be asked.
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await running.ended;
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function hints(firefox: string, profile: string, headless: boolean): string {
  const where = headless ? `${firefox}, headless because there is no display,` : firefox;
  return `
Stead runs in ${where} with the profile ${profile}, which is kept for the next time.
Try in another terminal, in this directory:

  npx stead project add acme --color orange     a project
  npx stead switch acme                         its tabs to the front${headless ? "" : " (or Alt+Shift+P in Firefox)"}
  npx stead rule add acme localhost:3000        its pages open in it
  npx stead status                              what is connected, and where things are kept
  npx stead export acme --format playwright     its logins, for Playwright
  npx stead doctor                              when something does not work

Ctrl+C here closes Firefox.`;
}
