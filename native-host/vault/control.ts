import { randomBytes } from "node:crypto";
import { SteadError } from "../../shared/errors.ts";
import type { KeySourceKind, VaultStatus } from "../../shared/models.ts";
import { openDatabase, openExistingDatabase, type StoreDatabase } from "../store/database.ts";
import type { DataKeys } from "../store/dataKeys.ts";
import { foundStore } from "../store/foundStore.ts";
import { isIdle } from "../store/idleness.ts";
import { type Meta, readKeyState, readMeta, setLocked } from "../store/meta.ts";
import { openStore } from "../store/openStore.ts";
import type { OpenOptions } from "../store/types.ts";
import { chosenSource, expectSource } from "./chosenSource.ts";
import { lockWhenIdle } from "./idleLock.ts";
import { askKeeper, dismissKeeper, startKeeper, wakeKeeper } from "./keeperClient.ts";
import { keychainAnswers } from "./keychain.ts";
import { keyBytes } from "./keys.ts";
import { unwrapWithPassphrase, wrapWithPassphrase } from "./passphrase.ts";
import { expectCheck, loadRoot, pickRoot, unlockedRoot } from "./rootKey.ts";
import { keysOf, recordVault } from "./vaultAudit.ts";

export interface VaultOptions extends OpenOptions {
  /** Who asks, for the audit; `cli` unless said. */
  by?: string;
}

export interface UnlockOptions extends VaultOptions {
  /** Asked only where the key source is a passphrase. */
  passphrase?: () => Promise<string>;
  /** The keeper's program; tests set it. */
  keeperPath?: string;
}

/** Looks without asking anyone and without making anything. For a store that is still to be made: what it would have. */
export async function vaultStatus(options: OpenOptions): Promise<VaultStatus> {
  const db = openExistingDatabase(options.home.store);
  try {
    const meta = db?.read(() => readMeta(db));
    if (!meta || meta.source === null) return futureStatus(options);
    const unlocked = !meta.locked && !isIdle(meta, timeOf(options)) && (meta.source !== "passphrase" || (await keeperHasKey(meta, options)));
    return { ...status(unlocked, meta.source), ...(meta.lockAfter !== null && { autoLock: meta.lockAfter / 1000 }) };
  } finally {
    db?.close();
  }
}

/** Bounds of the time without use, in milliseconds: a minute, and 365 days. */
const shortestIdle = 60_000;
const longestIdle = 365 * 24 * 60 * 60 * 1000;

/**
 * Has the vault lock itself when nobody used it for so many milliseconds, or with null never. Throws `vaultLocked`, what opening
 * the store throws, and `usage` for less than a minute and more than 365 days.
 */
export async function setAutoLock(options: OpenOptions, after: number | null): Promise<VaultStatus> {
  if (after !== null && !(after >= shortestIdle && after <= longestIdle)) {
    throw new SteadError("usage", "A time without use of one minute to 365 days was expected.", { hint: "Write 10m, 24h or 7d; nothing was changed." });
  }
  const store = await openStore(options);
  try {
    store.setLockAfter(after);
  } finally {
    store.close();
  }
  await wakeKeeper(options.home);
  return vaultStatus(options);
}

/** Closes the vault to every process, those that have the store open included, until unlockVault(). */
export async function lockVault(options: VaultOptions): Promise<VaultStatus> {
  if ((await vaultStatus(options)).source === "passphrase" && !hasKey(options)) return status(false, "passphrase");
  // A store that is locked before its first use must exist to remember it.
  if (!hasKey(options)) (await openStore(options)).close();
  return withDatabase(options, async (db, meta) => {
    const keys = await openKeys(db, options);
    try {
      db.write(
        () => {
          if (keys && !readKeyState(db).locked) recordVault(db, keys, { ...told(options), action: "lock" });
          setLocked(db, true, timeOf(options));
        },
        { frees: true },
      );
    } finally {
      keys?.wipe();
    }
    if (meta.source === "passphrase") await dismissKeeper(options.home);
    return status(false, meta.source);
  });
}

/**
 * Opens the vault until lockVault(). A passphrase is asked for once, checked, and the key it protects given to a keeper;
 * for an empty store with STEAD_KEYSTORE=passphrase it is chosen. Throws `keyWrong`, `keyUnavailable`, `vaultLocked` when
 * a passphrase is needed and cannot be asked for.
 */
export async function unlockVault(options: UnlockOptions): Promise<VaultStatus> {
  if (!hasKey(options) && chosenSource(options.env) !== "passphrase") (await openStore(options)).close();
  if (!hasKey(options)) return choosePassphrase(options);
  return withDatabase(options, async (db, meta) => {
    expectSource(options.env, meta.source);
    const { kind } = await lockWhenIdle(db, options.home, timeOf(options));
    const isClosed = kind === "locked" || (meta.source === "passphrase" && !(await keeperHasKey(meta, options)));
    if (meta.source === "passphrase" && isClosed) await unlockWith(await askPassphrase(options), meta, options);
    const keys = keysOf(db, meta, await loadRoot(meta, meta.source, options.home));
    try {
      db.write(
        () => {
          if (isClosed) recordVault(db, keys, { ...told(options), action: "unlock" });
          setLocked(db, false, timeOf(options));
        },
        { frees: true },
      );
    } finally {
      keys.wipe();
    }
    return status(true, meta.source);
  });
}

async function choosePassphrase(options: UnlockOptions): Promise<VaultStatus> {
  const passphrase = await askPassphrase(options);
  const db = openDatabase(options.home.store);
  try {
    const root = randomBytes(keyBytes);
    const kdf = await wrapWithPassphrase(root, passphrase, db.read(() => readMeta(db)).id);
    foundStore(db, () => ({ source: "passphrase", root, kdf }));
    const meta = db.read(() => readMeta(db));
    // Another process may have been first, with another passphrase or source.
    expectSource(options.env, meta.source ?? "passphrase");
    await unlockWith(passphrase, meta, options);
    return status(true, "passphrase");
  } finally {
    db.close();
  }
}

async function unlockWith(passphrase: string, meta: Meta, options: UnlockOptions): Promise<void> {
  if (meta.kdf === null) throw new SteadError("storeDamaged", "The store does not say how its passphrase protects the key.");
  const root = expectCheck(await unwrapWithPassphrase(meta.kdf, passphrase, meta.id), meta);
  try {
    // One may be left with the key of a store that was replaced.
    await dismissKeeper(options.home);
    await startKeeper(options.home, root, options.keeperPath);
  } finally {
    root.fill(0);
  }
  if (await keeperHasKey(meta, options)) return;
  throw new SteadError("keyUnavailable", "The process that keeps the key between commands does not answer with it.");
}

async function askPassphrase({ passphrase }: UnlockOptions): Promise<string> {
  if (passphrase) return passphrase();
  throw new SteadError("vaultLocked", "A passphrase is needed to unlock the vault.", { hint: "Run stead unlock in a terminal." });
}

async function keeperHasKey(meta: Meta, { home }: OpenOptions): Promise<boolean> {
  const root = pickRoot((await askKeeper(home)) ?? [], meta);
  root?.fill(0);
  return root !== undefined;
}

/** Undefined where the keys are not to be had: what cannot be opened can be locked all the same. */
async function openKeys(db: StoreDatabase, options: OpenOptions): Promise<DataKeys | undefined> {
  try {
    const { root, epoch, storeId } = await unlockedRoot(db, options);
    return keysOf(db, { id: storeId, epoch }, root);
  } catch (error) {
    if (error instanceof SteadError) return undefined;
    throw error;
  }
}

function told({ by = "cli", now = Date.now }: VaultOptions): { by: string; now: number } {
  return { by, now: now() };
}

function futureStatus({ env }: OpenOptions): VaultStatus {
  const source = chosenSource(env) ?? (keychainAnswers() ? "keychain" : "file");
  return status(source !== "passphrase", source);
}

function hasKey({ home }: OpenOptions): boolean {
  const db = openExistingDatabase(home.store);
  try {
    return db !== undefined && db.read(() => readMeta(db)).source !== null;
  } finally {
    db?.close();
  }
}

async function withDatabase<T>(
  { home }: OpenOptions,
  work: (db: StoreDatabase, meta: Meta & { source: KeySourceKind }) => Promise<T>,
): Promise<T> {
  const db = openDatabase(home.store);
  try {
    const meta = db.read(() => readMeta(db));
    if (meta.source === null) throw new SteadError("internal", "The store was given no key.");
    return await work(db, { ...meta, source: meta.source });
  } finally {
    db.close();
  }
}

function timeOf({ now = Date.now }: OpenOptions): number {
  return now();
}

function status(unlocked: boolean, source: KeySourceKind): VaultStatus {
  return { state: unlocked ? "unlocked" : "locked", source };
}
