import Sqlite, { type Database, type Statement } from "better-sqlite3";
import type { Cookie } from "../../shared/models.ts";
import { cookieKey } from "../../shared/cookie.ts";

/**
 * What a program without secrets would do with better-sqlite3: the columns, indexes and durability of Stead's items, and one
 * upsert for each. `careful`: it also does what Stead does beside sealing: leaves what is there already, and keeps in a table
 * of its own what a change replaces.
 */
export class PlainStore {
  readonly #db: Database;
  readonly #find: Statement<[string, string], { payload: string }>;
  readonly #keep: Statement;
  readonly #put: Statement;
  readonly #careful: boolean;
  #revision = 0;

  constructor(path: string, { careful }: { careful: boolean }) {
    this.#careful = careful;
    this.#db = new Sqlite(path);
    this.#db.pragma("journal_mode = WAL");
    this.#db.pragma("synchronous = FULL");
    this.#db.pragma("secure_delete = ON");
    this.#db.exec(`
      CREATE TABLE item (
        project_id TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, deleted INTEGER NOT NULL, expires REAL, size INTEGER NOT NULL,
        site TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (project_id, key)
      ) STRICT;
      CREATE INDEX item_revision ON item (project_id, revision);
      CREATE INDEX item_site ON item (project_id, site);
      CREATE INDEX item_expires ON item (project_id, expires) WHERE deleted = 0;
      CREATE TABLE history (
        project_id TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, until INTEGER NOT NULL, site TEXT NOT NULL, payload TEXT NOT NULL,
        PRIMARY KEY (project_id, key, revision)
      ) STRICT;
      CREATE INDEX history_until ON history (project_id, until);
    `);
    this.#find = this.#db.prepare("SELECT payload FROM item WHERE project_id = ? AND key = ?");
    this.#keep = this.#db.prepare("INSERT INTO history SELECT project_id, key, revision, ?, site, payload FROM item WHERE project_id = ? AND key = ?");
    this.#put = this.#db.prepare(`
      INSERT INTO item VALUES (?, ?, ?, 0, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET revision = excluded.revision, expires = excluded.expires, size = excluded.size, payload = excluded.payload`);
  }

  write(project: string, cookies: readonly Cookie[]): void {
    this.#db
      .transaction(() => {
        const revision = ++this.#revision;
        for (const cookie of cookies) this.#write(project, cookie, revision);
      })
      .immediate();
  }

  close(): void {
    this.#db.close();
  }

  #write(project: string, cookie: Cookie, revision: number): void {
    const key = cookieKey(cookie);
    const payload = JSON.stringify(cookie);
    if (this.#careful) {
      const before = this.#find.get(project, key);
      if (before?.payload === payload) return;
      if (before) this.#keep.run(revision, project, key);
    }
    this.#put.run(project, key, revision, (cookie.expires ?? 0) * 1000, payload.length, cookie.domain, payload);
  }
}
