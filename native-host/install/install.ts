import { dirname } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import { type BrowserName, browserNames, manifestPath, profilePaths, registryKey } from "./browsers.ts";
import type { InstallEnvironment } from "./environment.ts";
import { exists } from "./exists.ts";
import { manifestText, readManifest } from "./manifest.ts";
import { readText } from "./readText.ts";
import { wrapperText } from "./wrapper.ts";
import { writeAtomically } from "./writeAtomically.ts";

/** A browser and the manifest it reads. */
export interface Registration {
  browser: BrowserName;
  manifest: string;
}

/**
 * Registers the native host for this user: the wrapper, then one manifest per browser that names it. Without `only`:
 * Firefox, and every fork this user has a profile of. Doing it again changes nothing. Throws `installFailed`.
 */
export async function install(environment: InstallEnvironment, only?: BrowserName): Promise<{ installed: Registration[]; wrapper: string }> {
  const { home, platform, hostProgram } = environment;
  if (!(await exists(hostProgram))) {
    throw new SteadError("installFailed", `${hostProgram} is not there, and it is what Firefox shall start.`, {
      hint: "Run npm run build first.",
    });
  }
  const installed = (await chosen(environment, only)).map((browser) => ({ browser, manifest: manifestPath(browser, environment) }));
  const manifests = new Set(installed.map(({ manifest }) => manifest));
  for (const manifest of manifests) await refuseForeign(manifest);

  await writeAtomically(home.wrapper, wrapperText(environment), { file: 0o700, directory: 0o700 });
  for (const manifest of manifests) {
    await writeAtomically(manifest, manifestText(home.wrapper), { file: 0o644, directory: 0o755 });
  }
  if (platform === "win32") await register(environment, manifestPath("firefox", environment));
  return { installed, wrapper: home.wrapper };
}

/** The browsers meant by a command: the named one, else Firefox and every fork with a profile. */
export async function chosen(environment: InstallEnvironment, only?: BrowserName): Promise<BrowserName[]> {
  if (only) return [only];
  const used = await Promise.all(
    browserNames.map(async (name) => name === "firefox" || (await Promise.all(profilePaths(name, environment).map(exists))).includes(true)),
  );
  return browserNames.filter((_, index) => used[index]);
}

async function refuseForeign(manifest: string): Promise<void> {
  const text = await readText(manifest);
  if (text === undefined || readManifest(text)) return;
  throw new SteadError("installFailed", `${manifest} is there already and is not Stead's.`, { hint: "Move it away, then run stead install again." });
}

async function register(environment: InstallEnvironment, manifest: string): Promise<void> {
  const { status } = await environment.reg(["add", registryKey, "/ve", "/t", "REG_SZ", "/d", manifest, "/f"]);
  if (status !== 0) {
    throw new SteadError("installFailed", `reg.exe could not write ${registryKey} (status ${status}), which names ${dirname(manifest)}.`, {
      hint: "Check that this user may write to the registry key.",
    });
  }
}
