import { manifestPath, registryKey } from "../browsers.ts";
import type { InstallEnvironment } from "../environment.ts";
import { chosen } from "../install.ts";
import { readManifest } from "../manifest.ts";
import { readText } from "../readText.ts";
import { type Check, failed, passed } from "./check.ts";

/** One check for each browser this user has: its manifest is there and names our wrapper. */
export async function checkManifests(environment: InstallEnvironment): Promise<Check[]> {
  const browsers = await chosen(environment);
  const checks = await Promise.all(
    browsers.map(async (browser) => {
      const path = manifestPath(browser, environment);
      return checkManifest(`manifest:${browser}`, path, await readText(path), environment, `Run stead install --browser ${browser}.`);
    }),
  );
  return environment.platform === "win32" ? [...checks, await checkRegistry(environment)] : checks;
}

function checkManifest(name: string, path: string, text: string | undefined, { home }: InstallEnvironment, remedy: string): Check {
  if (text === undefined) return failed(name, `${path} is missing.`, remedy);
  const manifest = readManifest(text);
  if (!manifest) return failed(name, `${path} is not a manifest of Stead's.`, `Move it away. ${remedy}`);
  if (manifest.path !== home.wrapper) return failed(name, `${path} names ${manifest.path || "no program"}, not ${home.wrapper}.`, remedy);
  return passed(name, path);
}

async function checkRegistry(environment: InstallEnvironment): Promise<Check> {
  const { status, output } = await environment.reg(["query", registryKey, "/ve"]);
  if (status === 0 && output.includes(manifestPath("firefox", environment))) return passed("registry", registryKey);
  return failed("registry", `${registryKey} does not name Stead's manifest.`, "Run stead install.");
}
