import type { VaultStatus } from "../../../shared/models.ts";
import { idleAt, setLockAfter } from "../idleness.ts";
import { readKeyState } from "../meta.ts";
import type { StoreParts } from "../storeParts.ts";

/** Of the vault, as far as the store keeps it. */
export interface VaultMethods {
  vault(): VaultStatus;
  /** Records that a person or a program uses the vault, for one that opened the store with `passive`. */
  use(): void;
  /** Has the vault lock itself when nobody used it for so many milliseconds; null: never. */
  setLockAfter(after: number | null): void;
  /** When the vault locks itself unless it is used, in milliseconds since 1970; null for never. */
  locksAt(): number | null;
}

export function vaultMethods({ db, source, now, transactions, read, write }: StoreParts): VaultMethods {
  return {
    vault: () => ({ state: transactions.isOpen() ? "unlocked" : "locked", source }),
    use: () => transactions.use(),
    setLockAfter: (after) => write(() => setLockAfter(db, after, now())),
    locksAt: () => read(() => idleAt(readKeyState(db))),
  };
}
