import Database from "better-sqlite3";
import { copyFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import type { StorageArea } from "../../shared/ruleFiles/storageArea.ts";
import { readTextKey } from "./indexedDbKey.ts";
import { uncompress } from "./snappy.ts";
import { readClone } from "./structuredClone.ts";

/** Of the database, its log, and one value uncompressed, in bytes: far above what settings of an add-on take. */
const databaseLimit = 256 * 1024 * 1024;
const valueLimit = 16 * 1024 * 1024;

/** The user context that Firefox sets apart for storage.local. */
const storageContext = 4_294_967_295;
const storageName = "webExtensions-storage-local";

export interface ExtensionStorage {
  values: StorageArea;
  /** Keys that were asked for, and why their values cannot be read. */
  unreadable: { key: string; reason: string }[];
}

/**
 * Those values of an add-on's storage.local whose keys are wanted, from the files of a Firefox profile; undefined when the
 * add-on has stored nothing. `uuid` is its address in this profile. Reads a copy: the profile is not written to. Throws
 * `fileFormat`, `fileUnreadable`, `tooLarge`.
 */
export async function readExtensionStorage(profile: string, uuid: string, wanted: (key: string) => boolean): Promise<ExtensionStorage | undefined> {
  const folder = join(profile, "storage", "default", `moz-extension+++${uuid}^userContextId=${storageContext}`, "idb");
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((name) => name.endsWith(".sqlite"))) {
    const found = await withCopy(join(folder, file), (copy) => readDatabase(copy, wanted));
    if (found) return found;
  }
  return undefined;
}

/** With its log, in which the latest changes may be: SQLite takes them over when it opens the copy. */
async function withCopy<T>(path: string, work: (copy: string) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "stead-import-"));
  try {
    const copy = join(folder, "copy.sqlite");
    const before = await sizes(path);
    await copyFile(path, copy);
    if (before.log !== undefined) await copyFile(`${path}-wal`, `${copy}-wal`);
    if (JSON.stringify(await sizes(path)) !== JSON.stringify(before)) throw inUse();
    return work(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sizes and times, by which a change during the copy is seen. */
async function sizes(path: string): Promise<{ main: string; log: string | undefined }> {
  const main = await stat(path);
  const log = await stat(`${path}-wal`).catch(() => undefined);
  if (main.size + (log?.size ?? 0) > databaseLimit) throw new SteadError("tooLarge", `The add-on's storage is over the limit of ${databaseLimit} bytes.`);
  return { main: `${main.size} ${main.mtimeMs}`, log: log && `${log.size} ${log.mtimeMs}` };
}

function inUse(): SteadError {
  return new SteadError("fileUnreadable", "The profile's files change while they are read.", { hint: "Quit the Firefox that uses the profile and try again." });
}

function readDatabase(path: string, wanted: (key: string) => boolean): ExtensionStorage | undefined {
  let db: Database.Database | undefined;
  try {
    db = new Database(path);
    const { name } = rowOf(db.prepare("SELECT name FROM database").get());
    if (name !== storageName) return undefined;
    return readValues(db, wanted);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new SteadError("fileFormat", `The add-on's storage is none that can be read (${error.code}).`, { cause: error });
  } finally {
    db?.close();
  }
}

function readValues(db: Database.Database, wanted: (key: string) => boolean): ExtensionStorage {
  const values: Record<string, unknown> = {};
  const unreadable: ExtensionStorage["unreadable"] = [];
  // A number in place of the value names a file of its own, for more than a megabyte.
  for (const raw of db.prepare("SELECT key, data FROM object_data").iterate()) {
    const row = rowOf(raw);
    const key = row["key"] instanceof Uint8Array ? readTextKey(row["key"]) : undefined;
    if (key === undefined || !wanted(key)) continue;
    try {
      if (!(row["data"] instanceof Uint8Array)) throw new SteadError("tooLarge", "The value lies in a file of its own, which Stead does not read.");
      Object.defineProperty(values, key, { value: readClone(uncompress(row["data"], valueLimit)), enumerable: true, configurable: true });
    } catch (error) {
      if (!(error instanceof SteadError)) throw error;
      unreadable.push({ key, reason: error.message });
    }
  }
  return { values, unreadable };
}

function rowOf(row: unknown): Readonly<Record<string, unknown>> {
  return typeof row === "object" && row !== null ? { ...row } : {};
}
