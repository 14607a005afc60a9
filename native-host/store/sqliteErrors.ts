import { SteadError, type ErrorCode } from "../../shared/errors.ts";

/** By the beginning of SQLite's extended result name, the longest first (sqlite.org/rescode.html). */
const meanings: readonly (readonly [prefix: string, code: ErrorCode, text: string])[] = [
  // The shared-memory file could not grow.
  ["SQLITE_IOERR_SHMSIZE", "diskFull", "The disk is full"],
  ["SQLITE_FULL", "diskFull", "The disk is full"],
  ["SQLITE_BUSY", "storeBusy", "Another process holds the store"],
  ["SQLITE_LOCKED", "storeBusy", "Another process holds the store"],
  ["SQLITE_PROTOCOL", "storeBusy", "Another process holds the store"],
  ["SQLITE_CORRUPT", "storeDamaged", "The store is damaged"],
  ["SQLITE_NOTADB", "storeDamaged", "The store is not a SQLite database"],
  ["SQLITE_CONSTRAINT", "storeDamaged", "The store contradicts itself"],
  ["SQLITE_MISMATCH", "storeDamaged", "The store contradicts itself"],
  // Short reads: the file ends before its pages do.
  ["SQLITE_IOERR_SHORT_READ", "storeDamaged", "The store is cut short"],
  ["SQLITE_SCHEMA", "storeDamaged", "The store's tables are not those of Stead"],
  ["SQLITE_ERROR", "storeDamaged", "The store's tables are not those of Stead"],
  ["SQLITE_FORMAT", "storeDamaged", "The store is damaged"],
  ["SQLITE_CANTOPEN", "storeUnreadable", "The store cannot be opened"],
  ["SQLITE_READONLY", "storeUnreadable", "The store cannot be written"],
  ["SQLITE_PERM", "storeUnreadable", "The store may not be opened"],
  ["SQLITE_AUTH", "storeUnreadable", "The store may not be opened"],
  ["SQLITE_IOERR", "storeUnreadable", "The disk could not be read or written"],
];

/** SQLite's failures as Stead's; anything else as it is. Paths and codes only: SQLite's text may hold nothing private either. */
export function fromSqlite(error: unknown, path: string): unknown {
  if (error instanceof SteadError || !(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const name = error.code;
  const meaning = meanings.find(([prefix]) => name.startsWith(prefix));
  if (!meaning) return error;
  return new SteadError(meaning[1], `${meaning[2]}: ${path} (${name}).`, { cause: error });
}

/** Whether what failed goes another time: another process holds the store, or the disk is full. */
export function canWait(error: unknown): boolean {
  return error instanceof SteadError && (error.code === "storeBusy" || error.code === "diskFull");
}
