import type { ProjectId } from "../../shared/models.ts";
import { normalizeHost } from "../../shared/site.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import { sameEntry } from "../../shared/state/sameEntry.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import type { History } from "./history.ts";
import { nextRevision } from "./meta.ts";
import { holds } from "./seal.ts";
import { changedEntry, decodeEntry, encodeEntry, EntryHashes, expiryOf, hasOtherValue, type NewEntry, placeOfEntry, plainCookie } from "./sealedEntry.ts";
import type { StoredEntry, StoredItem } from "./types.ts";

interface Row {
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
type SealedRow = Pick<Row, "project_id" | "key_hash" | "revision" | "fence" | "key_version" | "sealed">;

/** A row that may be changed: what a change compares, and what finds it again. */
type RowNow = SealedRow & Pick<Row, "deleted" | "expires"> & { rowid: number };

const columns = "project_id, key_hash, revision, deleted, expires, size, site_hash, origin_hash, area_hash, fence, key_version, sealed";
const live = "deleted = 0 AND (expires IS NULL OR expires > ?)";

export interface ItemFilter {
  since?: number | undefined;
  /** Only of this registrable domain. */
  site?: string | undefined;
  tombstones?: boolean | undefined;
}

/** Who writes: `by` is told in history; `fence` is that of the lease it is written under. */
export interface Writer {
  by: string;
  fence?: number | undefined;
}

export interface Conflicts {
  /** What the writer changed and does not stand. */
  lost: readonly EntryChange[];
  /** What the writer and others changed. */
  conflicts: readonly EntryName[];
}

/** The sealed rows of items. Every method belongs in a transaction of the caller's; `now` in milliseconds since 1970. */
export class Items {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;
  readonly #hashes: EntryHashes;
  readonly #history: History;

  constructor(db: StoreDatabase, keys: DataKeys, history: History) {
    this.#db = db;
    this.#keys = keys;
    this.#hashes = new EntryHashes(keys);
    this.#history = history;
  }

  /** Cookies, by revision; what has expired is not there. Throws `storeDamaged`. */
  cookies(project: ProjectId, now: number, filter: ItemFilter = {}): StoredItem[] {
    return this.#select(project, now, filter, "origin_hash IS NULL").flatMap((row) => toItem(this.#read(row)));
  }

  /** Items of every kind, by revision; what has expired is not there. Throws `storeDamaged`. */
  list(project: ProjectId, now: number, filter: ItemFilter & { origin?: string | undefined } = {}): StoredEntry[] {
    if (filter.origin === undefined) return this.#select(project, now, filter, "TRUE").map((row) => this.#read(row));
    return this.#ofOrigin(project, now, filter.origin, filter);
  }

  originHash(project: ProjectId, origin: string): Buffer {
    return this.#hashes.origin(project, origin);
  }

  /** Of an origin, above `since` and up to `until`: the first that `wanted` takes. Opens none behind it. */
  firstOfOrigin(project: ProjectId, hash: Buffer, { since, until }: { since: number; until: number }, wanted: (one: StoredEntry) => boolean): StoredEntry | undefined {
    const sql = `SELECT rowid, ${columns} FROM item INDEXED BY item_origin WHERE project_id = ? AND origin_hash = ? AND revision <= ?
      AND (revision, rowid) > (?, ?) ORDER BY revision, rowid LIMIT 8`;
    for (let after = [since, Number.MAX_SAFE_INTEGER] as const; ; ) {
      const rows = this.#db.all<Row & { rowid: number }>(sql, project, hash, until, ...after);
      for (const row of rows) {
        const one = this.#read(row);
        if (wanted(one)) return one;
        after = [row.revision, row.rowid];
      }
      if (rows.length === 0) return undefined;
    }
  }

  find(project: ProjectId, id: EntryId): StoredEntry | undefined {
    const row = this.#row(project, this.#hashes.key(project, id));
    return row && this.#read(row);
  }

  /**
   * Writes changes as one revision, the last one for each item, without those that change nothing; how many were left. The
   * records of a database go with it. What was there before is kept in history, and so is what `lost` against what is there.
   */
  write(project: ProjectId, changes: readonly EntryChange[], writer: Writer, now: number, { lost, conflicts }: Conflicts = { lost: [], conflicts: [] }): number {
    this.dropExpired(project, now, 256);
    let revision: number | undefined;
    const take = (): number => {
      if (revision === undefined) this.#history.begin(project, this.latest(project), now);
      return (revision ??= nextRevision(this.#db));
    };
    let applied = 0;
    for (const [key, change] of this.#settled(project, changes, now)) {
      const entry = changedEntry(change, writer.by, now);
      const hash = this.#hashes.ofKey(project, entry.id.kind, key);
      const before = this.#row(project, hash);
      if (this.#changesNothing(before, entry)) continue;
      if (before) this.#history.keep(before.rowid, take());
      this.#put(entry, { project_id: project, key_hash: hash, revision: take(), fence: writer.fence ?? null }, before);
      applied++;
    }
    const kept = lost.map((change) => changedEntry(change, writer.by, now)).filter((entry) => !this.#history.has(project, entry));
    for (const entry of kept) this.#history.keepLost(project, entry, { revision: take(), fence: writer.fence });
    if (revision === undefined) return 0;
    this.#history.record(project, { revision, at: now, by: writer.by, items: applied + kept.length, conflicts: [...conflicts], lost: lost.length });
    // What lost was there for one revision, and this one has it back as it was.
    if (kept.length > 0) this.#history.record(project, { revision: nextRevision(this.#db), at: now, by: "merge", items: kept.length });
    return applied;
  }

  /** The highest revision of a project's items; 0 when there are none. */
  latest(project: ProjectId): number {
    return this.#db.get<{ latest: number | null }>("SELECT max(revision) AS latest FROM item WHERE project_id = ?", project)?.latest ?? 0;
  }

  /** As latest(), of cookies alone. */
  latestCookie(project: ProjectId): number {
    const sql = "SELECT max(revision) AS latest FROM item INDEXED BY item_cookie WHERE project_id = ? AND origin_hash IS NULL";
    return this.#db.get<{ latest: number | null }>(sql, project)?.latest ?? 0;
  }

  /** As people count: each cookie, and each origin's localStorage, sessionStorage and IndexedDB. Costs no more for what is in those. */
  count(project: ProjectId, now: number): number {
    const cookies = `SELECT count(*) AS n FROM item INDEXED BY item_expires WHERE project_id = ? AND area_hash IS NULL AND ${live}`;
    // From each area straight to the next: count(DISTINCT …) would walk through every entry.
    const next = "SELECT min(area_hash) FROM item INDEXED BY item_area WHERE project_id = ? AND area_hash IS NOT NULL AND deleted = 0";
    const areas = `WITH RECURSIVE area (hash) AS
      (SELECT (${next}) UNION ALL SELECT (${next} AND area_hash > area.hash) FROM area WHERE area.hash IS NOT NULL)
      SELECT count(hash) AS n FROM area`;
    return (this.#db.get<{ n: number }>(cookies, project, now)?.n ?? 0) + (this.#db.get<{ n: number }>(areas, project, project)?.n ?? 0);
  }

  /** Every cookie, every key of page storage, database and record. */
  countEntries(project: ProjectId, now: number): number {
    return this.#db.get<{ n: number }>(`SELECT count(*) AS n FROM item WHERE project_id = ? AND ${live}`, project, now)?.n ?? 0;
  }

  /** What has expired is simply gone, as in Firefox: a tombstone would remove a newer cookie of the same name elsewhere. How many rows it were. */
  dropExpired(project: ProjectId, now: number, limit: number): number {
    return this.#db.run(
      `DELETE FROM item WHERE rowid IN
         (SELECT rowid FROM item INDEXED BY item_expires WHERE project_id = ? AND area_hash IS NULL AND deleted = 0 AND expires <= ? LIMIT ?)`,
      project,
      now,
      limit,
    );
  }

  /** Up to so many rows of a project that is no more; how many it were. */
  erase(project: ProjectId, limit: number): number {
    return this.#db.run("DELETE FROM item WHERE rowid IN (SELECT rowid FROM item WHERE project_id = ? LIMIT ?)", project, limit);
  }

  /** Owners of rows whose project is no more: a removal that was interrupted. */
  orphans(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>("SELECT DISTINCT project_id FROM item WHERE project_id NOT IN (SELECT id FROM project)")
      .map((row) => row.project_id);
  }

  /** Opens every row; one is damaged when it does not open, or its plain columns are not those of what is in it. */
  check(): { items: number; damaged: number } {
    let items = 0;
    let damaged = 0;
    // By rowid, a thousand at a time: nothing here grows with the store.
    for (let after = -1; ; ) {
      const rows = this.#db.all<Row & { rowid: number }>(
        `SELECT rowid, ${columns} FROM item WHERE rowid > ? AND project_id IN (SELECT id FROM project) ORDER BY rowid LIMIT 1000`,
        after,
      );
      for (const row of rows) {
        items++;
        if (!this.#isSound(row)) damaged++;
        after = row.rowid;
      }
      if (rows.length === 0) return { items, damaged };
    }
  }

  #isSound(row: Row): boolean {
    const project = row.project_id;
    const plain = this.#keys.unseal(placeOfEntry(project, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    if (!plain) return false;
    const entry = decodeEntry(plain);
    const origin = this.#hashes.originOf(project, entry.id);
    const area = this.#hashes.areaOf(project, entry.id);
    return (
      holds(row.key_hash, this.#hashes.key(project, entry.id)) &&
      holds(row.site_hash, this.#hashes.siteOf(project, entry.id)) &&
      (origin === null ? row.origin_hash === null : holds(row.origin_hash, origin)) &&
      (area === null ? row.area_hash === null : holds(row.area_hash, area)) &&
      row.size === plain.length &&
      row.deleted === (entry.entry ? 0 : 1) &&
      row.expires === expiryOf(entry)
    );
  }

  #select(project: ProjectId, now: number, filter: ItemFilter, kind: string): Row[] {
    const since = filter.since ?? -1;
    const wanted = `${kind} AND ${filter.tombstones === true ? `(deleted = 1 OR (${live}))` : live}`;
    if (filter.site === undefined) {
      return this.#db.all<Row>(`SELECT ${columns} FROM item WHERE project_id = ? AND revision > ? AND ${wanted} ORDER BY revision`, project, since, now);
    }
    return this.#db.all<Row>(
      // The + keeps SQLite off the revision's index: a site has fewer rows than a project.
      `SELECT ${columns} FROM item WHERE project_id = ? AND site_hash = ? AND +revision > ? AND ${wanted} ORDER BY +revision`,
      project,
      this.#hashes.site(project, normalizeHost(filter.site)),
      since,
      now,
    );
  }

  #ofOrigin(project: ProjectId, now: number, origin: string, { since = -1, tombstones = false }: ItemFilter): StoredEntry[] {
    const wanted = tombstones ? `(deleted = 1 OR (${live}))` : live;
    const sql = `SELECT ${columns} FROM item INDEXED BY item_origin WHERE project_id = ? AND origin_hash = ? AND revision > ? AND ${wanted} ORDER BY revision`;
    return this.#db.all<Row>(sql, project, this.#hashes.origin(project, origin), since, now).map((row) => this.#read(row));
  }

  /** The last change of each item. A database's removal removes its records, and so does a shape without their object store. */
  #settled(project: ProjectId, changes: readonly EntryChange[], now: number): Map<string, EntryChange> {
    const last = new Map<string, EntryChange>();
    for (const change of changes) {
      const id = change.kind === "set" ? change.entry : change.id;
      last.set(entryKey(id), change);
      if (id.kind !== "database") continue;
      const stores = new Set(change.kind === "set" ? storesOf(change.entry) : []);
      const before = storesOf(this.find(project, id)?.entry);
      if (before.every((name) => stores.has(name))) continue;
      const stored = this.#ofOrigin(project, now, id.origin, {}).map((one) => one.id);
      const set = [...last.values()].flatMap((one) => (one.kind === "set" ? one.entry : []));
      for (const record of [...stored, ...set]) {
        if (record.kind !== "record" || record.origin !== id.origin || record.database !== id.database || stores.has(record.store)) continue;
        last.set(entryKey(record), { kind: "remove", id: record, at: change.at });
      }
    }
    return last;
  }

  #row(project: ProjectId, hash: Buffer): RowNow | undefined {
    const sql = "SELECT rowid, revision, deleted, expires, fence, key_version, sealed FROM item WHERE project_id = ? AND key_hash = ?";
    const row = this.#db.get<Omit<RowNow, "project_id" | "key_hash">>(sql, project, hash);
    return row && { project_id: project, key_hash: hash, ...row };
  }

  /** In the place of `before`, where there is one. */
  #put(entry: NewEntry, row: Pick<Row, "project_id" | "key_hash" | "revision" | "fence">, before: RowNow | undefined): void {
    const { project_id: project, key_hash: hash, revision, fence } = row;
    const plain = encodeEntry(entry);
    const { keyVersion, sealed } = this.#keys.seal(placeOfEntry(project, hash, revision), plain);
    const [deleted, expires] = [entry.entry ? 0 : 1, expiryOf(entry)];
    if (!before) {
      this.#db.run(
        `INSERT INTO item (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        project,
        hash,
        revision,
        deleted,
        expires,
        plain.length,
        this.#hashes.siteOf(project, entry.id),
        this.#hashes.originOf(project, entry.id),
        this.#hashes.areaOf(project, entry.id),
        fence,
        keyVersion,
        sealed,
      );
      return;
    }
    this.#db.run(
      "UPDATE item SET revision = ?, size = ?, fence = ?, key_version = ?, sealed = ? WHERE rowid = ?",
      revision,
      plain.length,
      fence,
      keyVersion,
      sealed,
      before.rowid,
    );
    // SQLite takes a row out of every index that a statement names a column of, and puts it back.
    if (before.deleted === deleted && before.expires === expires) return;
    this.#db.run("UPDATE item SET deleted = ?, expires = ? WHERE rowid = ?", deleted, expires, before.rowid);
  }

  #changesNothing(before: RowNow | undefined, after: NewEntry): boolean {
    if (!before) return after.entry === undefined;
    const plain = this.#open(before);
    if (hasOtherValue(plain, after)) return false;
    const { entry } = decodeEntry(plain);
    return entry && after.entry ? sameEntry(entry, after.entry) : entry === after.entry;
  }

  #open(row: SealedRow): Buffer {
    return this.#keys.open(placeOfEntry(row.project_id, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
  }

  #read(row: SealedRow): StoredEntry {
    const plain = this.#open(row);
    return { revision: row.revision, ...(row.fence !== null && { fence: row.fence }), ...decodeEntry(plain) };
  }
}

function storesOf(entry: Entry | undefined): string[] {
  return entry?.kind === "database" ? entry.shape.stores.map(({ name }) => name) : [];
}

function toItem({ id, entry, revision, at, by }: StoredEntry): StoredItem | [] {
  if (id.kind !== "cookie") return [];
  const { kind, ...identity } = id;
  return { kind, id: identity, ...(entry?.kind === "cookie" && { cookie: plainCookie(entry) }), revision, at, by };
}
