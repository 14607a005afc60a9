import { unlink } from "node:fs/promises";
import { SteadError } from "../../shared/errors.ts";
import { type BrowserName, browserNames, manifestPath, registryKey } from "./browsers.ts";
import type { InstallEnvironment } from "./environment.ts";
import type { Registration } from "./install.ts";
import { readManifest } from "./manifest.ts";
import { readText } from "./readText.ts";
import { isWrapper } from "./wrapper.ts";

/**
 * Removes what install wrote, and nothing that is not Stead's; the store stays. With `only` the manifest that browser
 * reads, which others may read too. The wrapper goes with the last manifest. Throws `installFailed`.
 */
export async function uninstall(environment: InstallEnvironment, only?: BrowserName): Promise<{ installed: Registration[]; removed: Registration[] }> {
  const before = await registrations(environment);
  const gone = new Set(only ? [manifestPath(only, environment)] : before.map(({ manifest }) => manifest));
  const removed = before.filter(({ manifest }) => gone.has(manifest));
  const installed = before.filter(({ manifest }) => !gone.has(manifest));
  for (const manifest of new Set(removed.map((one) => one.manifest))) await remove(manifest);

  const { home, platform } = environment;
  if (platform === "win32" && removed.length > 0) await environment.reg(["delete", registryKey, "/f"]);
  const wrapper = installed.length === 0 ? await readText(home.wrapper) : undefined;
  if (wrapper !== undefined && isWrapper(wrapper)) await remove(home.wrapper);
  return { installed, removed };
}

/** The browsers that find a manifest of Stead's. */
async function registrations(environment: InstallEnvironment): Promise<Registration[]> {
  const found = await Promise.all(
    browserNames.map(async (browser) => {
      const manifest = manifestPath(browser, environment);
      const text = await readText(manifest);
      return text !== undefined && readManifest(text) ? [{ browser, manifest }] : [];
    }),
  );
  return found.flat();
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    throw new SteadError("installFailed", `Could not remove ${path}.`, { cause: error });
  });
}
