import Sqlite, { type Database, type Statement } from "better-sqlite3";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import { Ballast } from "./ballast.ts";
import { migrate, type Migration, migrations } from "./migrations.ts";
import { makePrivateDirectory, makePrivateFile } from "./privateDirectory.ts";
import { fromSqlite } from "./sqliteErrors.ts";

/** Before it, a WAL may be reset under a reader and the database corrupted (sqlite.org/wal.html#walreset). */
const oldestSqlite = [3, 51, 3] as const;
/** What a database in memory is called in messages. */
const copyName = "a copy of the store";
/** How long a writer waits for another, in milliseconds. */
const patienceMs = 10_000;

type Value = string | number | Buffer | null;

/** What knows something of the file that holds within a transaction. */
export interface Companion {
  /** What was read before may have been changed by another process. */
  begun(): void;
  /** The last moment to write something in it. */
  ending(): void;
  /** What was made in it is in no file. */
  rolledBack(): void;
}

/**
 * The store's SQLite file: transactions, statements prepared at first use, and SQLite's errors as Stead's. Knows
 * nothing of keys.
 */
export class StoreDatabase {
  readonly path: string;
  readonly ballast: Ballast;
  /** Whether the ballast was given up and not made again. */
  #tight: boolean;
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<Value[]>>();
  readonly #companions: Companion[] = [];

  /** Use openDatabase(). */
  constructor(db: Database, ballast: Ballast, tight: boolean, name: string = db.name) {
    this.#db = db;
    this.path = name;
    this.ballast = ballast;
    this.#tight = tight;
  }

  /** Has it told of every transaction from now on. */
  accompany(companion: Companion): void {
    this.#companions.push(companion);
  }

  /** The first row, or undefined. `Row` is what the statement selects; STRICT tables keep the types. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as with all(): the caller knows the columns.
  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#prepare<Row>(sql).get(...values);
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#prepare<Row>(sql).all(...values);
  }

  /** Rows changed. */
  run(sql: string, ...values: Value[]): number {
    return this.#prepare(sql).run(...values).changes;
  }

  /** One view of the store, whatever others write meanwhile. */
  read<T>(work: () => T): T {
    return this.#transaction("BEGIN", work);
  }

  /**
   * Committed and on disk when it returns, else as if it had never been. `frees`: it only makes the store smaller, so on
   * a full disk the ballast is given up for it.
   */
  write<T>(work: () => T, options: { frees?: boolean } = {}): T {
    if (options.frees !== true) this.expectRoom();
    try {
      return this.#transaction("BEGIN IMMEDIATE", work);
    } catch (error) {
      if (!isDiskFull(error) || options.frees !== true || !this.ballast.release()) throw error;
      this.#tight = true;
      return this.#transaction("BEGIN IMMEDIATE", work);
    }
  }

  /** What the ballast gave up is for removals alone: nothing is added until the ballast is whole again. Throws `diskFull`. */
  expectRoom(): void {
    if (!this.#tight) return;
    if (!this.ballast.make()) throw new SteadError("diskFull", `The disk is full: ${this.path}.`);
    this.#tight = false;
  }

  /** Empties the log, so that nothing that was deleted remains in it; false when a reader still needs it. */
  truncateLog(): boolean {
    return this.#guarded(() => {
      const [result] = this.#db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
      return result?.busy === 0;
    });
  }

  /** What SQLite itself finds wrong with its pages and indexes; usually nothing. */
  findDamage(): string[] {
    const rows = this.#guarded(() => this.#db.pragma("integrity_check") as { integrity_check: string }[]);
    return rows.map((row) => row.integrity_check).filter((line) => line !== "ok");
  }

  /** Makes another database one of this connection's, under that name; what is written to it is as safe as in a store of its own. */
  attach(path: string, name: string): void {
    this.#guarded(() => {
      this.#db.prepare(`ATTACH DATABASE ? AS ${name}`).run(path);
      this.#db.pragma(`${name}.synchronous = FULL`);
      this.#db.pragma(`${name}.secure_delete = ON`);
    });
  }

  /** Writes all of it to an empty file, as it is now; outside of a transaction. */
  copyTo(path: string): void {
    this.#guarded(() => this.#db.prepare("VACUUM INTO ?").run(path));
  }

  /** The whole database as the bytes of a file. */
  serialize(): Buffer {
    return this.#guarded(() => this.#db.serialize());
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
    // SQLite has just given back what its side files took.
    if (this.#tight) this.ballast.make();
  }

  #prepare<Row>(sql: string): Statement<Value[], Row> {
    const known = this.#statements.get(sql);
    // The one place where rows get their type: SQLite cannot tell it to the compiler.
    if (known) return known as Statement<Value[], Row>;
    const statement = this.#db.prepare<Value[], Row>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  // A deferred BEGIN that reads first and writes then fails at once under load, whatever the busy timeout.
  #transaction<T>(begin: "BEGIN" | "BEGIN IMMEDIATE", work: () => T): T {
    return this.#guarded(() => {
      this.#prepare(begin).run();
      try {
        for (const companion of this.#companions) companion.begun();
        const result = work();
        for (const companion of this.#companions) companion.ending();
        this.#prepare("COMMIT").run();
        return result;
      } catch (error) {
        // SQLite has rolled back by itself after some errors, a full disk among them.
        if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
        for (const companion of this.#companions) companion.rolledBack();
        throw error;
      }
    });
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fromSqlite(error, this.path);
    }
  }
}

export interface DatabaseOptions {
  /** Tests add a step of the future. */
  steps?: readonly Migration[];
  patienceMs?: number;
}

/** Opens the store's file, made where it is missing, at the newest version. Throws every store error but those about keys. */
export function openDatabase(path: string, options: DatabaseOptions = {}): StoreDatabase {
  makePrivateDirectory(dirname(path));
  makePrivateFile(path);
  const ballast = new Ballast(path);
  let tight = false;
  let db: Database;
  try {
    db = connect(path, options);
  } catch (error) {
    if (!isDiskFull(error) || !ballast.release()) throw error;
    tight = true;
    db = connect(path, options);
  }
  if (!tight) ballast.make();
  return new StoreDatabase(db, ballast, tight);
}

/** As openDatabase(), but undefined where there is no store yet. */
export function openExistingDatabase(path: string): StoreDatabase | undefined {
  return existsSync(path) ? openDatabase(path) : undefined;
}

/** A database in memory, with the bytes of a file in it or empty, at the newest version. It is gone when it is closed. */
export function openImage(image?: Buffer): StoreDatabase {
  const db = connect(image ?? ":memory:", {});
  return new StoreDatabase(db, new Ballast(db.name), false, copyName);
}

function connect(path: string | Buffer, { steps = migrations, patienceMs: timeout = patienceMs }: DatabaseOptions): Database {
  let db: Database | undefined;
  try {
    db = new Sqlite(path, { timeout });
    checkVersion(db);
    // Sorting must not put plain hashes into a file of its own, and a schema from elsewhere must not run anything.
    db.pragma("temp_store = MEMORY");
    db.pragma("trusted_schema = OFF");
    db.pragma("cell_size_check = ON");
    db.pragma("secure_delete = ON");
    // Before the first write, and after the version was read: a newer store is left as it is.
    migrateInPlace(db, steps, timeout);
    return db;
  } catch (error) {
    db?.close();
    throw fromSqlite(error, typeof path === "string" ? path : copyName);
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof SteadError && error.code === "diskFull";
}

function migrateInPlace(db: Database, steps: readonly Migration[], timeout: number): void {
  const started = Date.now();
  for (;;) {
    try {
      // better-sqlite3's NORMAL may lose acknowledged commits when the power fails.
      db.pragma("synchronous = FULL");
      migrate(db, steps);
      db.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      // Changing the journal mode does not wait for others by itself.
      const busy = error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!busy || Date.now() - started > timeout) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function checkVersion(db: Database): void {
  const version = String(db.prepare("SELECT sqlite_version()").pluck().get());
  const parts = version.split(".").map(Number);
  const difference = oldestSqlite.map((want, place) => (parts[place] ?? 0) - want).find((step) => step !== 0) ?? 0;
  if (difference >= 0) return;
  throw new SteadError("storeUnreadable", `SQLite ${oldestSqlite.join(".")} or later was expected, ${version} came.`, {
    hint: "Run npm ci again: better-sqlite3 brings its own SQLite.",
  });
}
