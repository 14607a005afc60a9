import Database from "better-sqlite3";

/** Takes the store's write lock; the answer releases it. */
export function holdStore(path: string): () => void {
  const db = new Database(path);
  db.exec("BEGIN IMMEDIATE");
  return () => {
    db.exec("ROLLBACK");
    db.close();
  };
}
