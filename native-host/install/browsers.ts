import { join } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import type { InstallEnvironment } from "./environment.ts";

/** The names `--browser` takes. */
export const browserNames = ["firefox", "librewolf", "waterfox", "zen", "floorp"] as const;
export type BrowserName = (typeof browserNames)[number];

/** Directories below the user's home: where the manifest is read, and where profiles show that the browser is used. */
interface Places {
  manifests: string;
  profiles: readonly string[];
}

const mozilla = ".mozilla/native-messaging-hosts";
const support = "Library/Application Support";

/**
 * Linux: LibreWolf and Waterfox read a directory of their own (NixOS/nixpkgs#414205, BrowserWorks/waterfox#3241), Zen
 * and Floorp read Firefox's (zen-browser/desktop#10622). Profiles are in the old place or, since 147, in the XDG one.
 */
const linux: Readonly<Record<BrowserName, Places>> = {
  firefox: { manifests: mozilla, profiles: [".mozilla/firefox", ".config/mozilla/firefox"] },
  librewolf: { manifests: ".librewolf/native-messaging-hosts", profiles: [".librewolf", ".config/librewolf"] },
  waterfox: { manifests: ".waterfox/native-messaging-hosts", profiles: [".waterfox", ".config/waterfox"] },
  zen: { manifests: mozilla, profiles: [".zen", ".config/zen"] },
  floorp: { manifests: mozilla, profiles: [".floorp", ".config/floorp"] },
};

const darwin: Readonly<Record<BrowserName, Places>> = {
  firefox: { manifests: `${support}/Mozilla/NativeMessagingHosts`, profiles: [`${support}/Firefox`] },
  librewolf: { manifests: `${support}/LibreWolf/NativeMessagingHosts`, profiles: [`${support}/librewolf`] },
  waterfox: { manifests: `${support}/Waterfox/NativeMessagingHosts`, profiles: [`${support}/Waterfox`] },
  zen: { manifests: `${support}/Mozilla/NativeMessagingHosts`, profiles: [`${support}/zen`] },
  floorp: { manifests: `${support}/Mozilla/NativeMessagingHosts`, profiles: [`${support}/Floorp`] },
};

/** On Windows every fork looks under Mozilla's registry key, which names one file: it is kept with Stead's data. */
const windowsProfiles: Readonly<Record<BrowserName, string>> = {
  firefox: "Mozilla/Firefox", librewolf: "librewolf", waterfox: "Waterfox", zen: "zen", floorp: "Floorp",
};

export const registryKey = "HKCU\\Software\\Mozilla\\NativeMessagingHosts\\stead";

/** Throws `usage` for a browser Stead does not know. */
export function browserName(text: string): BrowserName {
  const found = browserNames.find((name) => name === text.toLowerCase());
  if (found) return found;
  throw new SteadError("usage", `${JSON.stringify(text)} is not a browser Stead knows.`, { hint: `Choose one of ${browserNames.join(", ")}.` });
}

/** Where the browser reads Stead's manifest from. */
export function manifestPath(browser: BrowserName, { platform, userHome, home }: InstallEnvironment): string {
  if (platform === "win32") return join(home.data, "native-manifest.json");
  return join(userHome, (platform === "darwin" ? darwin : linux)[browser].manifests, "stead.json");
}

/** Directories that exist once the browser has been used by this user. */
export function profilePaths(browser: BrowserName, { platform, userHome, env }: InstallEnvironment): string[] {
  if (platform === "win32") return [join(env["APPDATA"] ?? join(userHome, "AppData", "Roaming"), windowsProfiles[browser])];
  return (platform === "darwin" ? darwin : linux)[browser].profiles.map((path) => join(userHome, path));
}
