import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { EntryId } from "../../shared/state/entry.ts";
import { type Change, Changes, rowBytes } from "./changes.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { historyLimits } from "./historyLimits.ts";
import { holds } from "./seal.ts";
import { decodeEntry, encodeEntry, EntryHashes, type NewEntry, placeOfEntry } from "./sealedEntry.ts";
import type { StoredEntry } from "./types.ts";

interface KeptRow {
  project_id: string;
  key_hash: Buffer;
  revision: number;
  fence: number | null;
  site_hash: Buffer;
  key_version: number;
  sealed: Buffer;
}

/** What an item was from one revision on, up to another. */
export interface Past extends StoredEntry {
  until: number;
}

/** What a consumer knows of a project: the state at a revision, and what it wrote itself since. */
export interface Seen {
  revision: number;
  /** Of the lease it writes under. */
  fence?: number | undefined;
  /** The name it writes by, and the revision above which it still has what it wrote. */
  by?: { name: string; since: number } | undefined;
}

/** Whether a consumer has had the item as it is in this version. */
export function knows({ revision, fence, by }: Seen, version: Pick<StoredEntry, "revision" | "fence" | "by">): boolean {
  if (version.revision <= revision || (fence !== undefined && version.fence === fence)) return true;
  return by !== undefined && version.by === by.name && version.revision > by.since;
}

const columns = "project_id, key_hash, revision, fence, site_hash, key_version, sealed";
/** How many revisions one write lets go at most because of their age; by size it is as many as must go. */
const agedAtOnce = 64;

/**
 * What items were before: a row of `history` for each that was changed, sealed as it was, and one of `change` for each
 * revision. Bounded for each project: from the first revision that can be had again up to now it is whole. Every method
 * belongs in a transaction of the caller's.
 */
export class History {
  /** The revisions that can be had again. */
  readonly changes: Changes;
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;
  readonly #hashes: EntryHashes;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
    this.#hashes = new EntryHashes(keys);
    this.changes = new Changes(db, keys);
  }

  /** Before a project's first change: what it holds already has no earlier history. */
  begin(project: ProjectId, latest: number, at: number): void {
    const made = this.#db.run("INSERT INTO history_extent (project_id, first, bytes) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", project, latest);
    if (made > 0 && latest > 0) this.#weigh(project, this.changes.add(project, { revision: latest, at, by: "", items: 0 }));
  }

  /** An item's row as it is before `until` changes it. record() weighs it. */
  keep(rowid: number, until: number): void {
    this.#db.run(`INSERT INTO history (${columns}, until) SELECT ${columns}, ? FROM item WHERE rowid = ?`, until, rowid);
  }

  /** Whether the last that is kept of the item is this. */
  has(project: ProjectId, entry: NewEntry): boolean {
    const sql = `SELECT ${columns}, until FROM history WHERE project_id = ? AND key_hash = ? ORDER BY revision DESC LIMIT 1`;
    const row = this.#db.get<KeptRow & { until: number }>(sql, project, this.#hashes.key(project, entry.id));
    return row !== undefined && encodeEntry(this.#read(row)).equals(encodeEntry(entry));
  }

  /** What lost a conflict: as if it had been written at `revision`, and changed back at the next. */
  keepLost(project: ProjectId, entry: NewEntry, { revision, fence }: { revision: number; fence?: number | undefined }): void {
    const hash = this.#hashes.key(project, entry.id);
    const { keyVersion, sealed } = this.#keys.seal(placeOfEntry(project, hash, revision), encodeEntry(entry));
    this.#db.run(
      `INSERT INTO history (${columns}, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      project,
      hash,
      revision,
      fence ?? null,
      this.#hashes.siteOf(project, entry.id),
      keyVersion,
      sealed,
      revision + 1,
    );
  }

  /** After all of a revision is written; lets go what is too old or too much. */
  record(project: ProjectId, change: Change & { lost?: number }): void {
    const sql = `SELECT coalesce(sum(length(sealed) + ${rowBytes}), 0) AS bytes FROM history WHERE project_id = ? AND until = ?`;
    const kept = this.#db.get<{ bytes: number }>(sql, project, change.revision)?.bytes ?? 0;
    this.#weigh(project, kept + this.changes.add(project, change));
    this.#prune(project, change.at);
  }

  /** Lets go what the limits no longer allow, or a project that keeps nothing longer than `maxAge` milliseconds. */
  trim(project: ProjectId, now: number, maxAge = Infinity): void {
    while (this.#prune(project, now, maxAge) === agedAtOnce);
  }

  /** Whether there is what is older than `maxAge` milliseconds. */
  isAged(project: ProjectId, now: number, maxAge: number): boolean {
    const extent = this.#extent(project);
    return extent !== undefined && (this.changes.after(project, extent.first)?.at ?? Infinity) < now - maxAge;
  }

  /** The oldest revision that can be had again; undefined before the first change. */
  first(project: ProjectId): number | undefined {
    return this.#extent(project)?.first;
  }

  /** What items that changed since were at that revision, each once. What is not among them and is newer was not there. */
  at(project: ProjectId, revision: number): Past[] {
    const sql = `SELECT ${columns}, until, max(revision) FROM history WHERE project_id = ? AND until > ? AND revision <= ? GROUP BY key_hash`;
    return this.#db.all<KeptRow & { until: number }>(sql, project, revision, revision).map((row) => this.#read(row));
  }

  /** What the item was at that revision, or what was later written by the writer of that name or under the lease of that fence; the newest. */
  known(project: ProjectId, entry: Pick<NewEntry, "id">, seen: Seen): Past | undefined {
    if (seen.by !== undefined) return this.#since(project, entry, seen.revision).find((past) => knows(seen, past));
    const row = this.#db.get<KeptRow & { until: number }>(
      `SELECT ${columns}, until FROM history WHERE project_id = ? AND key_hash = ? AND ((revision <= ? AND until > ?) OR fence = ?)
       ORDER BY revision DESC LIMIT 1`,
      project,
      this.#hashes.key(project, entry.id),
      seen.revision,
      seen.revision,
      seen.fence ?? null,
    );
    return row && this.#read(row);
  }

  /** What the item was at that revision and later, the newest first. */
  #since(project: ProjectId, { id }: Pick<NewEntry, "id">, revision: number): Past[] {
    const sql = `SELECT ${columns}, until FROM history WHERE project_id = ? AND key_hash = ? AND until > ? ORDER BY revision DESC`;
    return this.#db.all<KeptRow & { until: number }>(sql, project, this.#hashes.key(project, id), revision).map((row) => this.#read(row));
  }

  /** Everything kept of a registrable domain, or of all. */
  list(project: ProjectId, site?: string): Past[] {
    const sql = `SELECT ${columns}, until FROM history WHERE project_id = ?`;
    const rows =
      site === undefined
        ? this.#db.all<KeptRow & { until: number }>(sql, project)
        : this.#db.all<KeptRow & { until: number }>(`${sql} AND site_hash = ?`, project, this.#hashes.site(project, site));
    return rows.map((row) => this.#read(row));
  }

  /** All that is kept of an item. */
  of(project: ProjectId, id: EntryId): Past[] {
    return this.#since(project, { id }, 0);
  }

  /** Destroys all that is kept of an item. */
  forget(project: ProjectId, id: EntryId): void {
    const hash = this.#hashes.key(project, id);
    const sql = `SELECT coalesce(sum(length(sealed) + ${rowBytes}), 0) AS bytes FROM history WHERE project_id = ? AND key_hash = ?`;
    this.#weigh(project, -(this.#db.get<{ bytes: number }>(sql, project, hash)?.bytes ?? 0));
    this.#db.run("DELETE FROM history WHERE project_id = ? AND key_hash = ?", project, hash);
  }

  /** Destroys all that is kept of a project. */
  forgetAll(project: ProjectId): void {
    const latest = this.changes.latest(project);
    if (latest !== undefined) this.#startAt(project, latest);
  }

  /** Up to so many rows of a project that is no more; how many it were. */
  erase(project: ProjectId, limit: number): number {
    return (
      this.#db.run("DELETE FROM history WHERE rowid IN (SELECT rowid FROM history WHERE project_id = ? LIMIT ?)", project, limit) +
      this.changes.erase(project, limit) +
      this.#db.run("DELETE FROM history_extent WHERE project_id = ?", project)
    );
  }

  /** Owners of rows whose project is no more. */
  orphans(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>(
        `SELECT project_id FROM history WHERE project_id NOT IN (SELECT id FROM project) UNION
         SELECT project_id FROM change WHERE project_id NOT IN (SELECT id FROM project) UNION
         SELECT project_id FROM history_extent WHERE project_id NOT IN (SELECT id FROM project)`,
      )
      .map((row) => row.project_id);
  }

  /** Whether a row of `history` is found by the site of what is in it. */
  agree([rowid = 0]: readonly (string | number)[], plain: Buffer): boolean {
    const row = this.#db.get<KeptRow>(`SELECT ${columns} FROM history WHERE rowid = ?`, rowid);
    if (!row) return false;
    const { id } = decodeEntry(plain);
    return holds(row.key_hash, this.#hashes.key(row.project_id, id)) && holds(row.site_hash, this.#hashes.siteOf(row.project_id, id));
  }

  mend(rowid: string | number, project: ProjectId, plain: Buffer): void {
    this.#db.run("UPDATE history SET site_hash = ? WHERE rowid = ?", this.#hashes.siteOf(project, decodeEntry(plain).id), rowid);
  }

  /** History ends where a row of it is lost: what was before could be had again without one item, and nobody would know. */
  cut(rowid: string | number): void {
    const row = this.#db.get<{ project_id: string; until: number }>("SELECT project_id, until FROM history WHERE rowid = ?", rowid);
    // An earlier cut may have taken it.
    if (row) this.#startAt(row.project_id, Math.max(row.until, this.first(row.project_id) ?? 0));
  }

  /** What every project's history takes, counted anew. */
  weighAnew(): void {
    const sum = (table: string): string => `(SELECT coalesce(sum(length(sealed) + ${rowBytes}), 0) FROM ${table} AS t WHERE t.project_id = history_extent.project_id)`;
    this.#db.run(`UPDATE history_extent SET bytes = ${sum("history")} + ${sum("change")}`);
  }

  #read(row: KeptRow & { until: number }): Past {
    const plain = this.#keys.open(placeOfEntry(row.project_id, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    return { until: row.until, revision: row.revision, ...(row.fence !== null && { fence: row.fence }), ...decodeEntry(plain) };
  }

  /** How many revisions went because of their age. */
  #prune(project: ProjectId, now: number, ownMaxAge = Infinity): number {
    const limits = historyLimits(this.#db);
    const maxAge = Math.min(limits.maxAge, ownMaxAge);
    let aged = 0;
    for (;;) {
      const extent = this.#extent(project);
      if (!extent) return aged;
      const next = this.changes.after(project, extent.first);
      // The state between `first` and `next` began before `next`, and is too old when that is.
      const isAged = next !== undefined && next.at < now - maxAge && aged < agedAtOnce;
      if (next === undefined || (!isAged && extent.bytes <= limits.maxBytes)) return aged;
      if (isAged) aged++;
      this.#startAt(project, next.revision);
    }
  }

  #startAt(project: ProjectId, first: number): void {
    const sql = `SELECT coalesce(sum(length(sealed) + ${rowBytes}), 0) AS bytes FROM history WHERE project_id = ? AND until <= ?`;
    const bytes = this.#db.get<{ bytes: number }>(sql, project, first)?.bytes ?? 0;
    this.#db.run("DELETE FROM history WHERE project_id = ? AND until <= ?", project, first);
    this.#weigh(project, -bytes - this.changes.drop(project, first));
    this.#db.run("UPDATE history_extent SET first = ? WHERE project_id = ?", first, project);
  }

  #extent(project: ProjectId): { first: number; bytes: number } | undefined {
    return this.#db.get<{ first: number; bytes: number }>("SELECT first, bytes FROM history_extent WHERE project_id = ?", project);
  }

  #weigh(project: ProjectId, bytes: number): void {
    this.#db.run("UPDATE history_extent SET bytes = bytes + ? WHERE project_id = ?", bytes, project);
  }
}

/** A revision that history no longer reaches. */
export function beforeHistory(first: number): SteadError {
  return new SteadError("usage", `The project's history reaches back to revision ${first}, and no further.`, {
    hint: "Run stead history to see the revisions there are.",
  });
}
