import type { ProjectId } from "../../shared/models.ts";
import type { EntryId } from "../../shared/state/entry.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { decodeEntry, encodeEntry, EntryHashes, type NewEntry, placeOfEntry } from "./sealedEntry.ts";
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

  put(
    project: ProjectId,
    hash: Buffer,
    entry: NewEntry,
    { revision, fence, ttls }: { revision: number; fence?: number | undefined; ttls: readonly Ttl[] },
  ): void {
    const plain = encodeEntry(entry);
    const end = endOf(entry, ttls);
    const { keyVersion, sealed } = this.#keys.seal(placeOfEntry(project, hash, revision), plain);
    // A database's may be one of its records'.
    const expires = entry.id.kind === "database" ? "max(excluded.expires, coalesce(expires, 0))" : "excluded.expires";
    this.#db.run(
      `INSERT INTO item (${itemColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (project_id, key_hash) DO UPDATE SET
         revision = excluded.revision, deleted = excluded.deleted, expires = ${expires}, size = excluded.size,
         site_hash = excluded.site_hash, origin_hash = excluded.origin_hash, area_hash = excluded.area_hash, fence = excluded.fence,
         key_version = excluded.key_version, sealed = excluded.sealed`,
      project,
      hash,
      revision,
      entry.entry ? 0 : 1,
      end,
      plain.length,
      this.hashes.siteOf(project, entry.id),
      this.hashes.originOf(project, entry.id),
      this.hashes.areaOf(project, entry.id),
      fence ?? null,
      keyVersion,
      sealed,
    );
    if (entry.entry && entry.id.kind === "record" && end !== null) this.keepHome(project, this.homeOf(project, entry.id), end);
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
  given(row: ItemRow): StoredEntry {
    const stored = this.read(row);
    return stored.entry ? { ...stored, entry: endingAt(stored.entry, row.expires) } : stored;
  }

  /** As it was written. Throws `storeDamaged`. */
  read(row: ItemRow): StoredEntry {
    const plain = this.#keys.open(placeOfEntry(row.project_id, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    return { ...decodeEntry(plain), revision: row.revision, ...(row.fence !== null && { fence: row.fence }) };
  }

  /** As read(), but undefined for what is damaged. */
  tryRead(row: ItemRow): NewEntry | undefined {
    const plain = this.#keys.unseal(placeOfEntry(row.project_id, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    return plain && decodeEntry(plain);
  }
}
