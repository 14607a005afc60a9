import type { StoreDatabase } from "./database.ts";
import type { Place, SealedValue } from "./dataKeys.ts";

/** Where sealed values lie, in SQL over a table named `t`. */
export interface SealedTable {
  table: string;
  /** What finds a row, and orders them. */
  key: readonly string[];
  /** The place that a value is sealed in. */
  kind: string;
  owner: string;
  id: string;
  revision: string;
  /** The columns of the value and of its key's version. */
  sealed: string;
  version: string;
}

export interface SealedRow {
  place: Place;
  value: SealedValue;
  /** Of `SealedTable.key`. */
  key: (string | number)[];
}

const usual = { sealed: "sealed", version: "key_version" };
const registry = "'registry'";
const entry = { kind: "item", owner: "t.project_id", id: "lower(hex(t.key_hash))", revision: "t.revision", key: ["rowid"], ...usual };

/** Every table with sealed values. `item` stands before `history`: what is in the one may come to lie in the other. */
export const sealedTables: readonly SealedTable[] = [
  { table: "project", key: ["place"], kind: "project", owner: "t.id", id: "t.id", revision: "t.revision", ...usual },
  { table: "item", ...entry },
  { table: "history", ...entry },
  { table: "change", key: ["project_id", "revision"], kind: "change", owner: "t.project_id", id: "''", revision: "t.revision", ...usual },
  { table: "gap", key: ["rowid"], kind: "gap", owner: "t.project_id", id: "lower(hex(t.origin_hash))", revision: "0", ...usual },
  { table: "lease", key: ["project_id"], kind: "lease", owner: "t.project_id", id: "''", revision: "t.fence", ...usual },
  { table: "ttl", key: ["project_id"], kind: "time to live", owner: "t.project_id", id: "''", revision: "t.revision", ...usual },
  { table: "rule", key: ["place"], kind: "rule", owner: "t.project_id", id: "t.id", revision: "t.revision", ...usual },
  { table: "settings", key: ["one"], kind: "settings", owner: registry, id: "''", revision: "t.revision", ...usual },
  { table: "instance", key: ["id"], kind: "instance", owner: registry, id: "t.id", revision: "0", ...usual },
  { table: "audit", key: ["place"], kind: "audit", owner: "t.owner", id: "''", revision: "t.place", ...usual },
  { table: "meta", key: ["one"], kind: "active project", owner: registry, id: "''", revision: "0", sealed: "active", version: "active_key" },
];

/**
 * Rows in the order of their keys, above `after`, that fulfil the condition `where`; at most so many, and no more of them than
 * have so many bytes together, but one.
 */
export function readSealed(
  db: StoreDatabase,
  { table, key, kind, owner, id, revision, sealed, version }: SealedTable,
  { after, where, rows, bytes }: { after: readonly (string | number)[]; where: string; rows: number; bytes: number },
): SealedRow[] {
  const keys = key.map((column) => `t.${column}`).join();
  const above = after.length === 0 ? "" : `AND (${keys}) > (${after.map(() => "?").join()})`;
  const found = db.all<Record<string, string | number>>(
    `SELECT ${key.map((column, place) => `t.${column} AS key${place}`).join()}, length(t.${sealed}) AS size FROM ${table} AS t
     WHERE t.${sealed} IS NOT NULL AND ${where} ${above} ORDER BY ${keys} LIMIT ${rows}`,
    ...after,
  );
  const chosen: SealedRow[] = [];
  let size = 0;
  for (const row of found) {
    size += Number(row["size"]);
    if (size > bytes && chosen.length > 0) break;
    const values = key.map((_, place) => row[`key${place}`] ?? "");
    const one = db.get<{ owner: string; id: string; revision: number; keyVersion: number; sealed: Buffer }>(
      `SELECT ${owner} AS owner, ${id} AS id, ${revision} AS revision, t.${version} AS keyVersion, t.${sealed} AS sealed FROM ${table} AS t WHERE ${finds(key)}`,
      ...values,
    );
    if (one) chosen.push({ place: { kind, owner: one.owner, id: one.id, revision: one.revision }, value: { keyVersion: one.keyVersion, sealed: one.sealed }, key: values });
  }
  return chosen;
}

export function replaceSealed(db: StoreDatabase, { table, key, sealed, version }: SealedTable, row: Pick<SealedRow, "key">, value: SealedValue): void {
  db.run(`UPDATE ${table} AS t SET ${version} = ?, ${sealed} = ? WHERE ${finds(key)}`, value.keyVersion, value.sealed, ...row.key);
}

/** Finds a row, in SQL over a table named `t`. */
export function finds(key: readonly string[]): string {
  return key.map((column) => `t.${column} = ?`).join(" AND ");
}
