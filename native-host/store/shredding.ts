import type { ProjectId } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import { canWait } from "./sqliteErrors.ts";

/** Rows of a removed project that go in one transaction, so that the log stays small on a full disk. */
const erasedAtOnce = 500;

/** Rows that belong to projects. */
interface Owned {
  /** Owners of rows whose project is no more. */
  orphans(): ProjectId[];
  /** Up to so many of its rows; how many it were. */
  erase(project: ProjectId, limit: number): number;
}

/** What is destroyed in this transaction is in the log still, until finishShredding() has succeeded. */
export function beginShredding(db: StoreDatabase): void {
  db.run("UPDATE meta SET shredding = 1");
}

/**
 * The rows that a removed project's destroyed keys had sealed, and the log pages that still show the wrapped keys. Does
 * what it can: while another process reads, or the disk is full, the rest waits for the next opening.
 */
export function finishShredding(db: StoreDatabase, tables: readonly Owned[]): void {
  try {
    if (db.read(() => db.get<{ shredding: number }>("SELECT shredding FROM meta"))?.shredding === 0) return;
    for (const rows of tables) {
      for (const orphan of db.read(() => rows.orphans())) {
        while (db.write(() => rows.erase(orphan, erasedAtOnce), { frees: true }) > 0) db.truncateLog();
      }
    }
    if (db.truncateLog()) db.write(() => db.run("UPDATE meta SET shredding = 0"), { frees: true });
  } catch (error) {
    if (!canWait(error)) throw error;
  }
}
