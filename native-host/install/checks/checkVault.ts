import { lstat } from "node:fs/promises";
import type { VaultStatus } from "../../../shared/models.ts";
import type { InstallEnvironment } from "../environment.ts";
import { type Check, failed, passed } from "./check.ts";
import { failedBy } from "./failedBy.ts";

/** The key's source and state, and that a key file is for this user's eyes only. */
export async function checkVault(environment: InstallEnvironment, look: () => Promise<VaultStatus>): Promise<{ checks: Check[]; vault?: VaultStatus }> {
  try {
    const vault = await look();
    const state =
      vault.state === "unlocked"
        ? passed("vault", `unlocked, key from ${sources[vault.source]}`)
        : failed("vault", `locked, key from ${sources[vault.source]}`, "Run stead unlock.");
    return { checks: vault.source === "file" ? [state, await checkKeyFile(environment)] : [state], vault };
  } catch (error) {
    return { checks: [failedBy("vault", error)] };
  }
}

const sources = { keychain: "the system's keychain", passphrase: "a passphrase", file: "a key file, readable by whoever can read this user's files" } as const;

async function checkKeyFile({ home, platform }: InstallEnvironment): Promise<Check> {
  const stats = await lstat(home.keyFile).catch(() => undefined);
  if (!stats) return passed("key-file", `${home.keyFile} is made with the store`);
  if (!stats.isFile()) return failed("key-file", `${home.keyFile} is not a plain file.`, "Put the key file back from a backup.");
  if (platform !== "win32" && (stats.mode & 0o077) !== 0) {
    return failed("key-file", `${home.keyFile} is open to other users (mode ${(stats.mode & 0o777).toString(8)}).`, `Run chmod 600 ${home.keyFile}`);
  }
  return passed("key-file", home.keyFile);
}
