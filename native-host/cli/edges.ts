import type { Backup, BackupOptions } from "../backup/makeBackup.ts";
import type { Restored, RestoreOptions } from "../backup/restoreBackup.ts";
import type { Rotation } from "../vault/rotate.ts";
import type { VaultStatus } from "../../shared/models.ts";
import type { Home } from "../home.ts";
import type { HostLink } from "../host/link.ts";
import type { OpenOptions, Store } from "../store/types.ts";
import type { Choice } from "./cliContext.ts";
import type { CliProcess } from "./cliProcess.ts";

/** Where the command line meets what is outside of it. Nothing behind it is loaded before it is asked for. */
export interface Edges {
  openStore: (options: OpenOptions) => Promise<Store>;
  connectHosts: (home: Home, report: (message: string) => void) => Promise<readonly HostLink[]>;
  /** Whether there is a store with a key: looks without making either. Throws what opening a database throws. */
  storeIsFounded: (home: Home) => Promise<boolean>;
  vaultStatus: (options: OpenOptions) => Promise<VaultStatus>;
  lockVault: (options: OpenOptions) => Promise<VaultStatus>;
  unlockVault: (options: OpenOptions & { passphrase: () => Promise<string> }) => Promise<VaultStatus>;
  setAutoLock: (options: OpenOptions, after: number | null) => Promise<VaultStatus>;
  rotateKey: (options: OpenOptions & { passphrase: () => Promise<string> }) => Promise<Rotation>;
  makeBackup: (options: BackupOptions) => Promise<Backup>;
  restoreBackup: (options: RestoreOptions) => Promise<Restored>;
  choose: (proc: CliProcess, question: string, choices: readonly Choice[]) => Promise<string>;
  confirm: (proc: CliProcess, question: string) => Promise<boolean>;
  secret: (proc: CliProcess, question: string) => Promise<string>;
  /** Windows' reg.exe. */
  reg: (args: readonly string[]) => Promise<{ status: number; output: string }>;
}

export const realEdges: Edges = {
  openStore: async (options) => (await import("../store/openStore.ts")).openStore(options),
  connectHosts: async (home, report) => (await import("../host/connectHosts.ts")).connectHosts(home, { report }),
  storeIsFounded: async (home) => (await import("./storeIsFounded.ts")).storeIsFounded(home),
  vaultStatus: async (options) => (await import("../vault/control.ts")).vaultStatus(options),
  lockVault: async (options) => (await import("../vault/control.ts")).lockVault(options),
  unlockVault: async (options) => (await import("../vault/control.ts")).unlockVault(options),
  setAutoLock: async (options, after) => (await import("../vault/control.ts")).setAutoLock(options, after),
  rotateKey: async (options) => (await import("../vault/rotate.ts")).rotateKey(options),
  makeBackup: async (options) => (await import("../backup/makeBackup.ts")).makeBackup(options),
  restoreBackup: async (options) => (await import("../backup/restoreBackup.ts")).restoreBackup(options),
  choose: async (proc, question, choices) => (await import("./prompts.ts")).choose(proc, question, choices),
  confirm: async (proc, question) => (await import("./prompts.ts")).confirm(proc, question),
  secret: async (proc, question) => (await import("./prompts.ts")).secret(proc, question),
  reg: async (args) => {
    const { runProgram } = await import("../install/runProgram.ts");
    const run = await runProgram("reg.exe", args, { timeoutMs: 10_000 });
    return { status: run.status ?? 1, output: run.stdout.toString() };
  },
};
