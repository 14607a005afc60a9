import type { ProjectId } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import type { History } from "./history.ts";
import { itemColumns, type ItemRow, type ItemRows } from "./itemRows.ts";
import { nextRevision } from "./meta.ts";
import { expiryOf } from "./sealedEntry.ts";
import { endOf } from "./ttl.ts";
import type { Ttls } from "./ttls.ts";

/** Who changes what has outlived its time to live. */
const endedBy = "ttl";

const dueCookies = "SELECT rowid FROM item INDEXED BY item_expires WHERE project_id = ? AND area_hash IS NULL AND deleted = 0 AND expires <= ?";
const dueStorage = "SELECT rowid FROM item INDEXED BY item_storage_expires WHERE project_id = ? AND area_hash IS NOT NULL AND deleted = 0 AND expires <= ?";

/** The ends of items. Every method belongs in a transaction of the caller's; `now` in milliseconds since 1970. */
export class Endings {
  readonly #db: StoreDatabase;
  readonly #rows: ItemRows;
  readonly #history: History;
  readonly #ttls: Ttls;

  constructor(db: StoreDatabase, rows: ItemRows, history: History, ttls: Ttls) {
    this.#db = db;
    this.#rows = rows;
    this.#history = history;
    this.#ttls = ttls;
  }

  /**
   * What has expired is simply gone, as in Firefox: a tombstone would remove a newer cookie of the same name elsewhere. What has
   * outlived its time to live is destroyed with its history, and leaves word of that for Firefox, as one revision. How many
   * rows, and how many of them ended so; up to `limit`.
   */
  drop(project: ProjectId, now: number, limit: number): { rows: number; ended: number } {
    const ttls = this.#ttls.of(project);
    if (ttls.length === 0) return { rows: this.#db.run(`DELETE FROM item WHERE rowid IN (${dueCookies} LIMIT ?)`, project, now, limit), ended: 0 };
    const sql = `SELECT rowid, ${itemColumns} FROM item WHERE rowid IN (${dueCookies} UNION ALL ${dueStorage} LIMIT ?)`;
    const rows = this.#db.all<ItemRow & { rowid: number }>(sql, project, now, project, now, limit);
    let revision: number | undefined;
    let ended = 0;
    for (const row of rows) {
      const before = this.#rows.tryRead(row);
      if (!before?.entry || (expiryOf(before) ?? Infinity) <= now) {
        this.#db.run("DELETE FROM item WHERE project_id = ? AND key_hash = ?", project, row.key_hash);
        continue;
      }
      if (revision === undefined) this.#history.begin(project, this.#latest(project), now);
      revision ??= nextRevision(this.#db);
      this.#history.forget(project, before.id);
      // As old as what it ends: nothing newer than that is removed for it.
      const tombstone = { id: before.id, at: before.at, by: endedBy, ended: this.#rows.hashes.ended(project, before.entry) };
      this.#rows.put(project, row.key_hash, tombstone, { revision, ttls }, row);
      ended++;
    }
    if (revision !== undefined) this.#history.record(project, { revision, at: now, by: endedBy, items: ended });
    return { rows: rows.length, ended };
  }

  /** Whether there is something for drop() or trimHistory(). Not where the times to live are damaged: they are to be set anew. */
  isDue(project: ProjectId, now: number): boolean {
    if (this.#ttls.isDamaged(project)) return false;
    return this.next(project) <= now || this.#history.isAged(project, now, this.#maxAge(project));
  }

  /** Lets go the history that is older than the project keeps anything. */
  trimHistory(project: ProjectId, now: number): void {
    this.#history.trim(project, now, this.#maxAge(project));
  }

  /** Brings every row's expiry to what the project's times to live make it now. */
  retime(project: ProjectId): void {
    const ttls = this.#ttls.of(project);
    const homes = new Map<string, number>();
    for (let after = -1; ; ) {
      const sql = `SELECT rowid, ${itemColumns} FROM item WHERE project_id = ? AND rowid > ? AND deleted = 0 ORDER BY rowid LIMIT 1000`;
      const rows = this.#db.all<ItemRow & { rowid: number }>(sql, project, after);
      for (const row of rows) {
        after = row.rowid;
        const entry = this.#rows.tryRead(row);
        const end = entry ? endOf(entry, ttls) : row.expires;
        if (end !== row.expires) this.#db.run("UPDATE item SET expires = ? WHERE rowid = ?", end, row.rowid);
        if (entry?.id.kind !== "record" || end === null) continue;
        const home = this.#rows.homeOf(project, entry.id).toString("hex");
        homes.set(home, Math.max(homes.get(home) ?? 0, end));
      }
      if (rows.length === 0) break;
    }
    for (const [hash, end] of homes) this.#rows.keepHome(project, Buffer.from(hash, "hex"), end);
  }

  /** When the next row ends; Infinity when none does. */
  next(project: ProjectId): number {
    const first = (index: string, kind: string): number =>
      this.#db.get<{ first: number | null }>(
        `SELECT min(expires) AS first FROM item INDEXED BY ${index} WHERE project_id = ? AND area_hash IS ${kind} AND deleted = 0 AND expires IS NOT NULL`,
        project,
      )?.first ?? Infinity;
    return Math.min(first("item_expires", "NULL"), first("item_storage_expires", "NOT NULL"));
  }

  #maxAge(project: ProjectId): number {
    const own = this.#ttls.of(project).find(({ domain }) => domain === null);
    return own ? own.seconds * 1000 : Infinity;
  }

  #latest(project: ProjectId): number {
    return this.#db.get<{ latest: number | null }>("SELECT max(revision) AS latest FROM item WHERE project_id = ?", project)?.latest ?? 0;
  }
}
