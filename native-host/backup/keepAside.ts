import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Home } from "../home.ts";
import type { StoreDatabase } from "../store/database.ts";
import { makePrivateFile } from "../store/privateDirectory.ts";
import { syncFolder } from "./writeNewFile.ts";

/**
 * Keeps the store in a directory of its own, a home that STEAD_HOME can name. `db` is a connection outside of a transaction; the
 * caller sees to it that nobody writes. The key file goes along; a key in the keychain stays there under the store's id.
 */
export function keepAside(db: StoreDatabase, home: Home, now: number): string {
  const folder = makeFolder(home, now);
  try {
    const copy = join(folder, basename(home.store));
    makePrivateFile(copy);
    db.copyTo(copy);
    sync(copy);
    keepKeys(home, folder);
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** As keepAside() for a file that SQLite cannot read: what there is of it, byte by byte. Its side files are of no use without it. */
export function keepDamaged(home: Home, now: number): string {
  const folder = makeFolder(home, now);
  for (const suffix of ["", "-wal", "-shm"]) {
    // Another name of the same file: it is never opened beside SQLite.
    if (existsSync(home.store + suffix)) linkSync(home.store + suffix, join(folder, basename(home.store) + suffix));
  }
  keepKeys(home, folder);
  return folder;
}

function makeFolder(home: Home, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, "-");
  const folder = join(home.data, `kept-${stamp}`);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

function keepKeys(home: Home, folder: string): void {
  for (const suffix of ["", ".next"]) {
    if (!existsSync(home.keyFile + suffix)) continue;
    const copy = join(folder, basename(home.keyFile) + suffix);
    copyFileSync(home.keyFile + suffix, copy);
    chmodSync(copy, 0o600);
    sync(copy);
  }
  syncFolder(folder);
  syncFolder(home.data);
}

function sync(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
