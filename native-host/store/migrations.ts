import type { Database } from "better-sqlite3";
import { SteadError } from "../../shared/errors.ts";

/** "STED": tells a store from any other SQLite file. */
export const applicationId = 0x53544544;

/** Brings a store from the version that is its place in the list to the next one. */
export type Migration = (db: Database) => void;

/**
 * Names, hosts and values are sealed; `*_hash` are keyed hashes under a key of the same owner. Plain are only ids,
 * revisions, expiries and sizes. STRICT keeps every column of its type, whatever the file was given.
 */
const createTables: Migration = (db) => {
  db.exec(`
    CREATE TABLE meta (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      active BLOB,                    -- sealed with the registry's key
      active_key INTEGER,             -- version of that key
      source TEXT,                    -- keychain, passphrase or file; NULL until there is a root key
      key_check BLOB,
      kdf TEXT,                       -- JSON, for a passphrase
      locked INTEGER NOT NULL,
      shredding INTEGER NOT NULL      -- 1 while rows or log pages of a removed project may remain
    ) STRICT;

    CREATE TABLE data_key (
      owner TEXT NOT NULL,            -- a project's id, or 'registry'
      version INTEGER NOT NULL,
      epoch INTEGER NOT NULL,         -- of the key-encryption key
      wrapped BLOB NOT NULL,
      seals INTEGER NOT NULL,         -- how often it has sealed
      PRIMARY KEY (owner, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE project (
      place INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      name_hash BLOB NOT NULL UNIQUE,
      key_version INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;

    CREATE TABLE removed_project (
      id TEXT PRIMARY KEY,
      revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE item (
      project_id TEXT NOT NULL,
      key_hash BLOB NOT NULL,
      revision INTEGER NOT NULL,
      deleted INTEGER NOT NULL,
      expires REAL,                   -- milliseconds since 1970
      size INTEGER NOT NULL,          -- bytes before sealing
      site_hash BLOB NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (project_id, key_hash)
    ) STRICT;
    CREATE INDEX item_revision ON item (project_id, revision);
    CREATE INDEX item_site ON item (project_id, site_hash);
    CREATE INDEX item_live ON item (project_id, expires) WHERE deleted = 0;

    CREATE TABLE instance (
      id TEXT PRIMARY KEY,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE instance_sync (
      instance TEXT NOT NULL,
      project_id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      PRIMARY KEY (instance, project_id)
    ) STRICT, WITHOUT ROWID;
  `);
  db.prepare("INSERT INTO meta (one, id, revision, locked, shredding) VALUES (1, ?, 0, 0, 0)").run(crypto.randomUUID());
};

/** A removed rule keeps its id and revision, for those who have it still; the rules of a removed project go without a trace. */
const addRules: Migration = (db) => {
  db.exec(`
    CREATE TABLE rule (
      place INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      revision INTEGER NOT NULL,
      project_id TEXT,                -- NULL: it was removed, and so is the rest
      pattern_hash BLOB,
      key_version INTEGER,
      sealed BLOB,
      CHECK ((project_id IS NULL) = (pattern_hash IS NULL)),
      CHECK ((project_id IS NULL) = (key_version IS NULL)),
      CHECK ((project_id IS NULL) = (sealed IS NULL))
    ) STRICT;
    CREATE INDEX rule_revision ON rule (revision);
    CREATE UNIQUE INDEX rule_pattern ON rule (project_id, pattern_hash) WHERE project_id IS NOT NULL;

    CREATE TABLE settings (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      revision INTEGER NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL            -- with the registry's key
    ) STRICT;
  `);
};

/** Page storage among the items, and what items were before they were changed. Rows that there are keep their place. */
const addHistory: Migration = (db) => {
  db.exec(`
    ALTER TABLE item ADD COLUMN origin_hash BLOB;  -- of page storage; NULL for a cookie
    ALTER TABLE item ADD COLUMN fence INTEGER;     -- of the lease it was written under
    CREATE INDEX item_origin ON item (project_id, origin_hash) WHERE origin_hash IS NOT NULL;

    CREATE TABLE history (
      project_id TEXT NOT NULL,
      key_hash BLOB NOT NULL,
      revision INTEGER NOT NULL,
      until INTEGER NOT NULL,         -- the revision that ended it
      fence INTEGER,
      site_hash BLOB NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL,           -- as it was in item
      PRIMARY KEY (project_id, key_hash, revision)
    ) STRICT;
    CREATE INDEX history_until ON history (project_id, until);

    CREATE TABLE change (
      project_id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      at REAL NOT NULL,               -- milliseconds since 1970, by the clock of who wrote
      items INTEGER NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (project_id, revision)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE history_extent (
      project_id TEXT PRIMARY KEY,
      first INTEGER NOT NULL,         -- the oldest revision that can be had again
      bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE meta ADD COLUMN history_age REAL;      -- milliseconds; NULL: the default
    ALTER TABLE meta ADD COLUMN history_bytes INTEGER;
  `);
};

/** The last lease of each project, so that its fence only ever grows. */
const addLeases: Migration = (db) => {
  db.exec(`
    CREATE TABLE lease (
      project_id TEXT PRIMARY KEY,
      fence INTEGER NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
};

/** What items are counted by: cookies one by one, page storage by origin and kind. No release has stored page storage before. */
const addAreas: Migration = (db) => {
  db.exec(`
    ALTER TABLE item ADD COLUMN area_hash BLOB;    -- of an origin's localStorage, sessionStorage or IndexedDB; NULL for a cookie
    CREATE INDEX item_area ON item (project_id, area_hash) WHERE area_hash IS NOT NULL AND deleted = 0;
    DROP INDEX item_live;
    CREATE INDEX item_expires ON item (project_id, expires) WHERE area_hash IS NULL AND deleted = 0;
  `);
};

/** How far the keys have been rotated. */
const addRotation: Migration = (db) => {
  db.exec(`
    ALTER TABLE meta ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;      -- of the key-encryption key
    ALTER TABLE meta ADD COLUMN rotating INTEGER NOT NULL DEFAULT 0;   -- 1 while rows of retired keys may remain
    ALTER TABLE data_key ADD COLUMN retired INTEGER NOT NULL DEFAULT 0; -- 1: seals nothing any more
  `);
};

/** How far each origin of each container is, and what of an origin cannot be carried. Origins are found by revision, cookies too. */
const addPageStorage: Migration = (db) => {
  db.exec(`
    CREATE TABLE origin_sync (
      instance TEXT NOT NULL,
      project_id TEXT NOT NULL,
      origin_hash BLOB NOT NULL,
      revision INTEGER NOT NULL,
      PRIMARY KEY (instance, project_id, origin_hash)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE instance_sync ADD COLUMN emptied INTEGER NOT NULL DEFAULT 0; -- when the container last had no page storage of the store's

    CREATE TABLE gap (
      project_id TEXT NOT NULL,
      origin_hash BLOB NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (project_id, origin_hash)
    ) STRICT;

    DROP INDEX item_origin;
    CREATE INDEX item_origin ON item (project_id, origin_hash, revision) WHERE origin_hash IS NOT NULL;
    CREATE INDEX item_cookie ON item (project_id, revision) WHERE origin_hash IS NULL;
  `);
};

/** Which revisions had conflicts, to be told without a look at the others. Those before this step were told by their check-in alone. */
const addConflicts: Migration = (db) => {
  db.exec(`
    ALTER TABLE change ADD COLUMN conflicts INTEGER;   -- how many; NULL: none, or from before this step
    CREATE INDEX change_conflicts ON change (at) WHERE conflicts IS NOT NULL;
  `);
};

/** Who read or wrote what, a row for each actor, action and owner in a minute. */
const addAudit: Migration = (db) => {
  db.exec(`
    CREATE TABLE audit (
      place INTEGER PRIMARY KEY,
      owner TEXT NOT NULL,            -- a project's id, or 'registry'
      batch_hash BLOB NOT NULL,       -- of who did what in which minute
      at REAL NOT NULL,               -- milliseconds since 1970
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX audit_batch ON audit (batch_hash);

    ALTER TABLE meta ADD COLUMN audit_age REAL;        -- milliseconds; NULL: the default
    ALTER TABLE meta ADD COLUMN audit_max INTEGER;     -- bytes; NULL: the default
    ALTER TABLE meta ADD COLUMN audit_bytes INTEGER NOT NULL DEFAULT 0;
  `);
};

/** When the vault locks itself, and how long projects keep their items: page storage has an end then, and is counted without what is past it. */
const addLimits: Migration = (db) => {
  db.exec(`
    ALTER TABLE meta ADD COLUMN lock_after REAL;   -- milliseconds without use; NULL: never
    ALTER TABLE meta ADD COLUMN used REAL;         -- milliseconds since 1970, when it was last used

    CREATE TABLE ttl (
      project_id TEXT PRIMARY KEY,
      revision INTEGER NOT NULL,
      key_version INTEGER NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    DROP INDEX item_area;
    CREATE INDEX item_area ON item (project_id, area_hash, expires) WHERE area_hash IS NOT NULL AND deleted = 0;
    CREATE INDEX item_storage_expires ON item (project_id, expires) WHERE area_hash IS NOT NULL AND deleted = 0 AND expires IS NOT NULL;
  `);
};

/** Whether what was read from the store may be of another one, whose place it took. */
const addRestoration: Migration = (db) => {
  db.exec("ALTER TABLE meta ADD COLUMN restored INTEGER NOT NULL DEFAULT 0"); // the first revision since a backup was restored; 0: none was
};

/** Only ever appended to. */
export const migrations: readonly Migration[] = [
  createTables, addRules, addHistory, addLeases, addAreas, addRotation, addPageStorage, addConflicts, addAudit, addLimits, addRestoration,
];

/**
 * Brings a store to the newest version in one exclusive transaction: wholly, or not at all. Throws `storeNewer` for one
 * that a later Stead wrote and `storeDamaged` for another program's database, both before anything is touched.
 */
export function migrate(db: Database, steps: readonly Migration[] = migrations): void {
  // One snapshot: between two looks another process may make the tables.
  const version = db.transaction(() => readVersion(db, steps.length)).deferred();
  if (version === steps.length) return;
  db.exec("BEGIN EXCLUSIVE");
  try {
    // Another process may have been here while this one waited.
    for (const step of steps.slice(readVersion(db, steps.length))) step(db);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${steps.length}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.inTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function readVersion(db: Database, newest: number): number {
  const version = Number(db.pragma("user_version", { simple: true }));
  const application = Number(db.pragma("application_id", { simple: true }));
  const isEmpty = version === 0 && application === 0 && db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  if (!isEmpty && application !== applicationId) {
    throw new SteadError("storeDamaged", `${db.name} is a database, but not one of Stead's.`, {
      hint: "Move that file away, or set STEAD_HOME to another directory; nothing was changed.",
    });
  }
  if (version > newest) {
    throw new SteadError("storeNewer", `${db.name} has version ${version}; this Stead reads up to version ${newest}.`);
  }
  return version;
}
