import { spawnSync } from "node:child_process";

/** What installs Debian packages: how this user may do it, or the commands to hand to someone who may. */
export type Installer =
  | { readonly kind: "allowed"; readonly prefix: readonly string[] }
  | { readonly kind: "refused"; readonly command: string }
  | { readonly kind: "notDebian" };

/** Finds out whether this user may install `packages`: root may, and who needs no password for sudo. */
export function debianInstaller(packages: readonly string[]): Installer {
  if (process.platform !== "linux" || !runs("apt-get", "--version")) return { kind: "notDebian" };
  if (process.getuid?.() === 0) return { kind: "allowed", prefix: [] };
  if (runs("sudo", "-n", "true")) return { kind: "allowed", prefix: ["sudo", "-n"] };
  return { kind: "refused", command: `sudo apt-get update && sudo apt-get install ${packages.join(" ")}` };
}

/** Installs them and shows apt's own words on stderr. Throws with the command when apt fails. */
export function installDebianPackages(packages: readonly string[], prefix: readonly string[]): void {
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  for (const args of [["update", "--quiet"], install]) {
    const [program = "apt-get", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    const { status } = spawnSync(program, rest, { stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error(`apt-get ${args.join(" ")} failed with status ${String(status)}.`);
  }
}

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
