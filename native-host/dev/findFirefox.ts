import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { posix, win32 } from "node:path";

const names = ["firefox-esr", "firefox", "firefox-developer-edition", "firefox-devedition", "firefox-nightly", "librewolf"];

/** Where Firefox may be, the likeliest first: on PATH under its usual names, then in the platform's usual places. */
export function firefoxPlaces(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string[] {
  const path = platform === "win32" ? win32 : posix;
  const join = (...parts: string[]): string => path.join(...parts);
  const directories = (env["PATH"] ?? "").split(path.delimiter).filter((directory) => directory !== "");
  const suffix = platform === "win32" ? ".exe" : "";
  const onPath = names.flatMap((name) => directories.map((directory) => join(directory, name + suffix)));
  if (platform === "darwin") {
    const apps = ["Firefox", "Firefox Developer Edition", "Firefox Nightly", "LibreWolf"];
    const roots = ["/Applications", join(home, "Applications")];
    return [...onPath, ...roots.flatMap((root) => apps.map((app) => join(root, `${app}.app/Contents/MacOS/firefox`)))];
  }
  if (platform === "win32") {
    const roots = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((name) => env[name] ?? []);
    const folders = ["Mozilla Firefox", "Firefox Developer Edition", "Firefox Nightly"];
    return [...onPath, ...roots.flatMap((root) => folders.map((folder) => join(root, folder, "firefox.exe")))];
  }
  return [...onPath, "/usr/lib/firefox-esr/firefox-esr", "/usr/lib/firefox/firefox", "/opt/firefox/firefox", "/snap/bin/firefox"];
}

/** The path of a Firefox on this machine; undefined when there is none. */
export function findFirefox(): string | undefined {
  return firefoxPlaces(process.platform, process.env, homedir()).find((place) => existsSync(place));
}
