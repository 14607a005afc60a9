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

/** Installs them and shows apt's own words on stderr. Throws with what to do when apt fails. */
export function installDebianPackages(packages: readonly string[], prefix: readonly string[]): void {
  const apt = (...args: string[]): number | null => {
    const [program = "env", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...patience, ...args];
    return spawnSync(program, rest, { stdio: ["ignore", 2, 2] }).status;
  };
  apt("update", "--quiet"); // It also fails for a source that has nothing to do with these packages; the installation decides.
  const status = apt("install", "--quiet", "--yes", "--no-install-recommends", ...packages);
  if (status === 0) return;
  throw new Error(`apt-get could not install ${packages.join(" ")} (status ${String(status)}); its own words are above. Install them and try again.`);
}

/** A machine that has just started may hold dpkg's lock for its own updates, and a mirror may drop a connection. */
const patience = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
