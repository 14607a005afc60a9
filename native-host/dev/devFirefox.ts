import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cmd } from "web-ext";
import { consoleStream } from "web-ext/util/logger";
import { quitFirefox } from "./quitFirefox.ts";

const prefs = {
  // web-ext installs temporarily; with these the extension's storage and address outlive the run.
  "extensions.webextensions.keepStorageOnUninstall": true,
  "extensions.webextensions.keepUuidOnUninstall": true,
  "browser.startup.page": 3,
  "browser.shell.checkDefaultBrowser": false,
  "browser.aboutwelcome.enabled": false,
  // A person works in this profile: no automation's settings, although it can be asked to quit.
  "remote.prefs.recommended": false,
};

/** A Firefox with the extension, in a profile that persists. */
export interface DevFirefox {
  /** Resolves when Firefox has ended, whoever closed it. */
  readonly ended: Promise<void>;
  /** Asks it to quit as a user would. */
  quit(): Promise<void>;
}

/** Opens Firefox with the unpacked extension; `scratch` is a directory for a file of our own. */
export async function openDevFirefox(options: {
  firefox: string;
  unpacked: string;
  profile: string;
  headless: boolean;
  scratch: string;
}): Promise<DevFirefox> {
  const { unpacked, profile, headless } = options;
  await mkdir(dirname(profile), { recursive: true });
  consoleStream.startCapturing();
  const { warn } = console;
  console.warn = () => undefined; // Its profile reader reports that this user has no Firefox profile yet.
  const runner = await cmd.run({
    sourceDir: unpacked,
    firefox: await shieldedFromInterrupt(options.firefox, options.scratch),
    firefoxProfile: profile,
    profileCreateIfMissing: true,
    keepProfileChanges: true,
    noReload: true,
    noInput: true,
    pref: prefs,
    args: ["--remote-debugging-port=0", ...(headless ? ["--headless"] : [])],
  }).finally(() => {
    console.warn = warn;
  });
  // firefox-profile, which web-ext uses, ends this process at once on an interrupt; Firefox would die with it.
  process.removeAllListeners("SIGINT");
  return {
    ended: new Promise((resolve) => runner.registerCleanup(resolve)),
    quit: () => quitFirefox(profile),
  };
}

/** Ctrl+C reaches the terminal's whole process group, and Firefox would die of it: a program that ignores it first, then is Firefox. */
async function shieldedFromInterrupt(firefox: string, scratch: string): Promise<string> {
  if (process.platform === "win32") return firefox;
  const path = join(scratch, "dev-firefox");
  await mkdir(scratch, { recursive: true });
  await writeFile(path, `#!/bin/sh\ntrap '' INT\nexec '${firefox.replaceAll("'", `'\\''`)}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
