import { SteadError } from "../../shared/errors.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, registryOwner } from "./dataKeys.ts";
import { readSealed, type SealedRow, type SealedTable, sealedTables } from "./sealedTables.ts";
import { fromSqlite } from "./sqliteErrors.ts";

const rowsAtOnce = 500;
const bytesAtOnce = 4 * 1024 * 1024;

/** What the plain columns of a table's rows must be by what is sealed in them. */
export interface Columns {
  /** Whether they are; `key` is the row's, `plain` what was sealed. */
  agree(key: SealedRow["key"], plain: Buffer): boolean;
}

export interface Damage {
  /** What it is a part of. */
  what: string;
  /** More of it, where that is known: of an item, whether it is a cookie. */
  kind: string;
  /** The id of a project; null for what is no project's. */
  project: string | null;
  revision: number | null;
  /** A row of a table with sealed values; with what is in it, if only its other columns are wrong. */
  row?: { table: SealedTable; key: SealedRow["key"]; plain?: Buffer };
  /** A row of `data_key`. */
  dataKey?: { owner: string; version: number };
}

/** What those who are given the word of a table read. */
const words: Readonly<Record<string, string>> = { change: "history", meta: "active project", ttl: "time to live" };

/**
 * Opens everything there is, of whatever tables; what does not open or is not what its columns say is damaged. In a transaction of
 * the caller's. `items` counts the rows of items.
 */
export function findDamage(db: StoreDatabase, keys: DataKeys, columns: Readonly<Record<string, Columns>>): { items: number; damaged: Damage[] } {
  const damaged: Damage[] = keys.listDamaged().map((dataKey) => ({ what: "data key", kind: "data key", project: projectOf(dataKey.owner), revision: null, dataKey }));
  let items = 0;
  for (const table of sealedTables) {
    try {
      for (const row of allRows(db, table)) {
        if (table.table === "item") items++;
        const plain = keys.unseal(row.place, row.value);
        if (plain && columns[table.table]?.agree(row.key, plain) !== false) continue;
        damaged.push(damageOf(db, table, row, plain));
      }
    } catch (error) {
      if (!isDamage(db, error)) throw error;
      damaged.push(ofStructure);
    }
  }
  return { items, damaged: [...damaged, ...findStructure(db), ...findFutureRevisions(db)] };
}

const ofStructure: Damage = { what: "database structure", kind: "database structure", project: null, revision: null };

function* allRows(db: StoreDatabase, table: SealedTable): Generator<SealedRow> {
  // Rows of a removed project remain until they are erased, and do not open.
  const where = `(${table.owner} = '${registryOwner}' OR EXISTS (SELECT 1 FROM project AS p WHERE p.id = ${table.owner}))`;
  for (let after: SealedRow["key"] = []; ; ) {
    const rows = readSealed(db, table, { after, where, rows: rowsAtOnce, bytes: bytesAtOnce });
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.key;
  }
}

function damageOf(db: StoreDatabase, table: SealedTable, row: SealedRow, plain: Buffer | undefined): Damage {
  const { owner, revision } = row.place;
  const what = words[table.table] ?? table.table;
  const isCookie = table.table === "item" && db.get("SELECT 1 FROM item WHERE rowid = ? AND origin_hash IS NULL", row.key[0] ?? 0) !== undefined;
  const kind = table.table !== "item" ? what : isCookie ? "cookie" : "page storage";
  return { what, kind, project: projectOf(owner), revision: revision === 0 ? null : revision, row: { table, key: row.key, ...(plain && { plain }) } };
}

function findStructure(db: StoreDatabase): Damage[] {
  try {
    return db.findDamage().map(() => ofStructure);
  } catch (error) {
    if (!isDamage(db, error)) throw error;
    return [ofStructure];
  }
}

/** Revisions that rows have and that were never given out. */
function findFutureRevisions(db: StoreDatabase): Damage[] {
  const rows = revisionColumns(db).flatMap(({ table, column, owner }) =>
    db.all<{ owner: string | null; revision: number }>(`SELECT DISTINCT ${owner} AS owner, ${column} AS revision FROM ${table} WHERE ${column} > (SELECT revision FROM meta)`),
  );
  const distinct = new Map(rows.map((row) => [row.revision, row]));
  return [...distinct.values()].map(({ owner, revision }) => ({ what: "revision", kind: "revision", project: owner, revision }));
}

/** Every column with a revision in it, of whatever tables, with the SQL of the project it is of. */
export function revisionColumns(db: StoreDatabase): { table: string; column: string; owner: string }[] {
  return db.all<{ table: string; column: string; owner: string }>(
    `SELECT m.name AS "table", c.name AS "column",
       CASE WHEN m.name = 'project' THEN 'id' WHEN EXISTS (SELECT 1 FROM pragma_table_info(m.name) o WHERE o.name = 'project_id') THEN 'project_id' ELSE 'NULL' END AS owner
     FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'meta' AND c.name IN ('revision', 'until')`,
  );
}

function projectOf(owner: string): string | null {
  return owner === registryOwner ? null : owner;
}

function isDamage(db: StoreDatabase, error: unknown): boolean {
  const known = fromSqlite(error, db.path);
  return known instanceof SteadError && known.code === "storeDamaged";
}
