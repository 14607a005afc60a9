import type { ProjectId } from "../../shared/models.ts";
import type { EntryId } from "../../shared/state/entry.ts";
import { sameEntry } from "../../shared/state/sameEntry.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { decodeEntry, encodeEntry, EntryHashes, hasOtherValue, type NewEntry, placeOfEntry } from "./sealedEntry.ts";
import { endingAt, endOf, type Ttl } from "./ttl.ts";
import type { StoredEntry } from "./types.ts";

export interface ItemRow {
  project_id: string;
  key_hash: Buffer;
  revision: number;
  deleted: number;
  expires: number | null;
  size: number;
  site_hash: Buffer;
  origin_hash: Buffer | null;
  area_hash: Buffer | null;
  fence: number | null;
  key_version: number;
  sealed: Buffer;
}

/** What a row is opened by. */
type SealedRow = Pick<ItemRow, "project_id" | "key_hash" | "revision" | "fence" | "key_version" | "sealed">;

/** A row that may be changed: what a change compares, and what finds it again. */
export type RowNow = SealedRow & Pick<ItemRow, "deleted" | "expires"> & { rowid: number };

export const itemColumns = "project_id, key_hash, revision, deleted, expires, size, site_hash, origin_hash, area_hash, fence, key_version, sealed";

/** How an item lies in its row, and comes out of it. Every method belongs in a transaction of the caller's. */
export class ItemRows {
  readonly hashes: EntryHashes;
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
    this.hashes = new EntryHashes(keys);
  }

  /** In the place of `before`, where there is one. */
  put(
    project: ProjectId,
    hash: Buffer,
    entry: NewEntry,
    { revision, fence, ttls }: { revision: number; fence?: number | undefined; ttls: readonly Ttl[] },
    before: RowNow | undefined,
  ): void {
    const plain = encodeEntry(entry);
    const end = endOf(entry, ttls);
    const { keyVersion, sealed } = this.#keys.seal(placeOfEntry(project, hash, revision), plain);
    const deleted = entry.entry ? 0 : 1;
    if (before) {
      // A database's end may be one of its records'.
      const expires = entry.id.kind === "database" && end !== null ? Math.max(end, before.expires ?? 0) : end;
      this.#replace(before, { deleted, expires, revision, size: plain.length, fence: fence ?? null, key_version: keyVersion, sealed });
    } else {
      this.#db.run(
        `INSERT INTO item (${itemColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        project,
        hash,
        revision,
        deleted,
        end,
        plain.length,
        this.hashes.siteOf(project, entry.id),
        this.hashes.originOf(project, entry.id),
        this.hashes.areaOf(project, entry.id),
        fence ?? null,
        keyVersion,
        sealed,
      );
    }
    if (entry.entry && entry.id.kind === "record" && end !== null) this.keepHome(project, this.homeOf(project, entry.id), end);
  }

  #replace(before: RowNow, row: Pick<ItemRow, "deleted" | "expires" | "revision" | "size" | "fence" | "key_version" | "sealed">): void {
    this.#db.run(
      "UPDATE item SET revision = ?, size = ?, fence = ?, key_version = ?, sealed = ? WHERE rowid = ?",
      row.revision,
      row.size,
      row.fence,
      row.key_version,
      row.sealed,
      before.rowid,
    );
    // SQLite takes a row out of every index that a statement names a column of, and puts it back.
    if (before.deleted === row.deleted && before.expires === row.expires) return;
    this.#db.run("UPDATE item SET deleted = ?, expires = ? WHERE rowid = ?", row.deleted, row.expires, before.rowid);
  }

  changesNothing(before: RowNow | undefined, after: NewEntry): boolean {
    if (!before) return after.entry === undefined;
    const plain = this.#open(before);
    if (hasOtherValue(plain, after)) return false;
    const { entry } = decodeEntry(plain);
    return entry && after.entry ? sameEntry(entry, after.entry) : entry === after.entry;
  }

  /** The hash of the database that a record is in. */
  homeOf(project: ProjectId, { origin, database }: Extract<EntryId, { kind: "record" }>): Buffer {
    return this.hashes.key(project, { kind: "database", origin, database });
  }

  /** A database stays for as long as a record of it: no browser could hold them without. */
  keepHome(project: ProjectId, hash: Buffer, end: number): void {
    this.#db.run("UPDATE item SET expires = ? WHERE project_id = ? AND key_hash = ? AND deleted = 0 AND expires < ?", end, project, hash, end);
  }

  /** As it is given out: a cookie expires no later than the project keeps it. Throws `storeDamaged`. */
  given(row: SealedRow & Pick<ItemRow, "expires">): StoredEntry {
    const stored = this.read(row);
    return stored.entry ? { ...stored, entry: endingAt(stored.entry, row.expires) } : stored;
  }

  /** As it was written. Throws `storeDamaged`. */
  read(row: SealedRow): StoredEntry {
    return { revision: row.revision, ...(row.fence !== null && { fence: row.fence }), ...decodeEntry(this.#open(row)) };
  }

  /** As read(), but undefined for what is damaged. */
  tryRead(row: ItemRow): NewEntry | undefined {
    const plain = this.#keys.unseal(placeOfEntry(row.project_id, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    return plain && decodeEntry(plain);
  }

  #open(row: SealedRow): Buffer {
    return this.#keys.open(placeOfEntry(row.project_id, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
  }
}
