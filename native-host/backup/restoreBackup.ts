import { randomBytes } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import type { KeySourceKind } from "../../shared/models.ts";
import { asWriteError } from "../files.ts";
import { copyTables } from "../store/copyTables.ts";
import { openDatabase, type StoreDatabase } from "../store/database.ts";
import { type Meta, readMeta } from "../store/meta.ts";
import { openStore } from "../store/openStore.ts";
import { makePrivateDirectory } from "../store/privateDirectory.ts";
import type { OpenOptions } from "../store/types.ts";
import { chosenSource } from "../vault/chosenSource.ts";
import { dismissKeeper, startKeeper } from "../vault/keeperClient.ts";
import { keychainAnswers } from "../vault/keychain.ts";
import { keyBytes } from "../vault/keys.ts";
import { wrapWithPassphrase } from "../vault/passphrase.ts";
import { settleInside, settleKey, sourceOf, warnOfKeyFile } from "../vault/rootKey.ts";
import { keepAside, keepDamaged } from "./keepAside.ts";
import { makeSuccessor, type Successor } from "./makeSuccessor.ts";
import { type OpenBackup, readBackup } from "./readBackup.ts";
import { syncFolder, writeDraft } from "./writeNewFile.ts";

export interface RestoreOptions extends OpenOptions {
  file: string;
  /** Whether a store with projects, or one that cannot be read, gives way; it is kept aside. */
  force: boolean;
  /** Of the backup. */
  passphrase: () => Promise<string>;
  /** A new one, for the vault; asked only where this machine's key source is a passphrase. */
  vaultPassphrase: () => Promise<string>;
  /** The keeper's program; tests set it. */
  keeperPath?: string;
}

export interface Restored {
  /** The absolute path of the backup. */
  file: string;
  items: number;
  /** The directory that has the store which was there; undefined when it had no projects. */
  kept: string | undefined;
}

/**
 * Puts the store of a backup in the place of the one that is there, after all of it was opened and authenticated. It has an id, a
 * root key and data keys that are new, so that neither the backup nor its passphrase opens it, and whoever has the old one open
 * notices. The new root key lies in its source before one transaction makes the store depend on it: wherever this is cut short,
 * the old store opens or the new one. Throws what readBackup() and openStore() throw, and `conflict` without `force`.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const present = lookAtPresent(options);
  const file = resolve(options.file);
  const backup = await readBackup(file, options.passphrase);
  try {
    const source = chosenSource(options.env) ?? present.source ?? (keychainAnswers() ? "keychain" : "file");
    const successor = await successorOf(source, options);
    try {
      makeSuccessor(backup, successor);
      const kept = present.readable ? replacePresent(backup, successor, options) : replaceFile(backup.db.serialize(), successor, options);
      await settle(successor, options);
      if (source === "file" && present.source !== "file") warnOfKeyFile(options);
      return { file, items: backup.items, kept };
    } finally {
      successor.root.fill(0);
    }
  } finally {
    backup.close();
  }
}

/** Before anything is asked. */
function lookAtPresent({ home, force }: RestoreOptions): { readable: boolean; source: KeySourceKind | null } {
  try {
    const db = openDatabase(home.store);
    try {
      return { readable: true, source: expectReplaceable(db, force).source };
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isDamaged(error)) throw error;
    if (force) return { readable: false, source: null };
    throw new SteadError("storeDamaged", `The store that is there is damaged: ${error.message}`, {
      hint: "Repeat with --force to restore the backup in its place; what is there is kept aside.",
      cause: error,
    });
  }
}

function replacePresent(backup: OpenBackup, successor: Successor, options: RestoreOptions): string | undefined {
  try {
    return replaceContents(backup, successor, options);
  } catch (error) {
    // It opened, and is damaged further inside.
    if (!options.force || !isDamaged(error)) throw error;
    return replaceFile(backup.db.serialize(), successor, options);
  }
}

async function successorOf(source: KeySourceKind, options: RestoreOptions): Promise<Successor> {
  const root = randomBytes(keyBytes);
  const storeId = crypto.randomUUID();
  const kdf = source === "passphrase" ? await wrapWithPassphrase(root, await options.vaultPassphrase(), storeId) : undefined;
  return { storeId, root, source, kdf };
}

/** One transaction on the store that is there, through SQLite: those who have it open see it before or after. Answers where it is kept. */
function replaceContents(backup: OpenBackup, successor: Successor, { home, force, now = Date.now }: RestoreOptions): string | undefined {
  const db = openDatabase(home.store);
  let kept: string | undefined;
  try {
    db.expectRoom();
    backup.db.attach(home.store, "present");
    return backup.db.write(() => {
      const meta = expectReplaceable(db, force);
      // What lies beside may be the key that this store depends on.
      if (meta.source !== null && meta.source !== "passphrase") settleInside(meta, sourceOf(meta.source, meta.id, home));
      if (countProjects(db) > 0) kept = keepAside(db, home, now());
      layKeyBeside(successor, home);
      replaceTables(backup.db, db);
      return kept;
    });
  } catch (error) {
    if (kept !== undefined) rmSync(kept, { recursive: true, force: true });
    throw error;
  } finally {
    db.close();
  }
}

/** `db` is another connection to the store that is there, which nobody changes meanwhile. */
function replaceTables(restored: StoreDatabase, db: StoreDatabase): void {
  const alive = db.all<{ id: string }>("SELECT id FROM project").map(({ id }) => id);
  const removed = db.all<{ id: string; revision: number }>("SELECT id, revision FROM removed_project");
  const { revision } = readMeta(db);
  copyTables(restored, { from: "main", to: "present" });
  // What Firefox has of a project that lives here must not be deleted because the backup tells of its removal …
  for (const id of alive) restored.run("DELETE FROM present.removed_project WHERE id = ?", id);
  // … and what was removed here since must not come back from a Firefox that has not heard of it.
  for (const one of removed) {
    restored.run(
      "INSERT OR IGNORE INTO present.removed_project (id, revision) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM present.project WHERE id = ?)",
      one.id,
      one.revision,
      one.id,
    );
  }
  // Above every revision that either has given out: nobody takes one for another.
  restored.run("UPDATE present.meta SET revision = max(revision, ? + 1)", revision);
  restored.run("UPDATE present.meta SET restored = revision");
}

/**
 * For a store that SQLite cannot read: its file gives way to another one. Whoever has it open goes on with what is kept aside until
 * told. Its log must be gone before the new file has the name: SQLite would take it for the new one's.
 */
function replaceFile(image: Buffer, successor: Successor, { home, now = Date.now }: RestoreOptions): string {
  const draft = `${home.store}.${randomBytes(6).toString("hex")}`;
  try {
    const kept = keepDamaged(home, now());
    writeDraft(draft, [image]);
    layKeyBeside(successor, home);
    for (const suffix of ["-wal", "-shm"]) rmSync(home.store + suffix, { force: true });
    renameSync(draft, home.store);
    syncFolder(dirname(home.store));
    return kept;
  } catch (error) {
    throw error instanceof SteadError ? error : asWriteError(error, home.store);
  } finally {
    rmSync(draft, { force: true });
  }
}

function layKeyBeside({ source, storeId, root }: Successor, home: RestoreOptions["home"]): void {
  if (source === "passphrase") return;
  makePrivateDirectory(home.data);
  sourceOf(source, storeId, home).prepareNext(root);
}

/** The new key takes its place, the keeper of the old one ends, and the log that has the old store in it is emptied. */
async function settle({ source, root }: Successor, options: RestoreOptions): Promise<void> {
  const { home, env } = options;
  await dismissKeeper(home);
  if (source === "passphrase") await startKeeper(home, root, options.keeperPath);
  else {
    const db = openDatabase(home.store);
    try {
      settleKey(db, home);
    } finally {
      db.close();
    }
  }
  (await openStore({ home, env })).close();
}

/** Throws `vaultLocked`, and `conflict` for a store with projects without `force`. */
function expectReplaceable(db: StoreDatabase, force: boolean): Meta {
  const meta = db.read(() => readMeta(db));
  if (meta.locked) throw new SteadError("vaultLocked", "The vault is locked.");
  const projects = countProjects(db);
  if (projects === 0 || force) return meta;
  throw new SteadError("conflict", `The store that is there has ${projects} project${projects === 1 ? "" : "s"}; a restored one would take its place.`, {
    hint: "Repeat with --force; the store that is there is kept aside. Nothing was changed.",
  });
}

function countProjects(db: StoreDatabase): number {
  return db.read(() => db.get<{ n: number }>("SELECT count(*) AS n FROM project"))?.n ?? 0;
}

function isDamaged(error: unknown): error is SteadError {
  return error instanceof SteadError && error.code === "storeDamaged";
}
