import type { StoreDatabase } from "./database.ts";

/** The tables that say how far an instance is with something, whatever tables there are. */
export function instanceMarks(db: StoreDatabase): string[] {
  const sql = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'instance'";
  return db.all<{ name: string }>(sql).map(({ name }) => name);
}
