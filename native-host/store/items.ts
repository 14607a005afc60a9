import * as z from "zod/mini";
import { cookieId, cookieKey, isExpired, sameCookie } from "../../shared/cookie.ts";
import { Cookie, type CookieChange, CookieId, type ProjectId } from "../../shared/models.ts";
import { normalizeHost, registrableDomain } from "../../shared/site.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { nextRevision } from "./meta.ts";
import { holds } from "./seal.ts";
import type { StoredItem } from "./types.ts";

/** What is sealed of an item. */
const Payload = z.object({
  kind: z.literal("cookie"),
  id: CookieId,
  cookie: z.optional(Cookie),
  at: z.number(),
  by: z.string(),
});
type Payload = z.infer<typeof Payload>;

interface Row {
  project_id: string;
  key_hash: Buffer;
  revision: number;
  deleted: number;
  expires: number | null;
  size: number;
  site_hash: Buffer;
  key_version: number;
  sealed: Buffer;
}

const columns = "project_id, key_hash, revision, deleted, expires, size, site_hash, key_version, sealed";
const live = "deleted = 0 AND (expires IS NULL OR expires > ?)";

export interface ItemFilter {
  since?: number;
  site?: string;
  tombstones?: boolean;
}

/** The sealed rows of items. Every method belongs in a transaction of the caller's; `now` in milliseconds since 1970. */
export class Items {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** By revision; what has expired is not there. Throws `storeDamaged`. */
  list(project: ProjectId, now: number, filter: ItemFilter = {}): StoredItem[] {
    const since = filter.since ?? -1;
    const wanted = filter.tombstones === true ? `(deleted = 1 OR (${live}))` : live;
    const rows =
      filter.site === undefined
        ? this.#db.all<Row>(
            `SELECT ${columns} FROM item WHERE project_id = ? AND revision > ? AND ${wanted} ORDER BY revision`,
            project,
            since,
            now,
          )
        : this.#db.all<Row>(
            // The + keeps SQLite off the revision's index: a site has fewer rows than a project.
            `SELECT ${columns} FROM item WHERE project_id = ? AND site_hash = ? AND +revision > ? AND ${wanted} ORDER BY +revision`,
            project,
            this.#siteHash(project, normalizeHost(filter.site)),
            since,
            now,
          );
    return rows.map((row) => this.#read(row));
  }

  /**
   * Writes changes as one revision, the last one for each cookie, without those that change nothing; how many were left.
   * Setting a cookie that has expired removes it.
   */
  write(project: ProjectId, changes: readonly CookieChange[], by: string, now: number): number {
    this.#dropExpired(project, now);
    const last = new Map(changes.map((change) => [cookieKey(change.kind === "set" ? change.cookie : change.id), change]));
    let revision: number | undefined;
    let applied = 0;
    for (const [key, change] of last) {
      const hash = this.#keys.hash(project, "cookie", key);
      const before = this.#find(project, hash);
      const payload = payloadOf(change, by, now);
      if (changesNothing(before, payload)) continue;
      revision ??= nextRevision(this.#db);
      this.#put(project, hash, payload, revision);
      applied++;
    }
    return applied;
  }

  /** The highest revision of a project's items; 0 when there are none. */
  latest(project: ProjectId): number {
    return this.#db.get<{ latest: number | null }>("SELECT max(revision) AS latest FROM item WHERE project_id = ?", project)?.latest ?? 0;
  }

  count(project: ProjectId, now: number): number {
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
    const plain = this.#keys.unseal(placeOf(project, row.key_hash, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    if (!plain) return false;
    const payload = Payload.parse(JSON.parse(plain.toString()));
    return (
      holds(row.key_hash, this.#keys.hash(project, "cookie", cookieKey(payload.id))) &&
      holds(row.site_hash, this.#siteHash(project, registrableDomain(payload.id.domain))) &&
      row.size === plain.length &&
      row.deleted === (payload.cookie ? 0 : 1) &&
      row.expires === expiryOf(payload)
    );
  }

  /** What has expired is simply gone, as in Firefox: a tombstone would remove a newer cookie of the same name elsewhere. */
  #dropExpired(project: ProjectId, now: number): void {
    this.#db.run(
      `DELETE FROM item WHERE rowid IN
         (SELECT rowid FROM item INDEXED BY item_live WHERE project_id = ? AND deleted = 0 AND expires <= ? LIMIT 256)`,
      project,
      now,
    );
  }

  #find(project: ProjectId, hash: Buffer): StoredItem | undefined {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM item WHERE project_id = ? AND key_hash = ?`, project, hash);
    return row && this.#read(row);
  }

  #put(project: ProjectId, hash: Buffer, payload: Payload, revision: number): void {
    const plain = Buffer.from(JSON.stringify(payload));
    const { keyVersion, sealed } = this.#keys.seal(placeOf(project, hash, revision), plain);
    this.#db.run(
      `INSERT INTO item (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (project_id, key_hash) DO UPDATE SET
         revision = excluded.revision, deleted = excluded.deleted, expires = excluded.expires, size = excluded.size,
         site_hash = excluded.site_hash, key_version = excluded.key_version, sealed = excluded.sealed`,
      project,
      hash,
      revision,
      payload.cookie ? 0 : 1,
      expiryOf(payload),
      plain.length,
      this.#siteHash(project, registrableDomain(payload.id.domain)),
      keyVersion,
      sealed,
    );
  }

  #read(row: Row): StoredItem {
    const place = placeOf(row.project_id, row.key_hash, row.revision);
    const plain = this.#keys.open(place, { keyVersion: row.key_version, sealed: row.sealed });
    const { cookie, ...payload } = Payload.parse(JSON.parse(plain.toString()));
    return { ...payload, ...(cookie && { cookie }), revision: row.revision };
  }

  #siteHash(project: ProjectId, site: string): Buffer {
    return this.#keys.hash(project, "site", site);
  }
}

function placeOf(project: ProjectId, hash: Buffer, revision: number): { kind: string; owner: string; id: string; revision: number } {
  return { kind: "item", owner: project, id: hash.toString("hex"), revision };
}

function payloadOf(change: CookieChange, by: string, now: number): Payload {
  if (change.kind === "remove") return { kind: "cookie", id: cookieId(change.id), at: change.at, by };
  const id = cookieId(change.cookie);
  return isExpired(change.cookie, now)
    ? { kind: "cookie", id, at: change.at, by }
    : { kind: "cookie", id, cookie: change.cookie, at: change.at, by };
}

function changesNothing(before: StoredItem | undefined, after: Payload): boolean {
  if (!after.cookie) return before?.cookie === undefined;
  return before?.cookie !== undefined && sameCookie(before.cookie, after.cookie);
}

/** Milliseconds since 1970; null for a session cookie and for a tombstone. */
function expiryOf({ cookie }: Payload): number | null {
  return cookie?.expires === undefined ? null : cookie.expires * 1000;
}
