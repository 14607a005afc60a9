import { SteadError } from "../../shared/errors.ts";
import type { StoreDatabase } from "./database.ts";

/** After how long without use the vault is locked, and when it was last used; in milliseconds, and since 1970. */
export interface Idleness {
  /** Null: never. */
  lockAfter: number | null;
  /** Null until it is of importance. */
  used: number | null;
}

/** How many times finer than `lockAfter` a use is recorded: not every reading writes. */
const fineness = 60;

/**
 * Whether the vault has been idle for too long. By the wall clock, so that the time in which the machine slept counts; a clock
 * that was put back by as much tells nothing of how long it was, and counts as too long.
 */
export function isIdle({ lockAfter, used }: Idleness, now: number): boolean {
  return lockAfter !== null && used !== null && Math.abs(now - used) >= lockAfter;
}

/** When it will have been idle for too long; null for never. */
export function idleAt({ lockAfter, used }: Idleness): number | null {
  return lockAfter === null ? null : (used ?? 0) + lockAfter;
}

/** Whether a use at `now` is worth a write. */
export function isWorthStamping({ lockAfter, used }: Idleness, now: number): boolean {
  return lockAfter !== null && (used === null || Math.abs(now - used) >= lockAfter / fineness);
}

/** Records a use, in a write transaction; too late for a vault that is locked or has been idle for too long: only unlocking helps that. */
export function stampUse(db: StoreDatabase, now: number): void {
  db.run("UPDATE meta SET used = ? WHERE locked = 0 AND lock_after IS NOT NULL AND (used IS NULL OR abs(? - used) < lock_after)", now, now);
}

/** Sets after how long the vault is locked, from `now` on; in a write transaction of one who may use it. */
export function setLockAfter(db: StoreDatabase, lockAfter: number | null, now: number): void {
  db.run("UPDATE meta SET lock_after = ?, used = ?", lockAfter, now);
}

/** Locks the vault if it has been idle for too long, in a write transaction; whether it is locked. */
export function lockIfIdle(db: StoreDatabase, now: number): boolean {
  const row = db.get<{ locked: number; lockAfter: number | null; used: number | null }>("SELECT locked, lock_after AS lockAfter, used FROM meta");
  if (!row || row.locked !== 0) return row !== undefined;
  if (!isIdle(row, now)) return false;
  db.run("UPDATE meta SET locked = 1");
  return true;
}

export function idleLocked({ lockAfter }: Idleness): SteadError {
  const minutes = Math.round((lockAfter ?? 0) / 60_000);
  const time = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return new SteadError("vaultLocked", `The vault has locked itself: it was not used for ${time}.`);
}
