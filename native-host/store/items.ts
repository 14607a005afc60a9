import type { ProjectId } from "../../shared/models.ts";
import { normalizeHost } from "../../shared/site.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import type { StoreDatabase } from "./database.ts";
import type { History } from "./history.ts";
import { nextRevision } from "./meta.ts";
import { holds } from "./seal.ts";
import { itemColumns, type ItemRow, type ItemRows, type RowNow } from "./itemRows.ts";
import { changedEntry, decodeEntry, type NewEntry, plainCookie } from "./sealedEntry.ts";
import { endOf, type Ttl } from "./ttl.ts";
import type { Ttls } from "./ttls.ts";
import type { StoredEntry, StoredItem } from "./types.ts";

const live = "deleted = 0 AND (expires IS NULL OR expires > ?)";

export interface ItemFilter {
  since?: number | undefined;
  /** Only of this registrable domain. */
  site?: string | undefined;
  tombstones?: boolean | undefined;
  /** With the expiry that the site gave, though the project keeps it no longer than its time to live. */
  own?: boolean | undefined;
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
  readonly #rows: ItemRows;
  readonly #history: History;
  readonly #ttls: Ttls;

  constructor(db: StoreDatabase, { rows, history, ttls }: { rows: ItemRows; history: History; ttls: Ttls }) {
    this.#db = db;
    this.#rows = rows;
    this.#history = history;
    this.#ttls = ttls;
  }

  /** Cookies, by revision; what has expired is not there. Throws `storeDamaged`. */
  cookies(project: ProjectId, now: number, filter: ItemFilter = {}): StoredItem[] {
    return this.#select(project, now, filter, "origin_hash IS NULL").flatMap((row) => toItem(filter.own === true ? this.#rows.read(row) : this.#rows.given(row)));
  }

  /** Items of every kind, by revision; what has expired is not there. Throws `storeDamaged`. */
  list(project: ProjectId, now: number, filter: ItemFilter & { origin?: string | undefined } = {}): StoredEntry[] {
    if (filter.origin === undefined) return this.#select(project, now, filter, "TRUE").map((row) => this.#rows.given(row));
    return this.#ofOrigin(project, now, filter.origin, filter);
  }

  /** What there is: as list(), without what is told of it. */
  entries(project: ProjectId, now: number, site?: string): Entry[] {
    return this.list(project, now, { site }).flatMap(({ entry }) => entry ?? []);
  }

  originHash(project: ProjectId, origin: string): Buffer {
    return this.#rows.hashes.origin(project, origin);
  }

  /** Of an origin, above `since` and up to `until`: the first that `wanted` takes. Opens none behind it. */
  firstOfOrigin(project: ProjectId, hash: Buffer, { since, until }: { since: number; until: number }, wanted: (one: StoredEntry) => boolean): StoredEntry | undefined {
    const sql = `SELECT rowid, ${itemColumns} FROM item INDEXED BY item_origin WHERE project_id = ? AND origin_hash = ? AND revision <= ?
      AND (revision, rowid) > (?, ?) ORDER BY revision, rowid LIMIT 8`;
    for (let after = [since, Number.MAX_SAFE_INTEGER] as const; ; ) {
      const rows = this.#db.all<ItemRow & { rowid: number }>(sql, project, hash, until, ...after);
      for (const row of rows) {
        const one = this.#rows.given(row);
        if (wanted(one)) return one;
        after = [row.revision, row.rowid];
      }
      if (rows.length === 0) return undefined;
    }
  }

  find(project: ProjectId, id: EntryId): StoredEntry | undefined {
    const row = this.#row(project, this.#rows.hashes.key(project, id));
    return row && this.#rows.given(row);
  }

  /** Whether the entry is the one of which `tombstone` says that it outlived its time. */
  isEnded(project: ProjectId, { ended }: { ended?: string | undefined }, entry: Entry): boolean {
    return ended !== undefined && ended === this.#rows.hashes.ended(project, entry);
  }

  /**
   * Writes changes as one revision, the last one for each item, without those that change nothing; the items that were left. The
   * records of a database go with it. What was there before is kept in history, and so is what `lost` against what is there.
   */
  write(project: ProjectId, changes: readonly EntryChange[], writer: Writer, now: number, { lost, conflicts }: Conflicts = { lost: [], conflicts: [] }): EntryId[] {
    const ttls = this.#ttls.of(project);
    let revision: number | undefined;
    const take = (): number => {
      if (revision === undefined) this.#history.begin(project, this.latest(project), now);
      return (revision ??= nextRevision(this.#db));
    };
    const applied: EntryId[] = [];
    // Databases before their records, which keep them.
    const settled = [...this.#settled(project, changes, now)].sort(ttls.length === 0 ? () => 0 : ([, a], [, b]) => byDatabase(a, b));
    for (const [key, change] of settled) {
      const entry = changedEntry(change, writer.by, now);
      const hash = this.#rows.hashes.ofKey(project, entry.id.kind, key);
      const before = this.#row(project, hash);
      // It is still to be destroyed, and nobody sees it any more.
      const isOver = ttls.length > 0 && before !== undefined && before.expires !== null && before.expires <= now;
      if (this.#rows.changesNothing(isOver ? undefined : before, entry)) continue;
      if (isOver) this.#history.forget(project, entry.id);
      else if (before) this.#history.keep(before.rowid, take());
      this.#rows.put(project, hash, entry, { revision: take(), fence: writer.fence, ttls }, before);
      applied.push(entry.id);
    }
    const kept = lost.map((change) => changedEntry(change, writer.by, now)).filter((entry) => !this.#history.has(project, entry));
    for (const entry of kept) this.#history.keepLost(project, entry, { revision: take(), fence: writer.fence });
    if (revision === undefined) return [];
    this.#history.record(project, { revision, at: now, by: writer.by, items: applied.length + kept.length, conflicts: [...conflicts], lost: lost.length });
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
    const next = `SELECT min(area_hash) FROM item INDEXED BY item_area WHERE project_id = ? AND area_hash IS NOT NULL AND ${live}`;
    const areas = `WITH RECURSIVE area (hash) AS
      (SELECT (${next}) UNION ALL SELECT (${next} AND area_hash > area.hash) FROM area WHERE area.hash IS NOT NULL)
      SELECT count(hash) AS n FROM area`;
    return (this.#db.get<{ n: number }>(cookies, project, now)?.n ?? 0) + (this.#db.get<{ n: number }>(areas, project, now, project, now)?.n ?? 0);
  }

  /** Every cookie, every key of page storage, database and record. */
  countEntries(project: ProjectId, now: number): number {
    return this.#db.get<{ n: number }>(`SELECT count(*) AS n FROM item WHERE project_id = ? AND ${live}`, project, now)?.n ?? 0;
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

  /** Whether a row's plain columns are those of what is in it. */
  agree([rowid = 0]: readonly (string | number)[], plain: Buffer): boolean {
    const row = this.#db.get<ItemRow>(`SELECT ${itemColumns} FROM item WHERE rowid = ?`, rowid);
    if (!row) return false;
    const entry = decodeEntry(plain);
    const right = this.#plainColumns(row.project_id, entry);
    return (
      holds(row.key_hash, right.key) &&
      holds(row.site_hash, right.site) &&
      (right.origin === null ? row.origin_hash === null : holds(row.origin_hash, right.origin)) &&
      (right.area === null ? row.area_hash === null : holds(row.area_hash, right.area)) &&
      row.size === plain.length &&
      row.deleted === right.deleted &&
      (right.ttls === undefined || isEnd(row.expires, entry, right.ttls))
    );
  }

  /** Makes a row's plain columns those of what is in it. */
  mend(rowid: string | number, project: ProjectId, plain: Buffer): void {
    const entry = decodeEntry(plain);
    const { site, origin, area, deleted, ttls } = this.#plainColumns(project, entry);
    this.#db.run(
      "UPDATE item SET deleted = ?, expires = ?, size = ?, site_hash = ?, origin_hash = ?, area_hash = ? WHERE rowid = ?",
      deleted,
      endOf(entry, ttls ?? []),
      plain.length,
      site,
      origin,
      area,
      rowid,
    );
  }

  /** `ttls`: undefined where the project's are damaged. */
  #plainColumns(project: ProjectId, entry: NewEntry) {
    const { hashes } = this.#rows;
    return {
      key: hashes.key(project, entry.id),
      site: hashes.siteOf(project, entry.id),
      origin: hashes.originOf(project, entry.id),
      area: hashes.areaOf(project, entry.id),
      deleted: entry.entry ? 0 : 1,
      ttls: this.#ttls.isDamaged(project) ? undefined : this.#ttls.of(project),
    };
  }

  #select(project: ProjectId, now: number, filter: ItemFilter, kind: string): ItemRow[] {
    const since = filter.since ?? -1;
    const wanted = `${kind} AND ${filter.tombstones === true ? `(deleted = 1 OR (${live}))` : live}`;
    if (filter.site === undefined) {
      return this.#db.all<ItemRow>(`SELECT ${itemColumns} FROM item WHERE project_id = ? AND revision > ? AND ${wanted} ORDER BY revision`, project, since, now);
    }
    return this.#db.all<ItemRow>(
      // The + keeps SQLite off the revision's index: a site has fewer rows than a project.
      `SELECT ${itemColumns} FROM item WHERE project_id = ? AND site_hash = ? AND +revision > ? AND ${wanted} ORDER BY +revision`,
      project,
      this.#rows.hashes.site(project, normalizeHost(filter.site)),
      since,
      now,
    );
  }

  #ofOrigin(project: ProjectId, now: number, origin: string, { since = -1, tombstones = false }: ItemFilter): StoredEntry[] {
    const wanted = tombstones ? `(deleted = 1 OR (${live}))` : live;
    const sql = `SELECT ${itemColumns} FROM item INDEXED BY item_origin WHERE project_id = ? AND origin_hash = ? AND revision > ? AND ${wanted} ORDER BY revision`;
    return this.#db.all<ItemRow>(sql, project, this.#rows.hashes.origin(project, origin), since, now).map((row) => this.#rows.given(row));
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
}

function byDatabase(a: EntryChange, b: EntryChange): number {
  const place = (change: EntryChange): number => ((change.kind === "set" ? change.entry : change.id).kind === "database" ? 0 : 1);
  return place(a) - place(b);
}

/** Whether a row's plain expiry is that of what is in it; a database's may be one of its records'. */
function isEnd(expires: number | null, entry: NewEntry, ttls: readonly Ttl[]): boolean {
  const end = endOf(entry, ttls);
  return expires === end || (entry.entry?.kind === "database" && end !== null && expires !== null && expires > end);
}

function storesOf(entry: Entry | undefined): string[] {
  return entry?.kind === "database" ? entry.shape.stores.map(({ name }) => name) : [];
}

function toItem({ id, entry, revision, at, by, ended }: StoredEntry): StoredItem | [] {
  if (id.kind !== "cookie") return [];
  const { kind, ...identity } = id;
  return { kind, id: identity, ...(entry?.kind === "cookie" && { cookie: plainCookie(entry) }), revision, at, by, ...(ended !== undefined && { ended }) };
}
