import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { readSealed, replaceSealed, sealedTables } from "./sealedTables.ts";

/** What one transaction seals at most, so that other writers need not wait long. */
const rowsAtOnce = 200;
const bytesAtOnce = 4 * 1024 * 1024;

export interface Resealed {
  resealed: number;
  /** What did not open, and stays as it is with its key. */
  damaged: number;
}

/**
 * Seals what retired keys have sealed with those that followed, table by table. Whatever was done is done: a new object
 * begins at the first row that is left.
 */
export class Resealing {
  readonly #db: StoreDatabase;
  readonly #from: DataKeys;
  readonly #to: DataKeys;
  #table = 0;
  #after: readonly (string | number)[] = [];

  /** `from` opens what was sealed before, `to` seals: one and the same, unless the store's id changes. */
  constructor(db: StoreDatabase, from: DataKeys, to: DataKeys) {
    this.#db = db;
    this.#from = from;
    this.#to = to;
  }

  get done(): boolean {
    return this.#table >= sealedTables.length;
  }

  /** Some rows more, in a transaction of the caller's. */
  step(): Resealed {
    const result = { resealed: 0, damaged: 0 };
    const table = sealedTables[this.#table];
    if (!table) return result;
    const where = `EXISTS (SELECT 1 FROM data_key WHERE owner = ${table.owner} AND version = t.${table.version} AND retired = 1)`;
    const rows = readSealed(this.#db, table, { after: this.#after, where, rows: rowsAtOnce, bytes: bytesAtOnce });
    for (const row of rows) {
      const plain = this.#from.unseal(row.place, row.value);
      if (plain) replaceSealed(this.#db, table, row, this.#to.seal(row.place, plain));
      plain?.fill(0);
      result[plain ? "resealed" : "damaged"]++;
    }
    const last = rows.at(-1);
    this.#after = last?.key ?? [];
    if (!last) this.#table++;
    return result;
  }
}

/** Destroys the retired keys that nothing needs any more, in a transaction of the caller's. How many remain. */
export function dropRetiredKeys(db: StoreDatabase): number {
  const used = sealedTables.map(
    ({ table, owner, version }) => `EXISTS (SELECT 1 FROM ${table} AS t WHERE ${owner} = data_key.owner AND t.${version} = data_key.version)`,
  );
  db.run(`DELETE FROM data_key WHERE retired = 1 AND NOT (${used.join(" OR ")})`);
  return db.get<{ n: number }>("SELECT count(*) AS n FROM data_key WHERE retired = 1")?.n ?? 0;
}
