import type { VaultStatus } from "../../shared/models.ts";
import type { Backup, BackupOptions } from "../backup/makeBackup.ts";
import type { Restored, RestoreOptions } from "../backup/restoreBackup.ts";
import type { InstallEnvironment } from "../install/environment.ts";
import type { OpenOptions } from "../store/types.ts";
import type { Rotation } from "../vault/rotate.ts";
import type { Context } from "./context.ts";

/** One line of a picker. */
export interface Choice {
  value: string;
  label: string;
  hint?: string;
}

/** What Stead's own commands touch beyond what every command may. */
export interface CliContext extends Context {
  /** Whether stdout shows colours: a terminal, and NO_COLOR not set. */
  readonly color: boolean;
  /** What install, uninstall and doctor work on. */
  readonly installation: InstallEnvironment;
  /** Looks, without asking for anything or making anything. */
  vaultStatus(): Promise<VaultStatus>;
  lock(): Promise<VaultStatus>;
  /** Has the vault lock itself after so many milliseconds without use; null: never. */
  autoLock(after: number | null): Promise<VaultStatus>;
  /** `passphrase` is called only where the key source is one and it is needed. */
  unlock(passphrase: () => Promise<string>): Promise<VaultStatus>;
  /** `passphrase` is called only where the key source is one; it is the new one. */
  rotateKey(passphrase: () => Promise<string>): Promise<Rotation>;
  makeBackup(request: Omit<BackupOptions, keyof OpenOptions>): Promise<Backup>;
  restoreBackup(request: Omit<RestoreOptions, keyof OpenOptions>): Promise<Restored>;
  /** Whether there is a store with a key: looks without making either. */
  storeIsFounded(): Promise<boolean>;
  /** Lets a person pick one; the chosen value. Throws Interrupted when they turn away. Only at a terminal. */
  choose(question: string, choices: readonly Choice[]): Promise<string>;
  /** A line that is not echoed at a terminal; the next line of stdin elsewhere. */
  secret(question: string): Promise<string>;
}
