import type { StoreDatabase } from "./database.ts";

/**
 * Puts every row of every table of one of a connection's databases in the place of those of another, whatever tables there
 * are. Both must be of the same version; in a transaction of the caller's.
 */
export function copyTables(db: StoreDatabase, { from, to }: { from: string; to: string }): void {
  // SQLite's own account of the ids it gave out comes last: each row that is inserted changes it.
  const tables = db.all<{ name: string }>(
    `SELECT name FROM ${from}.sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = 'sqlite_sequence')
     ORDER BY name = 'sqlite_sequence'`,
  );
  for (const { name } of tables) {
    const columns = db.all<{ name: string }>(`SELECT name FROM pragma_table_info('${name}', '${from}')`).map((column) => column.name);
    db.run(`DELETE FROM ${to}.${name}`);
    db.run(`INSERT INTO ${to}.${name} (${columns.join()}) SELECT ${columns.join()} FROM ${from}.${name}`);
  }
}
